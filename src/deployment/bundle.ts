/**
 * A function's code as one file, as AWS Lambda takes it inline.
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { build } from "esbuild";

/** Code that cannot be made into one file; `message` names the function and what the bundler said. */
export class BundleError extends Error {
	override readonly name = "BundleError";
	readonly code = "function-not-bundled";
}

/** The oldest Node.js that AWS Lambda still offers for new functions. */
export const NODE_VERSION = 22;

/** Extensions of a deployment package's handler file, in the order in which Lambda's runtime looks for them. */
const EXTENSIONS = [".js", ".mjs", ".cjs"];

/** Where a function's code is. */
export type CodeSource =
	| { readonly module: string }
	/** The handler is `file.export`. */
	| { readonly directory: string; readonly handler: string };

/**
 * Bundles a function into one CommonJS file that exports `handler`. What AWS's runtime brings along (Node.js, the AWS SDK)
 * stays outside.
 * @throws {BundleError}
 */
export async function bundleFunction(functionName: string, source: CodeSource): Promise<string> {
	const { file, exported } = "module" in source ? { file: source.module, exported: undefined } : entryOf(source);
	try {
		const { outputFiles } = await build({
			stdin: { contents: entryCode(basename(file), exported), resolveDir: dirname(file), loader: "js" },
			bundle: true,
			write: false,
			platform: "node",
			target: `node${NODE_VERSION}`,
			format: "cjs",
			minifySyntax: true,
			charset: "utf8",
			external: ["@aws-sdk/*", "@smithy/*"],
			logLevel: "silent",
		});
		return outputFiles[0]?.text ?? "";
	} catch (error) {
		throw new BundleError(`The function ${functionName} cannot be bundled: ${(error as Error).message}`);
	}
}

function entryOf({ directory, handler }: { readonly directory: string; readonly handler: string }) {
	const dot = handler.lastIndexOf(".");
	const stem = join(directory, handler.slice(0, dot));
	const extension = EXTENSIONS.find((candidate) => existsSync(stem + candidate)) ?? extname(stem);
	return { file: stem + extension, exported: handler.slice(dot + 1) };
}

/** A module's `handler` by name, in its default export, or as it; a package's handler by its own name. */
function entryCode(file: string, exported: string | undefined): string {
	const from = JSON.stringify(`./${file}`);
	if (exported !== undefined) return `export { ${exported} as handler } from ${from};`;
	const lines = [
		`import * as exports from ${from};`,
		'const candidates = [exports.handler, exports["default"]?.handler, exports["default"]];',
		'export const handler = candidates.find((candidate) => typeof candidate === "function");',
	];
	return lines.join("\n");
}
