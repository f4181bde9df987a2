/**
 * Bundles a guest into the one script that XS runs.
 * @module
 */
import { build } from "esbuild";

/** An entry file, or the text of one whose imports are resolved from `folder`. */
export type GuestEntry = string | { readonly contents: string; readonly folder: string };

export interface GuestBundle {
	readonly text: string;
	/** UTF-8 bytes of `text`. */
	readonly bytes: number;
}

/** @throws esbuild's own error, which says where the source is wrong. */
export async function bundleGuest(entry: GuestEntry, options: { minify?: boolean } = {}): Promise<GuestBundle> {
	const source =
		typeof entry === "string"
			? { entryPoints: [entry] }
			: { stdin: { contents: entry.contents, resolveDir: entry.folder, loader: "ts" as const } };
	const result = await build({
		...source,
		bundle: true,
		write: false,
		format: "iife",
		platform: "neutral",
		// `neutral` looks at no field of package.json by itself.
		mainFields: ["module", "main"],
		// ES2021 lowers static initialisers: XS 13.3 fails on a class that makes an instance of itself in one
		// (mended in Moddable in July 2024). It can be es2022 with a newer engine.
		target: "es2021",
		define: { global: "globalThis" },
		minify: options.minify ?? false,
		logLevel: "silent",
	});
	const [file] = result.outputFiles;
	return { text: file!.text, bytes: file!.contents.length };
}
