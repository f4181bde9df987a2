/**
 * An account out of `latchkey.json`: what AWS would hold after the calls of its API, in one file.
 * @module
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { AuthorizerFunction } from "../authorizer/index.js";
import { Account, type AuthorizerRegistration } from "./account.js";
import { findRuleBreaches } from "./authorizer-rules.js";
import { type ConfigObject, type ConfigProblem, ConfigReader, memberPath } from "./config-reader.js";
import { APPLICATION_PROTOCOLS, AUTHENTICATION_TYPES, type DomainConfiguration } from "./domain-configuration.js";

export interface LoadAccountOptions {
	/** Folder that relative paths in the document start from. */
	readonly directory: string;
	/** Opens the module at an absolute path. */
	readonly openFunction: (file: string) => AuthorizerFunction;
	/** Text of the file at an absolute path; throws where there is none. Reads the disk unless given. */
	readonly readFile?: (file: string) => string;
}

/** A document that describes no account; every problem of it is listed. */
export class AccountConfigError extends Error {
	override readonly name = "AccountConfigError";
	readonly code = "account-config-invalid";
	readonly problems: readonly ConfigProblem[];

	constructor(problems: readonly ConfigProblem[]) {
		const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
		super(
			`${count} in the account's configuration:${problems.map(({ path, message }) => `\n  ${path}: ${message}`).join("")}`,
		);
		this.problems = problems;
	}
}

const ACCOUNT = ["accountId", "region", "functions", "authorizers", "defaultAuthorizer", "domainConfigurations"];
const AUTHORIZER = ["function", "tokenKeyName", "tokenSigningPublicKeys", "signingDisabled", "status"];
const DOMAIN = [
	"serverName",
	"defaultAuthorizer",
	"allowAuthorizerOverride",
	"authenticationType",
	"applicationProtocol",
];

const ACCOUNT_ID = /^\d{12}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;
const FUNCTION_NAME = /^[\w-]{1,64}$/;
const DOMAIN_NAME = /^[\w.-]{1,128}$/;
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;

/**
 * Reads an account: `accountId`, `region`, `functions` (name to `{module}`), `authorizers` (name to `{function,
 * tokenKeyName, tokenSigningPublicKeys, signingDisabled, status}`, a key being PEM text or `{file}`), `defaultAuthorizer`,
 * `domainConfigurations`. An authorizer is ACTIVE unless the document says otherwise; CreateAuthorizer's default is INACTIVE.
 * @throws {AccountConfigError} before any function is opened.
 */
export function loadAccount(config: unknown, options: LoadAccountOptions): Account {
	const reader = new ConfigReader();
	const root = reader.object(config, "$", ACCOUNT);
	const accountId = reader.pattern(root, "accountId", ACCOUNT_ID, "12 digits");
	const region = reader.pattern(root, "region", REGION, 'a region such as "eu-west-1"');
	const account = new Account({
		...(accountId === undefined ? {} : { accountId }),
		...(region === undefined ? {} : { region }),
	});
	const modules = readFunctions(reader, root);
	const authorizers = readAuthorizers(reader, root, account, modules, options);
	const domains = readDomainConfigurations(reader, root, authorizers);
	const defaultAuthorizer = readAuthorizerName(reader, root, authorizers);
	if (reader.problems.length > 0) throw new AccountConfigError(reader.problems);

	for (const [name, module] of modules)
		account.putFunction(name, options.openFunction(resolve(options.directory, module)));
	for (const authorizer of authorizers.values()) account.putAuthorizer(authorizer);
	for (const domain of domains) account.putDomainConfiguration(domain);
	if (defaultAuthorizer !== undefined) account.setDefaultAuthorizer(defaultAuthorizer);
	return account;
}

/** Module paths by function name. */
function readFunctions(reader: ConfigReader, root: ConfigObject): ReadonlyMap<string, string> {
	const modules = new Map<string, string>();
	for (const { name, value, path } of reader.entries(root, "functions")) {
		if (!FUNCTION_NAME.test(name)) reader.report(path, "the name of a function is 1 to 64 letters, digits, - and _");
		modules.set(name, reader.required(reader.object(value, path, ["module"]), "module"));
	}
	return modules;
}

type Registrations = ReadonlyMap<string, AuthorizerRegistration>;

