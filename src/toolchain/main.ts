/**
 * The scripts behind `npm run firmware:*`: `main.ts build | flash | check | sim | doctor`.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { DeviceError } from "../device/device-error.js";
import { ACCESS_POINT_MOODS } from "../firmware/lin/access-point.js";
import { buildFirmware, flashFirmware } from "./build.js";
import {
	addImageOptions,
	addTargetOptions,
	type BuildFlags,
	type BuildOptions,
	buildOptionsOf,
} from "./build-options.js";
import { type CheckResult, checkFirmware } from "./check.js";
import { askXsDev, diagnose, type Finding } from "./doctor.js";
import { updateManifest } from "./manifest-modules.js";
import { ROOT } from "./sdk.js";
import { runSimulation, type SimFlags } from "./sim.js";
import { thisMachine } from "./surroundings.js";
import { CHIPS, chipOf, SIMULATOR } from "./targets.js";
import { ExitCode, ToolchainFailure } from "./toolchain-failure.js";

const program = new Command("firmware")
	.description("builds, checks, flashes and simulates the firmware with the Moddable SDK")
	.showHelpAfterError("(add --help for the options and examples)")
	.exitOverride();

const build = addImageOptions(addTargetOptions(program.command("build")))
	.description("build the image for a chip; needs the Moddable SDK and ESP-IDF")
	.action(async (flags: BuildFlags) => {
		const files = await buildFirmware(runOf(flags));
		for (const file of files) console.log(file);
	});
addExamples(build, [
	"npm run firmware:build",
	"npm run firmware:build -- --target esp32c3 --ota --firmware-version 7",
	"npm run firmware:build -- --target esp32s3 --ota --large-nvs --encrypt-nvs --light-pin 2",
]);

const flash = addTargetOptions(program.command("flash"))
	.description("write the image that was built with the same options to a board")
	.option("--port <device>", "its serial line; ESP-IDF looks for one by itself")
	.action(async ({ port, ...flags }: BuildFlags & { port?: string }) => flashFirmware(runOf(flags), port));
addExamples(flash, ["npm run firmware:flash", "npm run firmware:flash -- --target esp32c3 --ota --port /dev/ttyUSB0"]);

const check = program
	.command("check")
	.description("check types, compile, link and preload for every chip; needs the Moddable SDK, not ESP-IDF")
	.option("--target <chip>", "only this one; simulator is one as well")
	.option("--ota", "with the option of that name")
	.option("--update-manifest", "first write the modules and what is preloaded into manifest.json, as the sources are")
	.option("--json", "print one JSON line a build")
	.action(async (flags: CheckFlags) => {
		if (flags.updateManifest) writeManifest();
		const onResult = flags.json ? (result: CheckResult) => console.log(JSON.stringify(result)) : tellResult;
		await checkFirmware({ surroundings: thisMachine, builds: checkedBuilds(flags), onResult, signal: interrupted });
	});
addExamples(check, [
	"npm run firmware:check",
	"npm run firmware:check -- --target esp32c6 --ota",
	"npm run firmware:check -- --update-manifest",
]);

const sim = program
	.command("sim")
	.description("run the firmware in the Moddable SDK's simulator, until Ctrl-C; its lines go to standard output")
	.option("--store <folder>", "stands for its flash", ".latchkey/simulator")
	.option("--credential <file>", "give it this credential first, JSON")
	.option("--endpoint <host:port>", "in place of the credential's")
	.option("--ca <file>", "give it this root, PEM or DER; without one it trusts those of AWS")
	.option("--ssid <name>", "the Wi-Fi network that it is to join", "simulated")
	.option("--access-point <mood>", ACCESS_POINT_MOODS.join(", "), ACCESS_POINT_MOODS[0])
	.option("--time-server <servers...>", "host or host:port; servers of time (default: the firmware's own)")
	.option("--no-build", "as it was built last")
	.option("--seconds <number>", "end so many after it was switched on", positive)
	.action(async (flags: SimFlags) => {
		const { seconds } = flags;
		const onPowerUp = () => {
			if (seconds !== undefined) setTimeout(() => interruption.abort("time"), seconds * 1000).unref();
		};
		const run = { surroundings: thisMachine, flags, signal: interrupted };
		await runSimulation({ ...run, onLine: console.log, onNote: note, onPowerUp });
	});
addExamples(sim, [
	"npm run firmware:sim -- --credential credential.json --ca .latchkey/tls/ca.pem",
	"npm run firmware:sim -- --no-build --access-point wrong-password",
	"echo absent > .latchkey/simulator/access-point      # while it runs",
]);

const doctor = program
	.command("doctor")
	.description("say what of the tools is there, what for, and how to get the rest")
	.option("--json", "print one JSON line a finding")
	.action(({ json }: { json?: boolean }) => {
		const findings = diagnose(thisMachine);
		for (const finding of findings) console.log(json ? JSON.stringify(finding) : findingText(finding));
		const said = json ? undefined : askXsDev(thisMachine);
		if (said !== undefined) console.log(`\nxs-dev doctor says:\n${said}`);
		if (findings.some(({ isThere }) => !isThere)) process.exitCode = ExitCode.failure;
	});
addExamples(doctor, ["npm run firmware:doctor", "npm run -s firmware:doctor -- --json"]);

// `exitOverride` is not inherited by commands that exist already.
for (const command of program.commands) command.exitOverride();

/** Aborted by Ctrl-C, and by whoever ends this process in order. */
const interruption = new AbortController();
const interrupted = interruption.signal;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interruption.abort());

