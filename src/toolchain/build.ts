/**
 * `npm run firmware:build` and `npm run firmware:flash`: the image for a chip, by ESP-IDF, and its way onto it.
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildFolder, writeBuildFolder } from "./build-folder.js";
import { type BuildOptions, buildName } from "./build-options.js";
import { madeFolder, runMcconfig } from "./mcconfig.js";
import { findIdf, findSdk } from "./sdk.js";
import type { Surroundings } from "./surroundings.js";
import { ToolchainFailure } from "./toolchain-failure.js";

export interface BuildRun {
	readonly surroundings: Surroundings;
	readonly options: BuildOptions;
	readonly onLine: (line: string) => void;
	readonly signal?: AbortSignal | undefined;
}

/** Files of an image, as the SDK's make leaves them. */
const IMAGE_FILES = ["bootloader.bin", "partition-table.bin", "ota_data_initial.bin", "xs_esp32.bin"];

/**
 * @returns the paths of the image's files.
 * @throws {ToolchainFailure} `no-sdk`, `sdk-not-built`, `no-idf`, `build-failed`
 */
export async function buildFirmware({ surroundings, options, onLine, signal }: BuildRun): Promise<string[]> {
	const sdk = findSdk(surroundings);
	findIdf(surroundings);
	const folder = buildFolder(options);
	writeBuildFolder(options, folder, buildTime(surroundings));
	await runMcconfig({ sdk, options, folder, goal: "build", onLine, signal });
	const files = imageFiles(options);
	// make goes on where ESP-IDF's build fails, and ends well without an image (SDK 8.2.3).
	if (!files.some((file) => file.endsWith("xs_esp32.bin")))
		throw new ToolchainFailure({
			code: "build-failed",
			cause: `${buildName(options)}: ESP-IDF made no image`,
			remedy: "the lines above say why",
		});
	return files;
}

/** @param port of the serial line; ESP-IDF looks for one by itself. @throws {ToolchainFailure} as {@link buildFirmware}; `not-built` */
export async function flashFirmware(run: BuildRun, port: string | undefined): Promise<void> {
	const { surroundings, options, onLine, signal } = run;
	const sdk = findSdk(surroundings);
	findIdf(surroundings);
	if (imageFiles(options).length === 0)
		throw new ToolchainFailure({
			code: "not-built",
			cause: `${buildName(options)} is not built`,
			remedy: "run npm run firmware:build with the same options first",
		});
	const environment = port === undefined ? {} : { UPLOAD_PORT: port };
	await runMcconfig({ sdk, options, folder: buildFolder(options), goal: "deploy", environment, onLine, signal });
}

/** Milliseconds since 1970; of a build that is to be made again bit by bit, what SOURCE_DATE_EPOCH says (in seconds). */
export function buildTime({ environment }: Surroundings): number {
	const text = environment["SOURCE_DATE_EPOCH"] ?? "";
	if (text === "") return Date.now();
	if (/^[0-9]{1,12}$/.test(text)) return Number(text) * 1000;
	throw new ToolchainFailure({
		code: "wrong-variable",
		cause: `SOURCE_DATE_EPOCH: expected seconds since 1970, got ${JSON.stringify(text)}`,
		remedy: "unset it, or set it to such a number",
	});
}

function imageFiles(options: BuildOptions): string[] {
	const folder = madeFolder("bin", options, buildFolder(options));
	return IMAGE_FILES.map((file) => join(folder, file)).filter((file) => existsSync(file));
}
