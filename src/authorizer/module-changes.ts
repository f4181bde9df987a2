/**
 * Notices that a function's code has changed: its own file, or one that it imports.
 * @module
 */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";

export class ModuleChanges {
	private stamp: string | undefined;
	/** The file that was asked about last, and those that it imports. */
	private files: readonly string[] = [];
	private reading: Promise<readonly string[] | undefined> | undefined;

	/**
	 * Whether there may be other code than when this was asked last; always, while a part of it cannot be read.
	 * @param file absolute path of the module.
	 */
	async since(file: string): Promise<boolean> {
		if (this.files[0] === file && this.stamp === stampOf(this.files)) return false;
		this.reading ??= importsOf(file).finally(() => {
			this.reading = undefined;
		});
		const imports = await this.reading;
		this.files = [file, ...(imports ?? [])];
		this.stamp = imports === undefined ? undefined : stampOf(this.files);
		return true;
	}
}

/** When each file was last changed. */
function stampOf(files: readonly string[]): string {
	return files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? "none").join();
}

/**
 * Absolute paths of the files that a module imports by a literal path, and that those import; what packages hold does not
 * count. Undefined where one of them is missing or cannot be read.
 */
async function importsOf(file: string): Promise<readonly string[] | undefined> {
	const directory = dirname(file);
	try {
		const { build } = await import("esbuild");
		const { metafile } = await build({
			entryPoints: [file],
			absWorkingDir: directory,
			outfile: "function.js",
			bundle: true,
			write: false,
			metafile: true,
			platform: "node",
			format: "esm",
			packages: "external",
			loader: { ".node": "empty" },
			logLevel: "silent",
		});
		return Object.keys(metafile.inputs).map((path) => resolve(directory, path));
	} catch {
		return undefined;
	}
}