function readAuthorizers(
	reader: ConfigReader,
	root: ConfigObject,
	account: Account,
	modules: ReadonlyMap<string, string>,
	options: LoadAccountOptions,
): Registrations {
	const authorizers = new Map<string, AuthorizerRegistration>();
	for (const { name, value, path } of reader.entries(root, "authorizers")) {
		const before = reader.problems.length;
		const object = reader.object(value, path, AUTHORIZER);
		const functionName = reader.required(object, "function");
		if (functionName !== "" && !modules.has(functionName)) {
			reader.report(memberPath(path, "function"), `there is no function of that name under $.functions`);
		}
		const tokenKeyName = reader.string(object, "tokenKeyName");
		const status = reader.word(object, "status", ["ACTIVE", "INACTIVE"]);
		const registration: AuthorizerRegistration = {
			name,
			functionArn: account.functionArn(functionName),
			...(tokenKeyName === undefined ? {} : { tokenKeyName }),
			tokenSigningPublicKeys: readKeys(reader, object, options),
			signingDisabled: reader.boolean(object, "signingDisabled") ?? false,
			...(status === undefined ? {} : { status }),
		};
		authorizers.set(name, registration);
		if (reader.problems.length === before) reportBreaches(reader, path, registration);
	}
	return authorizers;
}

function readKeys(reader: ConfigReader, authorizer: ConfigObject, options: LoadAccountOptions): Record<string, string> {
	const { directory, readFile = (file: string) => readFileSync(file, "utf8") } = options;
	const keys = reader.entries(authorizer, "tokenSigningPublicKeys").map(({ name, value, path }) => {
		if (typeof value === "string") return [name, value];
		const file = reader.required(reader.object(value, path, ["file"]), "file");
		if (file === "") return [name, ""];
		try {
			return [name, readFile(resolve(directory, file))];
		} catch (error) {
			reader.report(
				memberPath(path, "file"),
				`cannot be read: ${error instanceof Error ? error.message : String(error)}`,
			);
			return [name, ""];
		}
	});
	return Object.fromEntries(keys) as Record<string, string>;
}

/** Where a member of AWS's API stands in the document. */
const MEMBERS: Readonly<Record<string, string>> = { authorizerFunctionArn: "function" };

function reportBreaches(reader: ConfigReader, path: string, registration: AuthorizerRegistration): void {
	for (const { member, message } of findRuleBreaches(registration)) {
		const inside = member[0] === "authorizerName" ? [] : member.map((name) => MEMBERS[name] ?? name);
		reader.report(inside.reduce(memberPath, path), message);
	}
}

function readDomainConfigurations(
	reader: ConfigReader,
	root: ConfigObject,
	authorizers: Registrations,
): readonly DomainConfiguration[] {
	const serverNames = new Set<string>();
	return reader.entries(root, "domainConfigurations").map(({ name, value, path }) => {
		const object = reader.object(value, path, DOMAIN);
		if (!DOMAIN_NAME.test(name))
			reader.report(path, "the name of a domain configuration is 1 to 128 of A-Z a-z 0-9 _ . -");
		const serverName = reader.required(object, "serverName");
		if (serverName !== "" && !HOST_NAME.test(serverName)) {
			reader.report(memberPath(path, "serverName"), "expected a host name of 1 to 253 characters");
		}
		if (serverNames.has(serverName.toLowerCase())) {
			reader.report(memberPath(path, "serverName"), "another domain configuration has the same server name");
		}
		serverNames.add(serverName.toLowerCase());
		const defaultAuthorizer = readAuthorizerName(reader, object, authorizers);
		return {
			name,
			serverName,
			...(defaultAuthorizer === undefined ? {} : { defaultAuthorizer }),
			allowAuthorizerOverride: reader.boolean(object, "allowAuthorizerOverride") ?? true,
			authenticationType: reader.word(object, "authenticationType", AUTHENTICATION_TYPES) ?? "DEFAULT",
			applicationProtocol: reader.word(object, "applicationProtocol", APPLICATION_PROTOCOLS) ?? "DEFAULT",
		};
	});
}

function readAuthorizerName(
	reader: ConfigReader,
	parent: ConfigObject,
	authorizers: Registrations,
): string | undefined {
	const name = reader.string(parent, "defaultAuthorizer");
	if (name !== undefined && !authorizers.has(name)) {
		reader.report(
			memberPath(parent.path, "defaultAuthorizer"),
			"there is no authorizer of that name under $.authorizers",
		);
	}
	return name;
}
