/**
 * Which engine runs the virtual devices: the real XS where it is to be had, Node where it is not or is asked for.
 * @module
 */
import { resolve } from "node:path";
import { build } from "esbuild";
import { ensureEngine, XsException, XsUnavailableError } from "../../host-test/xs/index.js";
import { bundleDevice, startXsDevice } from "../../host-test/xs/xs-device.js";
import type { Application } from "../device/application/index.js";
import { startNodeDevice, type VirtualDevice, type VirtualDeviceOptions } from "../host/virtual-device.js";
import { CommandFailure, ExitCode } from "./failure.js";

export interface DeviceEngine {
	readonly name: "xs" | "node";
	/** For people. */
	readonly title: string;
	/** What is not as it is on the device, and how to get it; one line. */
	readonly notice?: string | undefined;
	/**
	 * @param application a module whose default export the device runs.
	 * @throws {CommandFailure} code `application-unusable`.
	 */
	start(options: VirtualDeviceOptions, application?: string): Promise<VirtualDevice>;
}

const NODE: DeviceEngine = {
	name: "node",
	title: `Node ${process.versions.node}`,
	async start(options, application) {
		if (application === undefined) return startNodeDevice(options);
		try {
			return startNodeDevice(options, await loadApplication(application));
		} catch (error) {
			throw unusable(application, error);
		}
	},
};

/** Bundled first: a file of the user's need not be a module to Node, and one that has changed is another one. */
async function loadApplication(file: string): Promise<Application> {
	const options = { bundle: true, write: false, format: "esm", platform: "node", logLevel: "silent" } as const;
	const { outputFiles } = await build({ ...options, entryPoints: [resolve(file)] });
	const code = Buffer.from(outputFiles[0]!.contents).toString("base64");
	const module = (await import(`data:text/javascript;base64,${code}`)) as { readonly default?: unknown };
	if (typeof module.default === "object" && module.default !== null) return module.default as Application;
	throw new TypeError("it has no default export that is an object");
}

function unusable(file: string, why: unknown): CommandFailure {
	return new CommandFailure({
		code: "application-unusable",
		cause: `the application ${file} cannot be run: ${why instanceof Error ? why.message : String(why)}`,
		remedy: "give a module whose default export is an Application; examples/sensor.ts is one",
		exitCode: ExitCode.usage,
	});
}

/**
 * @param asked `xs` or `node` by name, or `undefined` for the best there is.
 * @param say told in one line what takes long, and why Node is used when XS was not to be had.
 * @throws {CommandFailure} when the engine asked for by name is missing.
 */
export async function chooseEngine(asked: string | undefined, say: (line: string) => void): Promise<DeviceEngine> {
	if (asked === "node") return NODE;
	if (asked !== undefined && asked !== "xs")
		throw new CommandFailure({
			code: "wrong-option",
			cause: `--engine: expected xs or node, got ${asked}`,
			exitCode: ExitCode.usage,
		});
	try {
		return await xsEngine(say);
	} catch (error) {
		if (!(error instanceof XsUnavailableError)) throw error;
		if (asked === "xs")
			throw new CommandFailure({
				code: error.code,
				cause: `the XS engine is not to be had: ${error.message}`,
				remedy: error.remedy,
			});
		say(`No XS engine (${error.message.split("\n", 1)[0]}): running the Node engine. To get it: ${error.remedy}`);
		return NODE;
	}
}

async function xsEngine(say: (line: string) => void): Promise<DeviceEngine> {
	let told = "";
	const engine = await ensureEngine({
		onProgress({ step, done, total }) {
			const line = step === "compile" ? COMPILING : PROGRESS[step];
			if (line !== told) say(line);
			told = line;
			if (step === "compile" && done === total) say(`Compiled ${total} files.`);
		},
	});
	const { native, nativeRemedy } = engine;
	// Now, while Ctrl-C simply ends the process: it would end the bundler under us later.
	const program = await bundleDevice();
	return {
		name: "xs",
		title: `XS, the engine of the device, with ${native ? "the device's own TLS" : "Node's TLS"}`,
		notice: nativeRemedy === undefined ? undefined : `TLS stays in Node. To have the device's own: ${nativeRemedy}`,
		start: async (options, application) => {
			if (application === undefined) return startXsDevice(engine, program, options);
			const own = await bundleDevice(resolve(application)).catch((error) => {
				throw unusable(application, error);
			});
			return startXsDevice(engine, own, options).catch((error) => {
				throw error instanceof XsException ? unusable(application, error.message.split("\n", 1)[0]) : error;
			});
		},
	};
}

const COMPILING = "Compiling the XS engine, once on this machine (about half a minute) …";
const PROGRESS = {
	fetch: "Fetching the sources of the XS engine …",
	verify: "Checking them against their hash …",
	unpack: "Unpacking …",
	link: "Linking …",
} as const;
