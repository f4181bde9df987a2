/**
 * The authorizers of an account and its default one, by the rules of AWS's operations on them.
 * @module
 */
import type { Authorizer } from "../authorizer/index.js";
import { type AccountScope, iotResourceArn } from "./account-scope.js";
import { findRuleBreaches, MOST_KEYS } from "./authorizer-rules.js";
import type { Change, Ledger, Table } from "./ledger.js";
import { ServiceError } from "./service-error.js";
import type { Tag, TagRegistry } from "./tag-registry.js";

/** An authorizer with what only the API needs (AWS IoT API, "AuthorizerDescription"). Dates in ms since the epoch. */
export interface AuthorizerRecord extends Authorizer {
	readonly enableCachingForHttp: boolean;
	readonly creationDate: number;
	readonly lastModifiedDate: number;
}

export type AuthorizerStatus = Authorizer["status"];

/** AWS IoT API, "CreateAuthorizer". */
export interface AuthorizerCreation {
	readonly authorizerName: string;
	readonly authorizerFunctionArn: string;
	readonly tokenKeyName?: string | undefined;
	readonly tokenSigningPublicKeys?: Readonly<Record<string, string>> | undefined;
	/** INACTIVE unless said otherwise. */
	readonly status?: AuthorizerStatus | undefined;
	readonly tags?: readonly Tag[] | undefined;
	readonly signingDisabled?: boolean | undefined;
	readonly enableCachingForHttp?: boolean | undefined;
}

/** AWS IoT API, "UpdateAuthorizer". */
export type AuthorizerUpdate = Pick<
	AuthorizerCreation,
	"tokenKeyName" | "tokenSigningPublicKeys" | "status" | "enableCachingForHttp"
> & { readonly authorizerFunctionArn?: string | undefined };

export interface ListOrder {
	/** Oldest first; newest first unless true. */
	readonly ascending?: boolean | undefined;
}

/** Where the name of the default authorizer is kept, in the table of settings. */
export const DEFAULT_AUTHORIZER = "default-authorizer";

export class AuthorizerRegistry {
	private readonly scope: AccountScope;
	private readonly ledger: Ledger;
	private readonly tags: TagRegistry;
	private readonly domainNaming: (name: string) => string | undefined;
	private readonly records: Table<AuthorizerRecord>;
	private readonly settings: Table<string>;

	/** @param domainNaming name of a domain configuration whose default an authorizer is. */
	constructor(
		scope: AccountScope,
		ledger: Ledger,
		tags: TagRegistry,
		domainNaming: (name: string) => string | undefined,
	) {
		this.scope = scope;
		this.ledger = ledger;
		this.tags = tags;
		this.domainNaming = domainNaming;
		this.records = ledger.table("authorizers");
		this.settings = ledger.table("settings");
	}

	/**
	 * @throws {ServiceError} InvalidRequestException for what AWS does not take; ResourceAlreadyExistsException;
	 * LimitExceededException for more than 50 tags.
	 */
	create(creation: AuthorizerCreation): AuthorizerRecord {
		const { authorizerName: name, tags = [] } = creation;
		const record = newAuthorizer(this.scope, creation, this.ledger.instant());
		checkRules(record);
		if (this.records.has(name)) {
			throw new ServiceError("ResourceAlreadyExistsException", `Authorizer ${name} already exist for this account`, {
				resourceId: name,
				resourceArn: record.arn,
			});
		}
		return this.save(record, this.tags.changesFor(record.arn, tags));
	}

	/**
	 * Changes what is given. Keys merge by their names; an empty map of keys changes nothing but the date, and nothing at
	 * all given changes nothing.
	 * @throws {ServiceError} ResourceNotFoundException, InvalidRequestException.
	 */
	update(name: string, update: AuthorizerUpdate): AuthorizerRecord {
		const former = this.describe(name);
		if (Object.values(update).every((value) => value === undefined)) return former;
		const tokenKeyName = update.tokenKeyName ?? former.tokenKeyName;
		const record: AuthorizerRecord = {
			...former,
			functionArn: update.authorizerFunctionArn ?? former.functionArn,
			...(tokenKeyName === undefined ? {} : { tokenKeyName }),
			tokenSigningPublicKeys: { ...former.tokenSigningPublicKeys, ...update.tokenSigningPublicKeys },
			status: update.status ?? former.status,
			enableCachingForHttp: update.enableCachingForHttp ?? former.enableCachingForHttp,
			lastModifiedDate: this.ledger.instant(),
		};
		const keys = Object.keys(record.tokenSigningPublicKeys).length;
		if (!record.signingDisabled && (keys === 0 || keys > MOST_KEYS)) {
			throw invalid(`Number of signing keys for authorizer ${name} must neither be zero nor greater than ${MOST_KEYS}`);
		}
		checkRules(record);
		return this.save(record);
	}

	get(name: string): AuthorizerRecord | undefined {
		return this.records.get(name);
	}

	/** @throws {ServiceError} ResourceNotFoundException. */
	describe(name: string): AuthorizerRecord {
		const record = this.records.get(name);
		if (record === undefined) throw new ServiceError("ResourceNotFoundException", `Authorizer ${name} not found`);
		return record;
	}