try {
	await program.parseAsync();
	if (interrupted.aborted) process.exitCode = exitCodeOfInterruption();
} catch (error) {
	process.exitCode = report(error);
}

/** A run that was to end by itself is done. */
function exitCodeOfInterruption(): number {
	return interrupted.reason === "time" ? ExitCode.success : ExitCode.interrupted;
}

interface CheckFlags {
	readonly target?: string;
	readonly ota?: boolean;
	readonly updateManifest?: boolean;
	readonly json?: boolean;
}

/** Without a target: all chips, the options of one, and the simulator. */
function checkedBuilds({ target, ota = false }: CheckFlags): BuildOptions[] {
	const plain = { debug: false, ota, largeNvs: false, encryptNvs: false };
	if (target === SIMULATOR.name) return [{ ...plain, ota: false, target: SIMULATOR }];
	if (target !== undefined) return [{ ...plain, target: chipOf(target) }];
	const withOptions = { ...plain, target: CHIPS[0]!, ota: true, largeNvs: true };
	return [
		...CHIPS.map((chip) => ({ ...plain, target: chip })),
		withOptions,
		{ ...plain, ota: false, target: SIMULATOR },
	];
}

function runOf(flags: BuildFlags) {
	return { surroundings: thisMachine, options: buildOptionsOf(flags), onLine: note, signal: interrupted };
}

function writeManifest(): void {
	const file = join(ROOT, "manifest.json");
	writeFileSync(file, updateManifest(ROOT, readFileSync(file, "utf8")));
}

function tellResult({ name, complaints, ...figures }: CheckResult): void {
	const { bytecode, ownBytecode, instances, keys, notFrozen } = figures;
	if (complaints.length > 0) {
		for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
		console.log(`${name.padEnd(20)} FAILED`);
		return;
	}
	const sizes = `bytecode ${bytes(bytecode)}, of it ours ${bytes(ownBytecode)}; ${instances} instances, ${keys} keys`;
	console.log(`${name.padEnd(20)} ok  ${sizes}; ${notFrozen} objects not frozen`);
}

function bytes(count: number): string {
	return `${count.toLocaleString("en")} B`;
}

function findingText({ name, isThere, detail, neededFor, remedy }: Finding): string {
	const line = `${isThere ? "ok      " : "missing "} ${name.padEnd(24)} ${detail}`;
	if (isThere) return line;
	return `${line}\n         needed for ${neededFor.join(", ")}; ${remedy ?? ""}`;
}

function addExamples(command: Command, examples: readonly string[]): void {
	command.addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
}

/** For people: standard output is for results. */
function note(line: string): void {
	process.stderr.write(`${line}\n`);
}

function positive(text: string): number {
	if (/^[0-9]{1,6}$/.test(text) && Number(text) > 0) return Number(text);
	throw new InvalidArgumentError("Expected 1 or more.");
}

/** Says what went wrong. A defect keeps its stack, which helps whoever mends it. */
function report(error: unknown): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.success : ExitCode.usage;
	if (interrupted.aborted) return exitCodeOfInterruption();
	if (!(error instanceof ToolchainFailure || error instanceof DeviceError)) throw error;
	note(`firmware: ${error.message} (${error.code})`);
	if (error.remedy !== undefined) note(`remedy: ${error.remedy}`);
	return error instanceof ToolchainFailure ? error.exitCode : ExitCode.failure;
}
