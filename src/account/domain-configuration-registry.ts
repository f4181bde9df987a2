/**
 * The domain configurations of an account, by the rules of AWS's operations on them.
 *
 * Latchkey issues its gateway's certificates itself, so certificate ARNs are kept and shown, and nothing is read by them.
 * @module
 */
import { type AccountScope, domainConfigurationArn } from "./account-scope.js";
import { constrain } from "./constraints.js";
import type {
	ApplicationProtocol,
	AuthenticationType,
	AuthorizerConfig,
	DomainConfiguration,
	DomainConfigurationDetails,
	DomainConfigurationRecord,
	DomainConfigurationStatus,
} from "./domain-configuration.js";
import {
	authorizerMembers,
	configuredDomain,
	HOST_NAME,
	managedName,
	protocolProblem,
} from "./domain-configuration-record.js";
import type { Ledger, Table } from "./ledger.js";
import { ServiceError } from "./service-error.js";
import type { Tag, TagRegistry } from "./tag-registry.js";

/** AWS IoT API, "CreateDomainConfiguration". */
export interface DomainConfigurationCreation extends DomainConfigurationDetails {
	readonly domainConfigurationName: string;
	/** Host name; without it one is made. */
	readonly domainName?: string | undefined;
	readonly serverCertificateArns?: readonly string[] | undefined;
	readonly validationCertificateArn?: string | undefined;
	readonly authorizerConfig?: AuthorizerConfig | undefined;
	/** Only DATA, as on AWS. */
	readonly serviceType?: string | undefined;
	readonly tags?: readonly Tag[] | undefined;
	readonly authenticationType?: AuthenticationType | undefined;
	readonly applicationProtocol?: ApplicationProtocol | undefined;
}

/** AWS IoT API, "UpdateDomainConfiguration". */
export interface DomainConfigurationUpdate extends DomainConfigurationDetails {
	readonly authorizerConfig?: AuthorizerConfig | undefined;
	readonly domainConfigurationStatus?: DomainConfigurationStatus | undefined;
	readonly removeAuthorizerConfig?: boolean | undefined;
	readonly authenticationType?: AuthenticationType | undefined;
	readonly applicationProtocol?: ApplicationProtocol | undefined;
}

/** AWS General Reference, "AWS IoT Core endpoints and quotas": domain configurations of an account in a region. */
const MOST_CONFIGURATIONS = 10;

/** The domain configurations as they are looked up. */
interface Order {
	/** Of the table that it was made from. */
	readonly revision: number;
	readonly byName: readonly DomainConfigurationRecord[];
	/** By the server name in lower case. */
	readonly byServerName: ReadonlyMap<string, DomainConfigurationRecord>;
}

export class DomainConfigurationRegistry {
	private readonly scope: AccountScope;
	private readonly ledger: Ledger;
	private readonly tags: TagRegistry;
	private readonly hasAuthorizer: (name: string) => boolean;
	private readonly records: Table<DomainConfigurationRecord>;
	private order: Order = { revision: -1, byName: [], byServerName: new Map() };

	constructor(scope: AccountScope, ledger: Ledger, tags: TagRegistry, hasAuthorizer: (name: string) => boolean) {
		this.scope = scope;
		this.ledger = ledger;
		this.tags = tags;
		this.hasAuthorizer = hasAuthorizer;
		this.records = ledger.table("domain-configurations");
	}

	/**
	 * Creates an ENABLED domain configuration.
	 * @throws {ServiceError} InvalidRequestException; ResourceAlreadyExistsException for its name or host name;
	 * CertificateValidationException for more than one certificate; LimitExceededException beyond ten, or 50 tags.
	 */
	create(creation: DomainConfigurationCreation): DomainConfigurationRecord {
		const { domainConfigurationName: name, domainName, tags = [], authorizerConfig } = creation;
		constrain("domainConfigurationName", name);
		const arn = domainConfigurationArn(this.scope, name);
		const serverName = domainName ?? managedName(this.scope, name);
		checkCreation(creation);
		this.checkAuthorizer(authorizerConfig);
		this.checkFree(name, arn, serverName);
		if (this.records.keys().length >= MOST_CONFIGURATIONS) {
			const message = `An account can have at most ${MOST_CONFIGURATIONS} domain configurations in a region`;
			throw new ServiceError("LimitExceededException", message);
		}
		const record: DomainConfigurationRecord = {
			name,
			arn,
			serverName,
			...authorizerMembers(authorizerConfig),
			authenticationType: creation.authenticationType ?? "DEFAULT",
			applicationProtocol: creation.applicationProtocol ?? "DEFAULT",
			status: "ENABLED",
			serviceType: "DATA",
			domainType: domainName === undefined ? "AWS_MANAGED" : "CUSTOMER_MANAGED",
			serverCertificateArns: creation.serverCertificateArns ?? [],
			validationCertificateArn: creation.validationCertificateArn,
			tlsConfig: creation.tlsConfig,
			serverCertificateConfig: creation.serverCertificateConfig,
			clientCertificateConfig: creation.clientCertificateConfig,
			lastStatusChangeDate: this.ledger.instant(),
		};
		checkProtocol(record);
		this.ledger.commit(this.records.put(name, record), ...this.tags.changesFor(arn, tags));
		return this.describe(name);
	}

