/**
 * What a build can be told, and what of it goes together.
 * @module
 */
import { type Command, InvalidArgumentError } from "commander";
import { serverOf } from "../firmware/settings.js";
import { CHIPS, chipOf, type Target } from "./targets.js";
import { ExitCode, ToolchainFailure, wrongOption } from "./toolchain-failure.js";

export interface BuildOptions {
	readonly target: Target;
	/** For the SDK's debugger; else a release. */
	readonly debug: boolean;
	/** Two places for the image, and rollback. */
	readonly ota: boolean;
	/** A partition of 128 KiB for NVS instead of 24 KiB. */
	readonly largeNvs: boolean;
	/** NVS encrypted with a key in the chip's eFuses. */
	readonly encryptNvs: boolean;
	/** Into the manifest's `config` (`src/firmware/settings.ts`); absent: as the manifest says. */
	readonly firmwareVersion?: number | undefined;
	readonly timeServers?: readonly string[] | undefined;
	readonly lightPin?: number | undefined;
	readonly lightActiveLow?: boolean | undefined;
}

/** As commander hands them over. */
export interface BuildFlags {
	readonly target: string;
	readonly debug?: boolean;
	readonly ota?: boolean;
	readonly largeNvs?: boolean;
	readonly encryptNvs?: boolean;
	readonly firmwareVersion?: number;
	readonly timeServer?: readonly string[];
	readonly lightPin?: number;
	readonly lightActiveLow?: boolean;
}

/** Options of every command that names an image; those that only {@link addImageOptions} has do not change where it is. */
export function addTargetOptions(command: Command): Command {
	return command
		.option("--target <chip>", CHIPS.map(({ name }) => name).join(", "), CHIPS[0]!.name)
		.option("--debug", "for the SDK's debugger xsbug; without it a release")
		.option("--ota", "two places for the image, so that it can be updated, and rollback")
		.option("--large-nvs", "128 KiB for what the device keeps, instead of 24 KiB")
		.option("--encrypt-nvs", "encrypt what the device keeps with a key in its eFuses (not on the first ESP32)");
}

export function addImageOptions(command: Command): Command {
	return command
		.option("--firmware-version <number>", "a counter, 0 to 4294967295: an update must be higher", integer(0xffffffff))
		.option("--time-server <servers...>", "host or host:port; servers of time, asked in this order")
		.option("--light-pin <pin>", "the pin of a status light", integer(48))
		.option("--light-active-low", "the light is lit when its pin is low");
}

/** @throws {ToolchainFailure} `wrong-option`, `not-on-this-chip` */
export function buildOptionsOf(flags: BuildFlags): BuildOptions {
	const target = chipOf(flags.target);
	const { debug = false, ota = false, largeNvs = false, encryptNvs = false } = flags;
	const { firmwareVersion, timeServer: timeServers, lightPin, lightActiveLow } = flags;
	for (const server of timeServers ?? []) requireServer(server);
	if (encryptNvs && !target.hasHmac)
		throw new ToolchainFailure({
			code: "not-on-this-chip",
			cause: `--encrypt-nvs: ${target.name} has no HMAC peripheral to hold the key`,
			remedy: "take a chip that has one (esp32s3, esp32c3, esp32c6); SECURITY.md says what a plain NVS gives away",
			exitCode: ExitCode.usage,
		});
	return { target, debug, ota, largeNvs, encryptNvs, firmwareVersion, timeServers, lightPin, lightActiveLow };
}

/** A name for the folder of such a build. */
export function buildName({ target, debug, ota, largeNvs, encryptNvs }: BuildOptions): string {
	const parts: [boolean, string][] = [
		[ota, "ota"],
		[largeNvs, "large-nvs"],
		[encryptNvs, "encrypt-nvs"],
		[debug, "debug"],
	];
	return [target.name, ...parts.filter(([isOn]) => isOn).map(([, name]) => name)].join("-");
}

/** @throws {ToolchainFailure} `wrong-option`, for what the firmware would pass over. */
export function requireServer(text: string): void {
	if (serverOf(text) === undefined)
		throw wrongOption("--time-server", "a name or address, with or without :port", text);
}

function integer(most: number): (text: string) => number {
	return (text) => {
		if (/^[0-9]{1,10}$/.test(text) && Number(text) <= most) return Number(text);
		throw new InvalidArgumentError(`Expected 0 to ${most}.`);
	};
}
