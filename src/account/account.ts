/**
 * What an AWS account holds for custom authentication, and the rule by which a connection finds its authorizer.
 * @module
 */
import { type Authorizer, type AuthorizerFunction, type Refusal, refusals } from "../authorizer/index.js";
import { printable } from "../policy/index.js";
import { type AccountScope, functionArnOf, partitionOf } from "./account-scope.js";
import type { AccountStore } from "./account-store.js";
import { type AuthorizerRecord, AuthorizerRegistry } from "./authorizer-registry.js";
import { CustomPrincipals } from "./custom-principals.js";
import type { DomainConfiguration, DomainConfigurationRecord } from "./domain-configuration.js";
import { DomainConfigurationRegistry } from "./domain-configuration-registry.js";
import { FunctionRegistry } from "./function-registry.js";
import { Ledger } from "./ledger.js";
import { type OpenFunction, OpenFunctions } from "./open-functions.js";
import { type DroppedChange, layChangesOver } from "./overlay.js";
import { PolicyRegistry } from "./policy-registry.js";
import { TagRegistry } from "./tag-registry.js";

export interface AccountOptions {
	/** 12 digits; 123456789012, the account of AWS's examples, unless said otherwise. */
	readonly accountId?: string | undefined;
	/** `eu-west-1` unless said otherwise. */
	readonly region?: string | undefined;
	/** Opens a function that is registered; without it only embedded ones can be called. */
	readonly openFunction?: OpenFunction | undefined;
	/** True: authorizers may invoke functions without Lambda permissions. */
	readonly relaxedPermissions?: boolean | undefined;
	/** Milliseconds since the epoch; `Date.now` unless said otherwise. */
	readonly now?: (() => number) | undefined;
}

/** An authorizer to be stored; `status` is ACTIVE unless said otherwise, where AWS's own default is INACTIVE. */
export type AuthorizerRegistration = Omit<Authorizer, "arn" | "status"> & Partial<Pick<Authorizer, "status">>;

export interface AuthorizerQuery {
	/** The name that the client gave. */
	readonly name?: string | undefined;
	/** TLS server name. */
	readonly serverName?: string | undefined;
}

export type AuthorizerSelection =
	| {
			readonly authorizer: AuthorizerRecord;
			/** Undefined where nothing is registered under the authorizer's function ARN. */
			readonly function: AuthorizerFunction | undefined;
			/** Whether the function's policy lets AWS IoT invoke it for this authorizer. */
			readonly permitted: boolean;
			/** Milliseconds that a call of the function may take, five seconds at most. */
			readonly timeout: number;
			readonly chosenBy: AuthorizerChoice;
	  }
	| { readonly refusal: Refusal };

type AuthorizerChoice = "name" | "domain-configuration" | "account-default";

export class Account implements AccountScope {
	readonly accountId: string;
	readonly region: string;
	readonly partition: string;
	readonly authorizers: AuthorizerRegistry;
	readonly policies: PolicyRegistry;
	readonly domainConfigurations: DomainConfigurationRegistry;
	readonly functions: FunctionRegistry;
	readonly tags: TagRegistry;
	readonly customPrincipals = new CustomPrincipals();
	private readonly ledger: Ledger;
	private store: AccountStore | undefined;
	private readonly relaxedPermissions: boolean;
	private readonly running: OpenFunctions;

	/** @param ledger empty; for who fills it by a configuration. */
	constructor(options: AccountOptions = {}, ledger = new Ledger(options.now ?? Date.now)) {
		const { accountId = "123456789012", region = "eu-west-1", relaxedPermissions = false } = options;
		this.accountId = accountId;
		this.region = region;
		this.partition = partitionOf(region);
		this.relaxedPermissions = relaxedPermissions;
		this.running = new OpenFunctions(options.openFunction);
		this.ledger = ledger;
		this.tags = new TagRegistry(this.ledger, (arn) => this.hasResource(arn));
		const domainNaming = (name: string) => this.domainConfigurations.namingDefault(name)?.name;
		this.authorizers = new AuthorizerRegistry(this, this.ledger, this.tags, domainNaming);
		this.policies = new PolicyRegistry(this, this.ledger, this.tags);
		const hasAuthorizer = (name: string) => this.authorizers.get(name) !== undefined;
		this.domainConfigurations = new DomainConfigurationRegistry(this, this.ledger, this.tags, hasAuthorizer);
		this.functions = new FunctionRegistry(this, this.ledger, this.tags, this.running);
	}

	/**
	 * Takes over the changes that a store holds, and keeps all further ones there. The account closes it at its own end.
	 * @returns the stored changes that no longer fit and were dropped.
	 * @throws {AccountStoreError} for a store of another account or region.
	 */
	keepIn(store: AccountStore): readonly DroppedChange[] {
		const { accountId, region } = this;
		const dropped = layChangesOver(this.ledger, store, { accountId, region }, (arn) => this.hasResource(arn));
		this.store = store;
		return dropped;
	}

