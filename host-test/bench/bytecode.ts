/**
 * What the device's TypeScript takes in flash: each module as XS bytecode with the 16-bit symbols of the device, and the
 * whole as a minified bundle.
 * @module
 */
import { readdir, readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type PluginBuild, transform } from "esbuild";
import { bundleGuest, type XsEngine, XsMachine } from "../xs/index.js";
import { deviceEntry } from "../xs/xs-device.js";
import { roomOf } from "./room.js";
import { type Row, row } from "./rows.js";
import type { BenchEngines, Progress } from "./world.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** Bytes for everything in TypeScript on the device. */
const BUDGET = 40 * 1024;
/** Of a module's `.xsb` file besides code and symbols. */
const HEADER_BYTES = 36;
/** What stands in for a board on Linux. */
const SIMULATOR = /^src\/firmware\/lin\//;
/** Modules that the manifest maps, and what to for a chip that can be updated. */
const MAPPED: Readonly<Record<string, string>> = {
	"src/firmware/platform/platform.js": "src/firmware/esp32/platform.ts",
	"src/firmware/esp32/slots.js": "src/firmware/esp32/slots-ota.ts",
};
/** Modules that no device loads: those who play its gateway do. */
const OTHER_SIDE = "the other side of the wire";

export async function benchBytes({ x32 }: BenchEngines, progress: Progress): Promise<Row[]> {
	progress("bytecode");
	const rooms = new Map<string, number>();
	const used = await usedModules();
	for (const [path, bytes] of await moduleSizes(x32)) {
		const room = used.has(path) ? roomOf(path) : OTHER_SIDE;
		rooms.set(room, (rooms.get(room) ?? 0) + bytes);
	}
	const rows = [...rooms]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([room, bytes]) => row(`bytecode of ${room}, beside the budget of all`, "bytes", BUDGET, bytes));
	const total = [...rooms].reduce((sum, [room, bytes]) => sum + (room === OTHER_SIDE ? 0 : bytes), 0);
	return [
		...rows,
		row("bytecode of all that a device loads, beside the budget", "bytes", BUDGET, total),
		row("bytecode of the same, each name once, as linked, beside the budget", "bytes", BUDGET, await linkedSize(x32)),
		await bundleRow(),
	];
}

/** Bytes as bytecode by path, of every module that is more than types. */
async function moduleSizes(engine: XsEngine): Promise<Map<string, number>> {
	const machine = await XsMachine.start({ engine });
	const sizes = new Map<string, number>();
	try {
		for (const path of await sourceFiles()) {
			// As the SDK has tsc make JavaScript of it, before xsc makes bytecode.
			const { code } = await transform(await readFile(PROJECT + path, "utf8"), {
				loader: "ts",
				format: "esm",
				target: "es2022",
				tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
			});
			if (code.trim() === "") continue;
			const { codeBytes, symbolBytes } = await machine.bytecode(code, "module");
			sizes.set(path, codeBytes + symbolBytes + HEADER_BYTES);
		}
	} finally {
		await machine.close();
	}
	return sizes;
}

/** Paths from the project's folder on. */
async function sourceFiles(): Promise<string[]> {
	const found = await Promise.all(
		["src/device", "src/firmware"].map(async (folder) => {
			const names = await readdir(PROJECT + folder, { recursive: true });
			return names.filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`);
		}),
	);
	return found
		.flat()
		.filter((path) => !path.endsWith(".d.ts") && !SIMULATOR.test(path))
		.sort();
}

/** All modules that the agent and the firmware load as one: what they add up to with each name kept once. */
async function linkedSize(engine: XsEngine): Promise<number> {
	const machine = await XsMachine.start({ engine });
	try {
		const { outputFiles } = await bundleModules();
		const { codeBytes, symbolBytes } = await machine.bytecode(outputFiles.map(({ text }) => text).join("\n"), "module");
		return codeBytes + symbolBytes + HEADER_BYTES;
	} finally {
		await machine.close();
	}
}

/** The modules that the agent and the firmware load, types left out. */
async function usedModules(): Promise<ReadonlySet<string>> {
	return new Set(Object.keys((await bundleModules()).metafile.inputs));
}

/** The firmware as it is built for the ESP32 with updates; what the SDK brings is not counted. */
async function bundleModules() {
	return build({
		entryPoints: ["src/firmware/main.ts"],
		absWorkingDir: PROJECT,
		plugins: [{ name: "manifest", setup: resolveAsManifest }],
		bundle: true,
		// As in a firmware: a module is there as a whole.
		treeShaking: false,
		metafile: true,
		write: false,
		format: "esm",
		target: "es2022",
		platform: "neutral",
		logLevel: "silent",
	});
}

/** What `manifest.json` maps to modules of a platform, and the SDK's own modules. */
function resolveAsManifest({ onResolve }: PluginBuild): void {
	onResolve({ filter: /^[^./]/ }, ({ path, kind }) => (kind === "entry-point" ? undefined : { path, external: true }));
	onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
		const file = MAPPED[relative(PROJECT, resolve(resolveDir, path))];
		return file === undefined ? undefined : { path: PROJECT + file };
	});
}

/** The whole device beside the two packages it would otherwise be made of, without what those need of Node. */
async function bundleRow(): Promise<Row> {
	const peers = await build({
		stdin: {
			contents: 'import * as mqtt from "mqtt-packet"; import jsrsasign from "jsrsasign"; console.log(mqtt, jsrsasign);',
			resolveDir: PROJECT,
		},
		bundle: true,
		minify: true,
		platform: "node",
		format: "esm",
		write: false,
	});
	const ours = await bundleGuest(deviceEntry(), { minify: true });
	const [file] = peers.outputFiles;
	return row("device bundle, minified, beside mqtt-packet + jsrsasign", "bytes", file!.contents.length, ours.bytes);
}
