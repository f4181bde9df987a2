/**
 * An account out of `latchkey.json`: what AWS would hold after the calls of its API, in one file. Its shape is published
 * as `latchkey.schema.json` beside this module.
 * @module
 */
import { readFileSync } from "node:fs";
import { Account } from "./account.js";
import type { AccountStore } from "./account-store.js";
import { DEFAULT_AUTHORIZER } from "./authorizer-registry.js";
import { readAuthorizers, statementsOf } from "./config-authorizers.js";
import { readDefaultAuthorizer, readDomainConfigurations } from "./config-domains.js";
import { REGION, readFunctions } from "./config-functions.js";
import { readPolicies, readPrincipals } from "./config-policies.js";
import { AccountConfigError } from "./config-problem.js";
import { type ConfigObject, ConfigReader } from "./config-reader.js";
import type { ConfigScope } from "./config-scope.js";
import { Ledger } from "./ledger.js";
import type { OpenFunction } from "./open-functions.js";
import type { DroppedChange } from "./overlay.js";

export interface LoadAccountOptions {
	/** Folder that relative paths in the document start from. */
	readonly directory: string;
	/** What problems call the document; `latchkey.json` unless given. */
	readonly file?: string | undefined;
	/** Opens a function before its first call. */
	readonly openFunction: OpenFunction;
	/** Text of the file at an absolute path; throws where there is none. Reads the disk unless given. */
	readonly readFile?: ((file: string) => string) | undefined;
	/** Where changes of the API are kept, the account's own once it is loaded; without one they end with the account. */
	readonly store?: AccountStore | undefined;
	/** Told of stored changes that no longer fit the document and were dropped. */
	readonly onDropped?: ((dropped: readonly DroppedChange[]) => void) | undefined;
	/** True: authorizers may invoke functions without Lambda permissions. */
	readonly relaxedPermissions?: boolean | undefined;
	/** Milliseconds since the epoch; `Date.now` unless said otherwise. */
	readonly now?: (() => number) | undefined;
	/** When the document was changed last, the creation date of what it says; now unless given. */
	readonly configuredAt?: number | undefined;
}

const MEMBERS = [
	"$schema",
	"accountId",
	"region",
	"functions",
	"authorizers",
	"defaultAuthorizer",
	"domainConfigurations",
	"policies",
	"principals",
];
const ACCOUNT_ID = /^\d{12}$/;

/**
 * Reads an account: `accountId`, `region`, `functions` (name to `{module}` or `{endpoint}`), `authorizers` (name to
 * `{function, tokenKeyName, tokenSigningPublicKeys, ...}`, a key being PEM text or `{file}`), `defaultAuthorizer`,
 * `domainConfigurations`, `policies` (name to a document or `{file}`), `principals` (to lists of policies). An authorizer
 * is ACTIVE unless the document says otherwise; CreateAuthorizer's default is INACTIVE. A function may be invoked by the
 * authorizers that name it unless the document lists its permissions.
 * @param text JSON.
 * @throws {AccountConfigError} with every problem of the document.
 * @throws {AccountStoreError} where the store is another account's.
 */
export function loadAccount(text: string, options: LoadAccountOptions): Account {
	const { now = Date.now, store } = options;
	// The time of a file can have a fraction, a date of AWS's has none.
	const configuredAt = Math.floor(options.configuredAt ?? now());
	const reader = new ConfigReader(text);
	const document = reader.document();
	if (document === undefined) throw new AccountConfigError(reader.problems, options.file);
	const root = reader.object(document, MEMBERS);
	const ledger = new Ledger(now);
	const account = new Account({ ...options, ...readScope(reader, root) }, ledger);
	const { directory, readFile = (file: string) => readFileSync(file, "utf8") } = options;
	configure(ledger, { account, reader, root, directory, readFile, now: configuredAt });
	if (reader.problems.length > 0) throw new AccountConfigError(reader.problems, options.file);
	ledger.startAfter(configuredAt);
	if (store === undefined) return account;
	const dropped = account.keepIn(store);
	if (dropped.length > 0) options.onDropped?.(dropped);
	return account;
}

function readScope(reader: ConfigReader, root: ConfigObject) {
	reader.string(root, "$schema");
	return {
		accountId: reader.pattern(root, "accountId", ACCOUNT_ID, "12 digits"),
		region: reader.pattern(root, "region", REGION, 'a region such as "eu-west-1"'),
	};
}

function configure(ledger: Ledger, scope: ConfigScope): void {
	const functions = readFunctions(scope);
	const authorizers = readAuthorizers(scope);
	for (const [name, configured] of functions) {
		ledger.configure("functions", name, configured.configuration);
		const statements = statementsOf(scope, configured, authorizers.values());
		if (statements.length > 0) ledger.configure("permissions", name, statements);
	}
	for (const [name, authorizer] of authorizers) ledger.configure("authorizers", name, authorizer);
	const defaultAuthorizer = readDefaultAuthorizer(scope, scope.root);
	if (defaultAuthorizer !== undefined) ledger.configure("settings", DEFAULT_AUTHORIZER, defaultAuthorizer);
	for (const domain of readDomainConfigurations(scope)) {
		ledger.configure("domain-configurations", domain.name, domain);
	}
	const policies = readPolicies(scope);
	for (const [name, policy] of policies) ledger.configure("policies", name, policy);
	for (const [target, names] of readPrincipals(scope, policies)) ledger.configure("attachments", target, names);
}
