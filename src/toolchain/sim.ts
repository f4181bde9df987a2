/**
 * `npm run firmware:sim`: the firmware in the Moddable SDK's simulator, with a folder for its flash.
 * @module
 */
import { join, resolve } from "node:path";
import { ACCESS_POINT_MOODS } from "../firmware/lin/access-point.js";
import { buildFolder, writeBuildFolder } from "./build-folder.js";
import { type BuildOptions, requireServer } from "./build-options.js";
import { madeFolder, runMcconfig } from "./mcconfig.js";
import { findSdk } from "./sdk.js";
import { fillStore } from "./simulated-store.js";
import { simulate } from "./simulator.js";
import type { Surroundings } from "./surroundings.js";
import { SIMULATOR } from "./targets.js";
import { ToolchainFailure, wrongOption } from "./toolchain-failure.js";

export interface SimFlags {
	readonly store: string;
	readonly credential?: string;
	readonly endpoint?: string;
	readonly ca?: string;
	readonly ssid: string;
	readonly accessPoint: string;
	readonly timeServer?: readonly string[];
	/** Commander's name for `--no-build`. */
	readonly build: boolean;
	readonly seconds?: number;
}

export interface SimRun {
	readonly surroundings: Surroundings;
	readonly flags: SimFlags;
	/** A line of the device's. */
	readonly onLine: (line: string) => void;
	/** A line of the build, or of the one who runs the device. */
	readonly onNote: (line: string) => void;
	/** It is built and is switched on. */
	readonly onPowerUp?: (() => void) | undefined;
	/** Ends it. */
	readonly signal: AbortSignal;
}

const OPTIONS: BuildOptions = { target: SIMULATOR, debug: false, ota: false, largeNvs: false, encryptNvs: false };

/** Builds, fills the store, and runs until the signal comes. @throws {ToolchainFailure} where something is missing or wrong. */
export async function runSimulation({ surroundings, flags, onLine, onNote, onPowerUp, signal }: SimRun): Promise<void> {
	if (!ACCESS_POINT_MOODS.some((mood) => mood === flags.accessPoint))
		throw wrongOption("--access-point", ACCESS_POINT_MOODS.join(", "), flags.accessPoint);
	for (const server of flags.timeServer ?? []) requireServer(server);
	if (flags.endpoint !== undefined && flags.credential === undefined)
		throw wrongOption("--endpoint", "--credential beside it", flags.endpoint);
	if (surroundings.system !== "linux")
		throw new ToolchainFailure({
			code: "wrong-system",
			cause: "the simulated device needs Linux",
			remedy: "npm run firmware:check builds the firmware for the chips; latchkey device --engine xs runs its core",
		});
	const sdk = findSdk(surroundings);
	const store = resolve(flags.store);
	fillStore(store, {
		credentialFile: flags.credential,
		endpoint: flags.endpoint,
		rootFile: flags.ca,
		ssid: flags.ssid,
		accessPoint: flags.accessPoint,
	});
	const folder = buildFolder(OPTIONS);
	if (flags.build) {
		writeBuildFolder(OPTIONS, folder, undefined);
		await runMcconfig({ sdk, options: OPTIONS, folder, goal: "build", onLine: onNote, signal });
	}
	const display = surroundings.environment["DISPLAY"] ?? "";
	onPowerUp?.();
	await simulate({
		sdk,
		library: libraryOf(folder, surroundings),
		store,
		timeServers: flags.timeServer ?? [],
		display: display === "" ? undefined : display,
		onLine,
		onRestart: (reason) => onNote(`the device restarts (reset reason ${reason})`),
		signal,
	});
}

function libraryOf(folder: string, { exists }: Surroundings): string {
	const library = join(madeFolder("bin", OPTIONS, folder), "mc.so");
	if (exists(library)) return library;
	throw new ToolchainFailure({
		code: "not-built",
		cause: "the firmware is not built for the simulator",
		remedy: "run npm run firmware:sim without --no-build",
	});
}