	/** Newest first unless `ascending`; those of one status where one is given. */
	list(options: ListOrder & { readonly status?: AuthorizerStatus | undefined } = {}): readonly AuthorizerRecord[] {
		const { ascending = false, status } = options;
		const listed = this.records.values().filter((record) => status === undefined || record.status === status);
		return byCreation(listed, ascending);
	}

	/**
	 * Deletes an INACTIVE authorizer that is no default, and its tags.
	 * @throws {ServiceError} ResourceNotFoundException; InvalidRequestException while it is ACTIVE; DeleteConflictException
	 * for the default of the account or of a domain configuration.
	 */
	delete(name: string): void {
		const { status, arn } = this.describe(name);
		if (status === "ACTIVE") {
			throw invalid(`Cannot delete authorizer ${name} in ACTIVE status. Update status to INACTIVE and delete.`);
		}
		if (this.defaultName === name) {
			const message = `Cannot delete default authorizer ${name}. Change default and retry delete.`;
			throw new ServiceError("DeleteConflictException", message);
		}
		const domain = this.domainNaming(name);
		if (domain !== undefined) {
			const message = `Cannot delete default authorizer ${name} of domain configuration ${domain}. Change default and retry delete.`;
			throw new ServiceError("DeleteConflictException", message);
		}
		this.ledger.commit(this.records.drop(name), ...this.tags.removalOf(arn));
	}

	/**
	 * Makes an authorizer, also an INACTIVE one, the default in place of any other.
	 * @throws {ServiceError} ResourceNotFoundException; ResourceAlreadyExistsException where it is the default already.
	 */
	setDefault(name: string): AuthorizerRecord {
		const record = this.describe(name);
		if (this.defaultName === name) {
			const message = `Duplicate default authorizer ${name} already configured for this account`;
			throw new ServiceError("ResourceAlreadyExistsException", message, { resourceId: name, resourceArn: record.arn });
		}
		this.ledger.commit(this.settings.put(DEFAULT_AUTHORIZER, name));
		return record;
	}

	/** @throws {ServiceError} ResourceNotFoundException where there is no default. */
	clearDefault(): void {
		if (this.defaultName === undefined) throw noDefault();
		this.ledger.commit(this.settings.drop(DEFAULT_AUTHORIZER));
	}

	/** @throws {ServiceError} ResourceNotFoundException where there is no default. */
	describeDefault(): AuthorizerRecord {
		const name = this.defaultName;
		const record = name === undefined ? undefined : this.records.get(name);
		if (record === undefined) throw noDefault();
		return record;
	}

	/** Name of the default authorizer. */
	get defaultName(): string | undefined {
		return this.settings.get(DEFAULT_AUTHORIZER);
	}

	/** Stores an authorizer in place of one of the same name. @throws {ServiceError} InvalidRequestException. */
	put(authorizer: Omit<Authorizer, "arn">): AuthorizerRecord {
		checkRules(authorizer);
		const now = this.ledger.instant();
		const creationDate = this.records.get(authorizer.name)?.creationDate ?? now;
		const arn = iotResourceArn(this.scope, `authorizer/${authorizer.name}`);
		return this.save({ ...authorizer, arn, enableCachingForHttp: false, creationDate, lastModifiedDate: now });
	}

	/** Makes a name the default, whether or not there is such an authorizer. */
	putDefault(name: string): void {
		this.ledger.commit(this.settings.put(DEFAULT_AUTHORIZER, name));
	}

	private save(record: AuthorizerRecord, more: readonly Change[] = []): AuthorizerRecord {
		this.ledger.commit(this.records.put(record.name, record), ...more);
		return this.describe(record.name);
	}
}

/**
 * The record of an authorizer; its rules are not checked.
 * @param now milliseconds since the epoch.
 */
export function newAuthorizer(scope: AccountScope, creation: AuthorizerCreation, now: number): AuthorizerRecord {
	const { authorizerName: name, tokenKeyName } = creation;
	return {
		name,
		arn: iotResourceArn(scope, `authorizer/${name}`),
		functionArn: creation.authorizerFunctionArn,
		...(tokenKeyName === undefined ? {} : { tokenKeyName }),
		tokenSigningPublicKeys: creation.tokenSigningPublicKeys ?? {},
		signingDisabled: creation.signingDisabled ?? false,
		status: creation.status ?? "INACTIVE",
		enableCachingForHttp: creation.enableCachingForHttp ?? false,
		creationDate: now,
		lastModifiedDate: now,
	};
}

/** Newest first unless `ascending`. */
export function byCreation<R extends { readonly creationDate: number }>(
	records: readonly R[],
	ascending: boolean,
): readonly R[] {
	const oldestFirst = [...records].sort((one, other) => one.creationDate - other.creationDate);
	return ascending ? oldestFirst : oldestFirst.reverse();
}

function checkRules(authorizer: Omit<Authorizer, "arn">): void {
	const [breach] = findRuleBreaches(authorizer);
	if (breach !== undefined) throw invalid(breach.message);
}

function invalid(message: string): ServiceError {
	return new ServiceError("InvalidRequestException", message);
}

function noDefault(): ServiceError {
	return new ServiceError("ResourceNotFoundException", "Default authorizer not found");
}
