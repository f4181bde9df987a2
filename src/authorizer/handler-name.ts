/**
 * The name of a handler in a deployment package, `folder/file.export` (AWS Lambda Developer Guide, "Define Lambda function
 * handler in Node.js").
 * @module
 */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { FunctionError } from "./function.js";

/** Endings of a module's file in the order in which AWS Lambda's runtime looks for them. */
const ENDINGS = [".js", ".mjs", ".cjs"];

export interface HandlerPlace {
	/** Path of the module. */
	readonly file: string;
	/** Dots lead into objects. */
	readonly exportName: string;
}

/**
 * Finds the module that a handler's name leads to. The file's part of the name ends at its first dot.
 * @param directory absolute path of the unpacked package.
 * @throws {FunctionError} `not-a-handler` where the name is none, `function-not-found` where there is no such file.
 */
export function locateHandler(directory: string, handler: string): HandlerPlace {
	const { dir, base } = posix.parse(handler);
	const [, name, exportName] = /^([^.]+)\.(.+)$/.exec(base) ?? [];
	if (name === undefined || exportName === undefined || dir.startsWith("/") || dir.split("/").includes("..")) {
		const message = `the handler is named ${handler}; expected file.export, such as index.handler`;
		throw new FunctionError("not-a-handler", "Runtime.MalformedHandlerName", message);
	}
	const file = ENDINGS.map((ending) => join(directory, dir, name + ending)).find((path) => existsSync(path));
	if (file !== undefined) return { file, exportName };
	const message = `the package has no ${posix.join(dir, name)} that ends in ${ENDINGS.join(", ")}`;
	throw new FunctionError("function-not-found", "Runtime.ImportModuleError", message);
}
