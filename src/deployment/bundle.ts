/**
 * A function's code as one file, as AWS Lambda takes it inline.
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type BuildOptions, build, type Message } from "esbuild";
import { locateHandler } from "../authorizer/index.js";

/** Code that cannot be made into one file; `message` names the function and what the bundler said. */
export class BundleError extends Error {
	override readonly name = "BundleError";
	readonly code = "function-not-bundled";
}

/** The runtime of functions that name none: the oldest Node.js that AWS Lambda still offers for new functions. */
export const DEFAULT_RUNTIME = "nodejs22.x";

/** Where a function's code is. */
export type CodeSource =
	| { readonly module: string }
	/** The handler is `file.export`. */
	| { readonly directory: string; readonly handler: string };

/** A function as one file. */
export interface Bundle {
	/** A CommonJS module that exports `handler`. */
	readonly code: string;
	/** What the bundler warns of, a sentence each: the code may do something else on AWS than here. */
	readonly warnings: readonly string[];
}

/**
 * Bundles a function into one CommonJS file that exports `handler`. What AWS's runtime brings along (Node.js, the AWS SDK)
 * stays outside.
 * @param runtime such as `nodejs22.x`: the language's version that the code may use.
 * @throws {BundleError} also where an ES module has no such export; what a CommonJS module exports, loading it tells.
 */
export async function bundleFunction(
	functionName: string,
	source: CodeSource,
	runtime: string = DEFAULT_RUNTIME,
): Promise<Bundle> {
	try {
		const { file, exportName } =
			"module" in source ? { file: source.module } : locateHandler(source.directory, source.handler);
		if (!existsSync(file)) throw new Error(`there is no file ${file}`);
		const candidates = candidatesFor(exportName, await exportsOf(file));
		if (candidates.length === 0) {
			throw new Error(`${file} does not export ${exportName ?? "handler, neither by this name nor as default"}`);
		}
		const { outputFiles, warnings } = await build({
			...OPTIONS,
			target: runtime.replace(/^nodejs(\d+).*$/, "node$1"),
			stdin: { contents: entryCode(basename(file), candidates), resolveDir: dirname(file), loader: "js" },
			format: "cjs",
			minifySyntax: true,
			charset: "utf8",
		});
		return { code: outputFiles[0]?.text ?? "", warnings: warnings.map((warning) => told(functionName, warning)) };
	} catch (error) {
		throw new BundleError(`The function ${functionName} cannot be bundled: ${(error as Error).message}`);
	}
}

const OPTIONS = {
	bundle: true,
	write: false,
	platform: "node",
	external: ["@aws-sdk/*", "@smithy/*"],
	logLevel: "silent",
} as const satisfies BuildOptions;

/** Names that a module exports; undefined for a CommonJS module, of which only loading tells. */
async function exportsOf(file: string): Promise<ReadonlySet<string> | undefined> {
	const { metafile } = await build({
		...OPTIONS,
		entryPoints: [file],
		absWorkingDir: dirname(file),
		outfile: "exports.js",
		format: "esm",
		metafile: true,
	});
	const [output] = Object.values(metafile.outputs);
	if (metafile.inputs[output?.entryPoint ?? ""]?.format === "cjs") return undefined;
	return new Set(output?.exports);
}

/**
 * Expressions for what may be the handler, in the order in which a local function looks for it: by its name, by its name in
 * the default export and, where it was given no name, as the default export.
 */
function candidatesFor(exportName: string | undefined, exported: ReadonlySet<string> | undefined): readonly string[] {
	const names = (exportName ?? "handler").split(".");
	const path = names.map((name) => `?.[${JSON.stringify(name)}]`).join("");
	const candidates: string[] = [];
	if (exported?.has(names[0] ?? "") ?? true) candidates.push(`exports${path}`);
	if (exported?.has("default") ?? true) {
		candidates.push(`exports["default"]${path}`);
		if (exportName === undefined) candidates.push('exports["default"]');
	}
	return candidates;
}

function entryCode(file: string, candidates: readonly string[]): string {
	const lines = [
		`import * as exports from ${JSON.stringify(`./${file}`)};`,
		`const candidates = [${candidates.join(", ")}];`,
		'export const handler = candidates.find((candidate) => typeof candidate === "function");',
	];
	return lines.join("\n");
}

function told(functionName: string, { text, location }: Message): string {
	const place = location === null ? "" : ` (${location.file}:${location.line}:${location.column + 1})`;
	return `The function ${functionName} may do something else on AWS: ${text}${place}`;
}
