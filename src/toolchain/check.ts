/**
 * `npm run firmware:check`: types, bytecode, link and preload for every chip, without ESP-IDF and in a folder of its own.
 * @module
 */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBuildFolder } from "./build-folder.js";
import { type BuildOptions, buildName } from "./build-options.js";
import { type IdfStandIn, makeIdfStandIn } from "./idf-stand-in.js";
import { readLinkedText, readLinkerReport } from "./linker.js";
import { madeFolder, runMcconfig, toolEnvironment } from "./mcconfig.js";
import { runTool } from "./run-tool.js";
import { findSdk, type Sdk } from "./sdk.js";
import type { Surroundings } from "./surroundings.js";
import { ToolchainFailure } from "./toolchain-failure.js";

export interface CheckResult {
	readonly name: string;
	/** What is wrong; nothing where all is well. */
	readonly complaints: readonly string[];
	/** Bytes of bytecode, of ours and of all modules. */
	readonly ownBytecode: number;
	readonly bytecode: number;
	readonly instances: number;
	readonly keys: number;
	/** See `LinkerReport.notFrozen`. */
	readonly notFrozen: number;
}

export interface CheckRun {
	readonly surroundings: Surroundings;
	/** What to build; each is told as it is done. */
	readonly builds: readonly BuildOptions[];
	readonly onResult: (result: CheckResult) => void;
	readonly signal?: AbortSignal | undefined;
}

/** @throws {ToolchainFailure} where it could not be checked at all, or `check-failed`. */
export async function checkFirmware({ surroundings, builds, onResult, signal }: CheckRun): Promise<void> {
	const sdk = findSdk(surroundings);
	const folder = await mkdtemp(join(tmpdir(), "latchkey-check-"));
	const failed: string[] = [];
	try {
		const idf = makeIdfStandIn(folder, surroundings);
		for (const options of builds) {
			const result = await checkBuild({ sdk, idf, options, folder: join(folder, buildName(options)), signal });
			if (signal?.aborted) return;
			if (result.complaints.length > 0) failed.push(result.name);
			onResult(result);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	if (failed.length === 0) return;
	throw new ToolchainFailure({
		code: "check-failed",
		cause: `the firmware does not build for ${failed.join(", ")}`,
		remedy: "the lines above say why",
	});
}

interface BuildCheck {
	readonly sdk: Sdk;
	readonly idf: IdfStandIn;
	readonly options: BuildOptions;
	readonly folder: string;
	readonly signal: AbortSignal | undefined;
}

async function checkBuild({ sdk, idf, options, folder, signal }: BuildCheck): Promise<CheckResult> {
	const lines: string[] = [];
	const onLine = (line: string) => void lines.push(line);
	const environment = { IDF_PATH: idf.folder };
	writeBuildFolder(options, folder, undefined);
	const made = madeFolder("tmp", options, folder);
	let exitCode: number;
	try {
		await runMcconfig({ sdk, options, folder, environment, onLine, signal });
		exitCode = await runTool({
			command: ["make", "-f", join(made, "makefile"), ...makeGoals(idf, made)],
			folder,
			environment: toolEnvironment(sdk, environment),
			onLine,
			signal,
		});
	} catch (error) {
		if (!(error instanceof ToolchainFailure)) throw error;
		exitCode = 1;
	}
	return resultOf({ name: buildName(options), exitCode, lines, made });
}

/** Up to where the SDK would compile C. */
function makeGoals({ configurationHeader }: IdfStandIn, made: string): string[] {
	return [`SDKCONFIG_H=${configurationHeader}`, join(made, "mc.xs.c"), join(made, "mc.resources.c")];
}

interface Outcome {
	readonly name: string;
	readonly exitCode: number;
	readonly lines: readonly string[];
	readonly made: string;
}

/** Lines of make and of the tools that go well. */
const PROGRESS = /^(?:# |### (?:\d|warning: .*not frozen)|Total resource size)/;

function resultOf({ name, exitCode, lines, made }: Outcome): CheckResult {
	const { figures, notFrozen, complaints: found } = readLinkerReport(lines);
	const complaints = [...found];
	if (exitCode !== 0 || figures === undefined) complaints.push(...lines.filter((line) => !PROGRESS.test(line)));
	else complaints.push(...readLinkedText(readFileSync(join(made, "mc.xs.c"), "utf8")));
	const sizes = exitCode === 0 ? bytecodeOf(join(made, "modules")) : { own: 0, all: 0 };
	return {
		name,
		complaints,
		ownBytecode: sizes.own,
		bytecode: sizes.all,
		instances: figures?.instances ?? 0,
		keys: figures?.keys ?? 0,
		notFrozen,
	};
}

function bytecodeOf(folder: string): { own: number; all: number } {
	let own = 0;
	let all = 0;
	for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
		if (!file.endsWith(".xsb")) continue;
		const { size } = statSync(join(folder, file));
		all += size;
		if (/^(?:device|firmware)\//.test(file)) own += size;
	}
	return { own, all };
}
