/**
 * Why an offer is turned down, an image given up, or one on trial kept, beyond what the offer's own form and the flash say.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { thrownText, updateError } from "./update-error.js";
import { PATIENCE_TRIES } from "./update-table.js";

/** The other place holds the image to go back to. */
export function onTrial(): DeviceError {
	return updateError(
		"on-trial",
		"the image that runs is on trial itself, and the one to go back to would be written over",
		"offer again once the device has been online and has confirmed its image",
	);
}

export function alreadyRunning(version: number): DeviceError {
	return updateError("already-running", `version ${version} runs already`, "nothing to mend: the device has it");
}

/** @param than the version that it is not above, in words. */
export function notNewer(version: number, than: string): DeviceError {
	return updateError("not-newer", `version ${version} is not above ${than}`, "give the image a higher version");
}

export function givenUp(version: number, times: number): DeviceError {
	return updateError(
		"given-up",
		`version ${version} was received whole ${times} times, and did not stay: it was not what was signed, or did not get online`,
		"look at what it told and at the image, and give the next one a higher version",
	);
}

export function signatureWrong(): DeviceError {
	return updateError(
		"signature-wrong",
		"the offer's signature is not one of the updater that the device knows",
		"sign version, size and SHA-256 of the image with the private key whose public half is in the firmware",
		"signature",
	);
}

/** The signature could not be looked into. @param error what the hash threw. */
export function signatureUnread(error: unknown): DeviceError {
	return updateError(
		"hash-failed",
		`the device cannot compute a SHA-256 (${thrownText(error)})`,
		"offer the image again; if it recurs, the device has too little memory left",
	);
}

export function restartPending(): DeviceError {
	return updateError(
		"restart-pending",
		"another image is complete and boots at the next restart",
		"offer again once the device has restarted",
	);
}

export function superseded(version: number): DeviceError {
	return updateError("superseded", `version ${version} was offered meanwhile`, "nothing to mend: that one is taken");
}

/** @param unsent why the last request could not even be sent. */
export function unanswered(offset: number, unsent: string | undefined): DeviceError {
	const rest = unsent === undefined ? "" : `; the last could not be sent (${unsent})`;
	return updateError(
		"unanswered",
		`${PATIENCE_TRIES} requests for byte ${offset} and those that follow brought none${rest}`,
		"answer requests on the topic `data`, and offer the image again",
	);
}

/** @param error what the platform threw. */
export function rollbackFailed(error: unknown): DeviceError {
	return updateError(
		"rollback-failed",
		`the device cannot go back to the image before (${thrownText(error)})`,
		"bring the device online with the image that runs, or flash it by cable",
	);
}

/** A {@link DeviceError} as it is; anything else is a defect, and thrown on. */
export function expectDeviceError(error: unknown): DeviceError {
	if (error instanceof DeviceError) return error;
	throw error;
}