	/**
	 * The authorizer of a connection: the one it names, else the default of its domain configuration, else that of the
	 * account. Where the domain configuration forbids to override its default, naming any other is refused; where it is
	 * DISABLED, everything is.
	 */
	selectAuthorizer({ name, serverName }: AuthorizerQuery): AuthorizerSelection {
		const configuration = serverName === undefined ? undefined : this.getDomainConfiguration(serverName);
		if (configuration?.status === "DISABLED") return { refusal: domainConfigurationDisabled(configuration.name) };
		const fallback = configuration?.defaultAuthorizer;
		if (name !== undefined) {
			if (configuration?.allowAuthorizerOverride === false && name !== fallback) {
				return { refusal: refusals.authorizerOverrideForbidden(name, configuration.name, fallback) };
			}
			return this.select(name, "name", "The client");
		}
		if (fallback !== undefined) {
			return this.select(fallback, "domain-configuration", `The domain configuration "${configuration?.name}"`);
		}
		const { defaultName } = this.authorizers;
		if (defaultName !== undefined) return this.select(defaultName, "account-default", "The account's default");
		return { refusal: refusals.noDefaultAuthorizer(this.authorizerNames()) };
	}

	/** Whether an authorizer may invoke its function. */
	permits({ functionArn, arn }: Pick<Authorizer, "functionArn" | "arn">): boolean {
		return this.relaxedPermissions || this.functions.permits(functionArn, arn);
	}

	/**
	 * Milliseconds that an authorizer's call of a function may take: its own timeout, five seconds at most. Five seconds for a
	 * function that is embedded or not registered.
	 */
	callTimeout(functionArn: string): number {
		return this.functions.callTimeout(functionArn);
	}

	/** Names of the parameters in which authorizers expect tokens; these names are no secrets. */
	tokenKeyNames(): ReadonlySet<string> {
		return new Set(this.listAuthorizers().flatMap(({ tokenKeyName }) => tokenKeyName ?? []));
	}

	/** The domain configuration that a TLS server name selects. */
	getDomainConfiguration(serverName: string): DomainConfigurationRecord | undefined {
		return this.domainConfigurations.byServerName(serverName);
	}

	/** Server names of all domain configurations. */
	domainNames(): readonly string[] {
		return this.domainConfigurations.list().map(({ serverName }) => serverName);
	}

	getAuthorizer(name: string): AuthorizerRecord | undefined {
		return this.authorizers.get(name);
	}

	/** Oldest first. */
	listAuthorizers(): readonly AuthorizerRecord[] {
		return this.authorizers.list({ ascending: true });
	}

	/** ARN of a function by its name. */
	functionArn(name: string): string {
		return functionArnOf(this, name);
	}

	/**
	 * Embeds a function of the program's own: it needs no permission, no list shows it and no store keeps it. The account
	 * closes it at its own end.
	 * @returns the function that was embedded under the name before and is now the caller's.
	 */
	putFunction(name: string, run: AuthorizerFunction): AuthorizerFunction | undefined {
		return this.running.embed(this.functionArn(name), run);
	}

	/**
	 * Stores an authorizer, in place of one of the same name. Its function need not exist.
	 * @throws {ServiceError} InvalidRequestException for what AWS would not create.
	 */
	putAuthorizer(registration: AuthorizerRegistration): AuthorizerRecord {
		return this.authorizers.put({ ...registration, status: registration.status ?? "ACTIVE" });
	}

	/** @param name of an authorizer; it may be INACTIVE, and need not exist yet. */
	setDefaultAuthorizer(name: string): void {
		this.authorizers.putDefault(name);
	}

	/** Stores a domain configuration, in place of the one of this name and the one for the same server name. */
	putDomainConfiguration(configuration: DomainConfiguration): void {
		this.domainConfigurations.put(configuration);
	}

	/** Closes every function, calls under way as well, and the store. */
	async close(): Promise<void> {
		try {
			await this.running.closeAll();
		} finally {
			this.store?.close();
		}
	}

	private select(name: string, chosenBy: AuthorizerChoice, namedBy: string): AuthorizerSelection {
		const authorizer = this.authorizers.get(name);
		if (authorizer === undefined) {
			return { refusal: refusals.authorizerNotFound(name, namedBy, this.authorizerNames()) };
		}
		const run = this.functions.open(authorizer.functionArn);
		const timeout = this.callTimeout(authorizer.functionArn);
		return { authorizer, function: run, permitted: this.permits(authorizer), timeout, chosenBy };
	}

	private authorizerNames(): readonly string[] {
		return this.listAuthorizers().map(({ name }) => name);
	}

	private hasResource(arn: string): boolean {
		const name = /:(?:authorizer|policy|domainconfiguration)\/([^/]+)/.exec(arn)?.[1] ?? "";
		return [
			this.authorizers.get(name)?.arn,
			this.policies.get(name)?.policyArn,
			this.domainConfigurations.get(name)?.arn,
			this.functions.get(arn)?.functionArn,
		].includes(arn);
	}
}

function domainConfigurationDisabled(name: string): Refusal {
	return {
		code: "domain-configuration-disabled",
		step: "authorizer",
		reason: "DOMAIN_CONFIGURATION_DISABLED",
		cause: `The domain configuration "${printable(name)}" is DISABLED.`,
		remedy: "Set its status to ENABLED, or connect by another server name.",
	};
}
