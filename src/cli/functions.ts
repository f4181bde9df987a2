/**
 * Functions of an account as they run: a module, a deployment package, or whatever is behind a Lambda endpoint.
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { FunctionConfiguration } from "../account/index.js";
import { type AuthorizerFunction, openLambdaEndpoint, openLocalFunction, openPackage } from "../authorizer/index.js";
import { printable } from "../policy/index.js";

/** Folder of the deployment packages below a data folder; absolute. */
export function packageFolder(data: string): string {
	return resolve(join(data, "functions"));
}

export interface FunctionPlace {
	/** Of endpoints whose configuration names none. */
	readonly region: string;
	/** Folder of the deployment packages. */
	readonly packages: string;
}

/** Opens a function. What it prints goes to stderr: that is its author's affair, who may print what it was given. */
export function openFunction(
	configuration: FunctionConfiguration,
	{ region, packages }: FunctionPlace,
): AuthorizerFunction {
	const { source, functionName, functionArn, memorySize, environment } = configuration;
	if ("endpoint" in source) {
		const { endpoint } = source;
		return openLambdaEndpoint({
			endpoint,
			functionName: source.functionName ?? functionName,
			region: source.region ?? region,
		});
	}
	const log = (line: string) => process.stderr.write(`  function: ${printable(line, 4000)}\n`);
	const options = { log, memory: memorySize, environment, functionName, functionArn };
	if ("directory" in source) return openPackage(resolve(packages, source.directory), source.handler, options);
	// A function need not be there yet, as on AWS; until it is, its authorizers refuse everybody.
	if (!existsSync(source.module)) process.stderr.write(`latchkey: there is no function at ${source.module} yet\n`);
	return openLocalFunction(source.module, options);
}
