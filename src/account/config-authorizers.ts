/**
 * `authorizers` of `latchkey.json`, and the permissions that follow from them.
 * @module
 */
import { functionArnOf } from "./account-scope.js";
import { type AuthorizerRecord, newAuthorizer } from "./authorizer-registry.js";
import { findRuleBreaches } from "./authorizer-rules.js";
import type { ConfigValue } from "./config-document.js";
import type { ConfiguredFunction } from "./config-functions.js";
import type { ConfigObject } from "./config-reader.js";
import { type ConfigScope, readNamedFile } from "./config-scope.js";
import { FUNCTION_NAME } from "./function-name.js";
import { IOT_SERVICE, type PermissionStatement, statementOf } from "./function-permissions.js";

const MEMBERS = [
	"function",
	"tokenKeyName",
	"tokenSigningPublicKeys",
	"signingDisabled",
	"status",
	"enableCachingForHttp",
];

/** Authorizers by name, ACTIVE unless the document says otherwise. */
export function readAuthorizers(scope: ConfigScope): ReadonlyMap<string, AuthorizerRecord> {
	const { reader, root } = scope;
	const authorizers = new Map<string, AuthorizerRecord>();
	for (const { name, value } of reader.entries(root, "authorizers")) {
		const before = reader.misshapes;
		const object = reader.object(value, MEMBERS);
		const functionName = readFunctionName(scope, object);
		const creation = {
			authorizerName: name,
			authorizerFunctionArn: functionArnOf(scope.account, functionName),
			tokenKeyName: reader.string(object, "tokenKeyName"),
			tokenSigningPublicKeys: readKeys(scope, object),
			signingDisabled: reader.boolean(object, "signingDisabled"),
			status: reader.word(object, "status", ["ACTIVE", "INACTIVE"]) ?? "ACTIVE",
			enableCachingForHttp: reader.boolean(object, "enableCachingForHttp"),
		};
		const record = newAuthorizer(scope.account, creation, scope.now);
		authorizers.set(name, record);
		if (reader.misshapes === before) reportBreaches(scope, value, record);
	}
	return authorizers;
}

/** The name of the function that judges; "F" where it is missing, so that the rest can be checked. */
function readFunctionName({ reader, root }: ConfigScope, object: ConfigObject): string {
	const name = reader.required(object, "function", FUNCTION_NAME, "the name of a function");
	if (name === undefined) return "F";
	const functions = reader.member(root, "functions");
	if (reader.member(functions, name).node === undefined) {
		reader.refuse(reader.member(object, "function"), "there is no function of that name under $.functions");
	}
	return name;
}

function readKeys(scope: ConfigScope, authorizer: ConfigObject): Record<string, string> {
	const keys = scope.reader.entries(authorizer, "tokenSigningPublicKeys").map(({ name, value }) => {
		if (value.node?.type === "string") return [name, String(value.node.value)] as const;
		// A file that cannot be read is told of once, and not again as a key that is none.
		return [name, readNamedFile(scope, value) ?? UNREAD] as const;
	});
	return Object.fromEntries(keys);
}

const UNREAD = "\u0000";

/** Where a member of AWS's API stands in the document. */
const DOCUMENT_MEMBERS: Readonly<Record<string, string>> = { authorizerFunctionArn: "function" };

function reportBreaches({ reader }: ConfigScope, value: ConfigValue, record: AuthorizerRecord): void {
	for (const { member, message, unusableKey = false } of findRuleBreaches(record)) {
		const [first = "", keyName] = member;
		if (keyName !== undefined && record.tokenSigningPublicKeys[keyName] === UNREAD) continue;
		const inside = first === "authorizerName" ? [] : member.map((name) => DOCUMENT_MEMBERS[name] ?? name);
		const place = inside.reduce<ConfigValue>((at, name) => reader.member(at, name), value);
		if (unusableKey || (keyName !== undefined && isFile(place))) reader.refuse(place, message);
		else reader.misshapen(place, message);
	}
}

/** What a file holds is none of the document's shape. */
function isFile({ node }: ConfigValue): boolean {
	return node?.type === "object" && (node.children ?? []).some(({ children: [key] = [] }) => key?.value === "file");
}

/**
 * The statements of a function's policy: those that the document gives or, where it gives none, one for each of its
 * authorizers that names the function.
 */
export function statementsOf(
	{ account }: ConfigScope,
	{ configuration, permissions }: ConfiguredFunction,
	authorizers: Iterable<AuthorizerRecord>,
): readonly PermissionStatement[] {
	const { functionArn } = configuration;
	const given =
		permissions ??
		[...authorizers]
			.filter((authorizer) => authorizer.functionArn === functionArn)
			.map(({ name, arn }, index) => ({
				statementId: `${index + 1}-${name.replaceAll(/[^\w-]/g, "-")}`.slice(0, 100),
				action: "lambda:InvokeFunction",
				principal: IOT_SERVICE,
				sourceArn: arn,
				sourceAccount: account.accountId,
			}));
	return given.map((permission) => statementOf(permission, functionArn, account.partition));
}
