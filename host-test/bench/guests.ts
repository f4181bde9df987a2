/**
 * The programs of the bench: the device's own, and those of its peers with what they expect of Node or of a browser.
 * @module
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleGuest } from "../xs/index.js";

/** What jsrsasign and mqtt-packet look for before anything else; there is nothing of the kind in XS. */
const SHIMS = `
globalThis.window = globalThis.self = globalThis;
globalThis.navigator = { appName: "" };
globalThis.queueMicrotask = (job) => void Promise.resolve().then(job);
globalThis.process = { env: {}, versions: {}, nextTick: (job, ...args) => queueMicrotask(() => job(...args)) };
globalThis.console = { log() {}, warn() {}, error() {} };
globalThis.AbortController = globalThis.AbortSignal = class {};
globalThis.setTimeout = globalThis.clearTimeout = () => 0;
`;

/** A guest of ours from `xs/guest`, minified. */
export async function ownProgram(name: string): Promise<string> {
	return (await bundleGuest(guestFile(name), { minify: true })).text;
}

/** A guest in `xs/guest` that is made of a package: its form for browsers, minified, behind the shims. */
export async function peerProgram(name: string): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [guestFile(name)],
		bundle: true,
		write: false,
		minify: true,
		format: "iife",
		platform: "browser",
		// As of `bundleGuest`.
		target: "es2021",
		define: { global: "globalThis" },
		logLevel: "silent",
	});
	// XS 13.3 refuses the directive in some functions where it is allowed.
	return SHIMS + outputFiles[0]!.text.replaceAll('"use strict";', "");
}

function guestFile(name: string): string {
	return fileURLToPath(new URL(`../xs/guest/${name}.ts`, import.meta.url));
}
