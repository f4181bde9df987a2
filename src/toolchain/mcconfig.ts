/**
 * One run of mcconfig, the SDK's build tool.
 * @module
 */
import { join } from "node:path";
import { type BuildOptions, buildName } from "./build-options.js";
import { IMAGE_NAME, MANIFEST } from "./configuration.js";
import { runTool } from "./run-tool.js";
import type { Sdk } from "./sdk.js";
import { ToolchainFailure } from "./toolchain-failure.js";

export interface McconfigRun {
	readonly sdk: Sdk;
	readonly options: BuildOptions;
	/** The build's folder, with {@link MANIFEST} in it. */
	readonly folder: string;
	/** What to make: `build`, `deploy`; `undefined`: only the makefile is written. */
	readonly goal?: "build" | "deploy" | undefined;
	/** Over the process's own. */
	readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
	readonly onLine: (line: string) => void;
	readonly signal?: AbortSignal | undefined;
}

/** The environment of the SDK's tools. */
export function toolEnvironment(sdk: Sdk, more: McconfigRun["environment"] = {}): NodeJS.ProcessEnv {
	return { ...process.env, MODDABLE: sdk.folder, PATH: sdk.path, ...more };
}

/**
 * Where the SDK's makefile puts what it makes of a build in `folder`: what is to be run or flashed (`bin`), and what it makes
 * on the way (`tmp`).
 */
export function madeFolder(kind: "bin" | "tmp", { target, debug }: BuildOptions, folder: string): string {
	const platform = target.platform === "lin" ? "lin/mc" : target.platform;
	return join(folder, kind, platform, debug ? "debug" : "release", IMAGE_NAME);
}

/** @throws {ToolchainFailure} `build-failed`; the lines have told why. */
export async function runMcconfig(run: McconfigRun): Promise<void> {
	const { sdk, options, folder, goal, environment, onLine, signal } = run;
	const command: [string, ...string[]] = [
		"mcconfig",
		...(options.debug ? ["-dn"] : []),
		...(goal === undefined ? [] : ["-m", "-t", goal]),
		"-p",
		options.target.platform,
		"-o",
		folder,
		join(folder, MANIFEST),
	];
	const exitCode = await runTool({
		command,
		folder,
		environment: toolEnvironment(sdk, environment),
		onLine,
		signal,
	});
	if (exitCode === 0) return;
	throw new ToolchainFailure({
		code: "build-failed",
		cause: `${buildName(options)}: mcconfig ended with code ${exitCode}`,
		remedy: "the lines above say why",
	});
}
