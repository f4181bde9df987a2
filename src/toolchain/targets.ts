/**
 * What the firmware can be built for.
 * @module
 */
import { wrongOption } from "./toolchain-failure.js";

export interface Target {
	readonly name: string;
	/** mcconfig's `-p`. */
	readonly platform: string;
	/** A peripheral that encrypts NVS with a key of the chip's own (ESP-IDF, "NVS Encryption", HMAC scheme). */
	readonly hasHmac: boolean;
}

/** Chips, the first one unless told otherwise. */
export const CHIPS: readonly Target[] = [
	{ name: "esp32", platform: "esp32", hasHmac: false },
	{ name: "esp32s3", platform: "esp32/esp32s3", hasHmac: true },
	{ name: "esp32c3", platform: "esp32/esp32c3", hasHmac: true },
	{ name: "esp32c6", platform: "esp32/esp32c6", hasHmac: true },
];

/** The Moddable SDK's simulator on Linux. */
export const SIMULATOR: Target = { name: "simulator", platform: "lin", hasHmac: false };

/** @throws {ToolchainFailure} `wrong-option` */
export function chipOf(name: string): Target {
	const chip = CHIPS.find((candidate) => candidate.name === name);
	if (chip === undefined) throw wrongOption("--target", CHIPS.map((target) => target.name).join(", "), name);
	return chip;
}