	/**
	 * Changes what is given. `authorizerConfig` is replaced as a whole.
	 * @throws {ServiceError} ResourceNotFoundException, InvalidRequestException.
	 */
	update(name: string, update: DomainConfigurationUpdate): DomainConfigurationRecord {
		const former = this.describe(name);
		const { authorizerConfig, removeAuthorizerConfig = false } = update;
		if (removeAuthorizerConfig && authorizerConfig !== undefined) {
			throw invalid("authorizerConfig cannot be given together with removeAuthorizerConfig");
		}
		this.checkAuthorizer(authorizerConfig);
		const status = update.domainConfigurationStatus ?? former.status;
		const { authorizerConfig: _, defaultAuthorizer: __, ...others } = former;
		const record: DomainConfigurationRecord = {
			...others,
			...authorizerMembers(removeAuthorizerConfig ? undefined : (authorizerConfig ?? former.authorizerConfig)),
			authenticationType: update.authenticationType ?? former.authenticationType,
			applicationProtocol: update.applicationProtocol ?? former.applicationProtocol,
			tlsConfig: update.tlsConfig ?? former.tlsConfig,
			serverCertificateConfig: update.serverCertificateConfig ?? former.serverCertificateConfig,
			clientCertificateConfig: update.clientCertificateConfig ?? former.clientCertificateConfig,
			status,
			lastStatusChangeDate: status === former.status ? former.lastStatusChangeDate : this.ledger.instant(),
		};
		checkProtocol(record);
		this.ledger.commit(this.records.put(name, record));
		return this.describe(name);
	}

	get(name: string): DomainConfigurationRecord | undefined {
		return this.records.get(name);
	}

	/** @throws {ServiceError} ResourceNotFoundException. */
	describe(name: string): DomainConfigurationRecord {
		const record = this.records.get(name);
		if (record !== undefined) return record;
		throw new ServiceError("ResourceNotFoundException", `Domain configuration ${name} not found`);
	}

	/** By name, in alphabetical order, as AWS lists them. */
	list(): readonly DomainConfigurationRecord[] {
		return this.ordered().byName;
	}

	/** A domain configuration whose default authorizer has this name. */
	namingDefault(authorizer: string): DomainConfigurationRecord | undefined {
		return this.list().find(({ defaultAuthorizer }) => defaultAuthorizer === authorizer);
	}

	/**
	 * Deletes a DISABLED domain configuration and its tags. AWS asks for AWS-managed ones to have been DISABLED for seven
	 * days; Latchkey does not make a developer wait.
	 * @throws {ServiceError} ResourceNotFoundException; InvalidRequestException while it is ENABLED.
	 */
	delete(name: string): void {
		const { status, arn } = this.describe(name);
		if (status === "ENABLED") {
			throw invalid(
				`Cannot delete domain configuration ${name} in ENABLED status. Update status to DISABLED and delete.`,
			);
		}
		this.ledger.commit(this.records.drop(name), ...this.tags.removalOf(arn));
	}

	/** The domain configuration that a TLS server name selects. */
	byServerName(serverName: string): DomainConfigurationRecord | undefined {
		return this.ordered().byServerName.get(serverName.toLowerCase());
	}

	/** Stores a domain configuration in place of the one of this name and the one for the same server name. */
	put(configuration: DomainConfiguration): void {
		const record = configuredDomain(this.scope, configuration, this.ledger.instant());
		const namesake = this.byServerName(record.serverName);
		const displaced = namesake === undefined || namesake.name === record.name ? [] : [this.records.drop(namesake.name)];
		this.ledger.commit(...displaced, this.records.put(record.name, record));
	}

	/** Every TLS handshake asks; changes are rare. */
	private ordered(): Order {
		const { revision } = this.records;
		if (this.order.revision === revision) return this.order;
		const byName = this.records.values().toSorted((one, other) => (one.name < other.name ? -1 : 1));
		const byServerName = new Map(byName.map((record) => [record.serverName.toLowerCase(), record]));
		this.order = { revision, byName, byServerName };
		return this.order;
	}

	private checkAuthorizer(config: AuthorizerConfig | undefined): void {
		const name = config?.defaultAuthorizerName;
		if (name === undefined) return;
		constrain("authorizerName", name);
		if (!this.hasAuthorizer(name)) throw invalid(`Authorizer ${name} not found`);
	}

	private checkFree(name: string, arn: string, serverName: string): void {
		if (this.records.has(name)) {
			const message = `Domain configuration ${name} already exists for this account`;
			throw new ServiceError("ResourceAlreadyExistsException", message, { resourceId: name, resourceArn: arn });
		}
		const other = this.byServerName(serverName);
		if (other === undefined) return;
		const message = `Domain name ${serverName} is already in use by domain configuration ${other.name}`;
		const members = { resourceId: other.name, resourceArn: other.arn };
		throw new ServiceError("ResourceAlreadyExistsException", message, members);
	}
}

function checkCreation({ serviceType, serverCertificateArns = [], domainName }: DomainConfigurationCreation): void {
	if (serviceType !== undefined && serviceType !== "DATA") {
		throw invalid(`Service type ${serviceType} is not supported: AWS IoT Core supports the DATA service type only`);
	}
	if (serverCertificateArns.length > 1) {
		throw new ServiceError("CertificateValidationException", "Only one server certificate ARN can be specified");
	}
	if (domainName !== undefined && !HOST_NAME.test(domainName)) {
		throw invalid("Domain name is not valid: expected a host name of 1 to 253 characters");
	}
}

function checkProtocol(record: DomainConfigurationRecord): void {
	const problem = protocolProblem(record);
	if (problem !== undefined) throw invalid(problem);
}

function invalid(message: string): ServiceError {
	return new ServiceError("InvalidRequestException", message);
}
