/**
 * The Moddable SDK's simulator without a screen of one's own: starts it, tells the device's lines, starts it again where a
 * chip would restart, and ends what it has started and nothing else.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import {
	POWER_ON,
	REASON_VARIABLE,
	RESTARTS,
	STORE_VARIABLE,
	TIME_SERVERS_VARIABLE,
} from "../firmware/lin/process-ends.js";
import { toolEnvironment } from "./mcconfig.js";
import type { Sdk } from "./sdk.js";
import { ToolchainFailure } from "./toolchain-failure.js";

export interface SimulatorOptions {
	readonly sdk: Sdk;
	/** The simulator's library, `mc.so`. */
	readonly library: string;
	/** Folder of the device's store. */
	readonly store: string;
	readonly timeServers: readonly string[];
	/** A display of the machine's, or one is made. */
	readonly display: string | undefined;
	/** A line of the device's. */
	readonly onLine: (line: string) => void;
	/** The device restarts, for ESP-IDF's reason of this number. */
	readonly onRestart: (reason: number) => void;
	/** Ends it. */
	readonly signal: AbortSignal;
}

/** Milliseconds that a chip takes to start, at least: a device that restarts at once does not keep the machine busy. */
const RESTART_PAUSE = 1_000;

/** ESP_RST_PANIC: the engine stopped and could not tell it to the firmware. */
const PANIC = 4;

/** Milliseconds that the firmware has to keep a note of why the engine stopped. */
const NOTE_TIME = 2_000;

/** Runs until the signal comes. @throws {ToolchainFailure} `no-display`, `simulator-ended` */
export async function simulate(options: SimulatorOptions): Promise<void> {
	const { signal, onRestart } = options;
	const screen = options.display === undefined ? await startScreen(signal) : undefined;
	const folder = mkdtempSync(join(tmpdir(), "latchkey-simulator-"));
	try {
		const display = options.display ?? screen!.display;
		let reason: number = POWER_ON;
		while (!signal.aborted) {
			reason = await runOnce(options, { folder, display, reason });
			if (signal.aborted) break;
			onRestart(reason);
			// It rejects when the signal comes, which ends the loop.
			await pause(RESTART_PAUSE, undefined, { signal }).catch(() => undefined);
		}
	} finally {
		await end(screen?.process);
		rmSync(folder, { recursive: true, force: true });
	}
}

interface Run {
	/** The simulator's own, so that two of them do not write to each other's files. */
	readonly folder: string;
	readonly display: string;
	readonly reason: number;
}

/** @returns the reason of the restart that ended it. */
async function runOnce(options: SimulatorOptions, { folder, display, reason }: Run): Promise<number> {
	const { sdk, library, store, timeServers, signal, onLine } = options;
	mkdirSync(join(folder, "tech.moddable.mcsim"), { recursive: true });
	const simulator = spawn(join(sdk.bin, "mcsim"), [join(sdk.folder, "build", "simulators"), library], {
		cwd: folder,
		env: toolEnvironment(sdk, {
			DISPLAY: display,
			XDG_CONFIG_HOME: folder,
			// No session: a simulator that runs already would take the library instead of this one.
			DBUS_SESSION_BUS_ADDRESS: "disabled:",
			GSETTINGS_BACKEND: "memory",
			NO_AT_BRIDGE: "1",
			[STORE_VARIABLE]: store,
			[REASON_VARIABLE]: String(reason),
			...(timeServers.length === 0 ? {} : { [TIME_SERVERS_VARIABLE]: timeServers.join(",") }),
		}),
		stdio: ["ignore", "pipe", "ignore"],
	});
	let hasSpoken = false;
	createInterface({ input: simulator.stdout }).on("line", (line) => {
		hasSpoken = true;
		onLine(line);
		// The firmware keeps its note and ends the process. After a stack that overflowed the engine asks it nothing, and the
		// simulator goes on without a device.
		if (line.startsWith("XS abort:")) setTimeout(() => simulator.kill("SIGABRT"), NOTE_TIME).unref();
	});
	const stop = () => void simulator.kill();
	signal.addEventListener("abort", stop, { once: true });
	if (signal.aborted) stop();
	const { code, killer } = await endOf(simulator);
	signal.removeEventListener("abort", stop);
	if (signal.aborted) return POWER_ON;
	const next = RESTARTS[code as keyof typeof RESTARTS];
	if (next !== undefined) return next;
	// What would be a panic of the chip; a simulator that cannot even start is none.
	if (killer !== null && hasSpoken) return PANIC;
	throw new ToolchainFailure({
		code: "simulator-ended",
		cause: `the simulator ended with ${killer === null ? `code ${code}` : `signal ${killer}`}`,
		remedy:
			"build it anew: remove the folder build/simulator; if it recurs, run the SDK's mcsim by hand to see what it says",
	});
}

interface Screen {
	readonly process: ChildProcess;
	readonly display: string;
}

/** A screen that nobody sees: Xvfb, on the first number that is free. */
async function startScreen(signal: AbortSignal): Promise<Screen> {
	const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp"], {
		stdio: ["ignore", "ignore", "ignore", "pipe"],
	});
	const numbers = createInterface({ input: screen.stdio[3] as Readable });
	const failure = new ToolchainFailure({
		code: "no-display",
		cause: "there is no DISPLAY, and Xvfb could not be started",
		remedy: "apt-get install xvfb",
	});
	const stop = () => void screen.kill();
	signal.addEventListener("abort", stop, { once: true });
	try {
		const number = await new Promise<string>((resolve, reject) => {
			numbers.once("line", resolve);
			screen.once("error", () => reject(failure));
			screen.once("exit", () => reject(failure));
		});
		return { process: screen, display: `:${number.trim()}` };
	} finally {
		signal.removeEventListener("abort", stop);
		numbers.close();
	}
}

async function end(process: ChildProcess | undefined): Promise<void> {
	if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
	process.kill();
	await endOf(process);
}

interface End {
	readonly code: number | null;
	/** The signal that ended it. */
	readonly killer: NodeJS.Signals | null;
}

function endOf(process: ChildProcess): Promise<End> {
	return new Promise((resolve, reject) => {
		process.once("error", reject);
		process.once("close", (code, killer) => resolve({ code, killer }));
	});
}
