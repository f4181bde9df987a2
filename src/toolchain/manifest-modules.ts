/**
 * Which modules the manifest names and which of them are preloaded: made from the sources, so that a new file is not
 * forgotten. mcconfig itself takes no pattern for preloaded TypeScript.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

/** The manifest's properties that follow from the sources. */
export interface ManifestModules {
	readonly modules: Readonly<Record<string, string | readonly string[]>>;
	readonly preload: readonly string[];
}

/** Run on the device: bodies with effects, or with state. The folders of platforms have manifests of their own. */
const NOT_PURE = ["firmware/app", "firmware/main"];

/**
 * A regular expression that a module makes when it is loaded. Preloaded it lies in flash, and the engine (SDK 8.2.3,
 * `fxAllocateRegExpData`) works on memory of C's that it takes for its own: it writes before its beginning. One that a
 * function makes is made when it is called. Looked for in the text: behind what can stand before an expression.
 */
const REGULAR_EXPRESSION = /(?:[=(,:?&|[]|=> ?)\s*\/(?![/*])[^\n]*\//;
/** Declarations whose bodies run later, and comments; the formatter ends each at the beginning of a line. */
const LATER =
	/^(?:export )?(?:default )?(?:abstract )?(?:function|class)\b[\s\S]*?^\}|\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\(\) => \/.*$/gm;

/** Bodies without effects whose names mean the same in every build: preloaded, they lie in flash. */
export function manifestModules(root: string): ManifestModules {
	const folders = ["device", ...foldersOf(root, "device"), "firmware"];
	const names = folders.flatMap((folder) => modulesOf(root, folder));
	const texts = new Map(names.map((name) => [name, readFileSync(join(root, "src", `${name}.ts`), "utf8")]));
	const importers = importersOf(texts);
	const excluded = new Set(NOT_PURE);
	for (const [name, text] of texts)
		if (REGULAR_EXPRESSION.test(text.replace(LATER, ""))) exclude(name, importers, excluded);
	return {
		modules: {
			"~": ["./src/device/tsconfig", "./src/firmware/tsconfig"],
			...Object.fromEntries(folders.map((folder) => [`${folder}/*`, `./src/${folder}/*`])),
		},
		preload: names.filter((name) => !excluded.has(name)),
	};
}

/** The manifest's text with what follows from the sources, and all else as it is. */
export function updateManifest(root: string, text: string): string {
	const manifest = JSON.parse(text) as Record<string, unknown>;
	return `${formatted({ ...manifest, ...manifestModules(root) }, "")}\n`;
}

/** Columns of a line, a tab being two of them: as the formatter of the repository has it. */
const LINE_WIDTH = 120;

/** JSON with an array in one line where it fits. */
function formatted(value: unknown, indent: string): string {
	const deeper = `${indent}\t`;
	if (Array.isArray(value)) {
		const items = value.map((item) => formatted(item, deeper));
		const line = `[${items.join(", ")}]`;
		// The longest name before it, its quotes and its colon are in there.
		if (!line.includes("\n") && line.length + 2 * indent.length + 30 <= LINE_WIDTH) return line;
		return `[\n${items.map((item) => `${deeper}${item}`).join(",\n")}\n${indent}]`;
	}
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	const members = Object.entries(value).map(([name, member]) => `${deeper}"${name}": ${formatted(member, deeper)}`);
	return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

function foldersOf(root: string, folder: string): string[] {
	const entries = readdirSync(join(root, "src", folder), { withFileTypes: true });
	return entries
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => `${folder}/${name}`)
		.sort();
}

function modulesOf(root: string, folder: string): string[] {
	const files = readdirSync(join(root, "src", folder)).filter((file) => /(?<!\.d)\.ts$/.test(file));
	return files.map((file) => `${folder}/${file.slice(0, -".ts".length)}`).sort();
}

/** Who imports a module, its types alone not counted. */
function importersOf(texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
	const importers = new Map<string, string[]>();
	for (const [name, text] of texts) {
		for (const specifier of importsOf(text)) {
			const imported = posix.join(dirname(name), specifier.replace(/\.js$/, ""));
			importers.set(imported, [...(importers.get(imported) ?? []), name]);
		}
	}
	return importers;
}

/** Relative specifiers of import and export declarations that are still there when types are erased. */
function importsOf(text: string): string[] {
	const declarations = text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from\s+"(\.[^"]+)"/gm);
	return Array.from(declarations, ([, specifier]) => specifier!);
}

function exclude(name: string, importers: ReadonlyMap<string, readonly string[]>, excluded: Set<string>): void {
	excluded.add(name);
	for (const importer of importers.get(name) ?? []) if (!excluded.has(importer)) exclude(importer, importers, excluded);
}
