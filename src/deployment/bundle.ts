/**
 * A function's code as one file, as AWS Lambda takes it inline.
 * @module
 */
import { basename, dirname } from "node:path";
import { build } from "esbuild";
import { locateHandler } from "../authorizer/index.js";

/** Code that cannot be made into one file; `message` names the function and what the bundler said. */
export class BundleError extends Error {
	override readonly name = "BundleError";
	readonly code = "function-not-bundled";
}

/** The oldest Node.js that AWS Lambda still offers for new functions. */
export const NODE_VERSION = 22;

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
	try {
		const { file, exportName } =
			"module" in source ? { file: source.module } : locateHandler(source.directory, source.handler);
		const { outputFiles } = await build({
			stdin: { contents: entryCode(basename(file), exportName), resolveDir: dirname(file), loader: "js" },
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

/** A module's `handler` by name, in its default export, or as it; a package's handler by its own name. */
function entryCode(file: string, exportName: string | undefined): string {
	const from = JSON.stringify(`./${file}`);
	if (exportName !== undefined) {
		const path = exportName.split(".").map((name) => `[${JSON.stringify(name)}]`);
		return `import * as exports from ${from};\nexport const handler = exports${path.join("")};`;
	}
	const lines = [
		`import * as exports from ${from};`,
		'const candidates = [exports.handler, exports["default"]?.handler, exports["default"]];',
		'export const handler = candidates.find((candidate) => typeof candidate === "function");',
	];
	return lines.join("\n");
}
