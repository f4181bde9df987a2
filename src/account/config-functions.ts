/**
 * `functions` of `latchkey.json`.
 * @module
 */
import { resolve } from "node:path";
import type { ConfigValue } from "./config-document.js";
import { type ConfigEntry, type ConfigObject, type ConfigReader, kindOf } from "./config-reader.js";
import { type ConfigScope, NOT_EMPTY } from "./config-scope.js";
import type { FunctionConfiguration, FunctionSource } from "./function-configuration.js";
import { FUNCTION_NAME } from "./function-name.js";
import { IOT_SERVICE, type Permission } from "./function-permissions.js";
import { newFunction } from "./function-registry.js";
import { ServiceError } from "./service-error.js";

export interface ConfiguredFunction {
	readonly configuration: FunctionConfiguration;
	/** Undefined where the document leaves it to the authorizers that name the function. */
	readonly permissions: readonly Permission[] | undefined;
}

const MEMBERS = ["module", "endpoint", "functionName", "region", "timeout", "memorySize", "environment", "permissions"];
const PERMISSION = ["statementId", "principal", "action", "sourceArn", "sourceAccount"];

const ENDPOINT = /^https?:\/\/[^\s/]+/;
const REFERENCE = /^[\w:$-]{1,256}$/;
const VARIABLE_NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;
const STATEMENT_ID = /^[\w-]{1,100}$/;
const ACTION = /^(?:\*|lambda:(?:\*|[a-zA-Z]+))$/;
const PRINCIPAL = /^[^\s]+$/;
const SOURCE_ARN = /^arn:[\w-]+:[\w*?-]+:[\w*?-]*:[\d*?]*:.+$/;
const ACCOUNT_ID = /^\d{12}$/;
/** A region as AWS names them, for instance `eu-west-1`. */
export const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/** Functions by name; those that are misshapen are left out, with problems. */
export function readFunctions(scope: ConfigScope): ReadonlyMap<string, ConfiguredFunction> {
	const { reader, root } = scope;
	const functions = new Map<string, ConfiguredFunction>();
	for (const entry of reader.entries(root, "functions")) {
		const before = reader.misshapes;
		reader.checkName(entry, FUNCTION_NAME, "the name of a function is 1 to 64 letters, digits, - and _");
		const object = reader.object(entry.value, MEMBERS);
		const source = readSource(scope, object);
		const timeout = reader.integer(object, "timeout", 1, 900);
		const memorySize = reader.integer(object, "memorySize", 128, 10_240);
		const environment = readEnvironment(reader, object);
		const permissions = readPermissions(reader, object);
		if (source === undefined || reader.misshapes > before) continue;
		const configuration = build(scope, entry, { source, timeout, memorySize, environment });
		if (configuration !== undefined) functions.set(entry.name, { configuration, permissions });
	}
	return functions;
}

function build(
	{ account, reader, now }: ConfigScope,
	{ name, value }: ConfigEntry,
	more: Omit<Parameters<typeof newFunction>[1], "functionName">,
): FunctionConfiguration | undefined {
	try {
		return newFunction(account, { functionName: name, ...more }, now);
	} catch (error) {
		if (!(error instanceof ServiceError)) throw error;
		reader.refuse(value, error.message);
		return undefined;
	}
}

function readSource({ reader, directory }: ConfigScope, object: ConfigObject): FunctionSource | undefined {
	const module = reader.pattern(object, "module", NOT_EMPTY, "a path");
	const endpoint = reader.pattern(object, "endpoint", ENDPOINT, "an address such as http://127.0.0.1:3001");
	const functionName = reader.pattern(object, "functionName", REFERENCE, "the name or ARN of a function");
	const region = reader.pattern(object, "region", REGION, 'a region such as "eu-west-1"');
	if (object.members.has("module") === object.members.has("endpoint")) {
		const got = object.members.has("module") ? "both" : "neither";
		if (object.node?.type === "object") reader.misshapen(object, `expected one of module and endpoint, got ${got}`);
		return undefined;
	}
	if (module !== undefined) {
		for (const name of ["functionName", "region"]) {
			if (object.members.has(name)) reader.misshapen(reader.member(object, name), "is for a function with an endpoint");
		}
		return { module: resolve(directory, module) };
	}
	if (endpoint === undefined) return undefined;
	if (!URL.canParse(endpoint)) reader.refuse(reader.member(object, "endpoint"), "is no address");
	return { endpoint, functionName, region };
}

function readEnvironment(reader: ConfigReader, object: ConfigObject): Record<string, string> | undefined {
	if (!object.members.has("environment")) return undefined;
	const variables = reader.entries(object, "environment").map(({ name, value }) => {
		reader.checkName({ name, value }, VARIABLE_NAME, "a variable's name is a letter, then letters, digits and _");
		if (value.node?.type !== "string") reader.misshapen(value, `expected a string, got ${kindOf(value)}`);
		return [name, String(value.node?.value)] as const;
	});
	return Object.fromEntries(variables);
}

function readPermissions(reader: ConfigReader, object: ConfigObject): readonly Permission[] | undefined {
	const ids = new Set<string>();
	return reader.list(object, "permissions")?.map((value) => {
		const permission = readPermission(reader, value);
		const { statementId } = permission;
		if (ids.has(statementId)) reader.refuse(value, "another permission of this function has the same statementId");
		ids.add(statementId);
		return permission;
	});
}

function readPermission(reader: ConfigReader, value: ConfigValue): Permission {
	const object = reader.object(value, PERMISSION);
	const principal = reader.required(object, "principal", PRINCIPAL, `a principal such as "${IOT_SERVICE}"`);
	return {
		statementId: reader.required(object, "statementId", STATEMENT_ID, "1 to 100 letters, digits, - and _") ?? "",
		principal: principal ?? "",
		action:
			reader.pattern(object, "action", ACTION, 'an action such as "lambda:InvokeFunction"') ?? "lambda:InvokeFunction",
		sourceArn: reader.pattern(object, "sourceArn", SOURCE_ARN, "an ARN"),
		sourceAccount: reader.pattern(object, "sourceAccount", ACCOUNT_ID, "12 digits"),
	};
}
