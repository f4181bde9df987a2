/**
 * The root a device trusts, from a PEM file. Apart from where a development CA is made: whoever only reads a root has no use
 * for the libraries that issue certificates.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { CommandFailure, ExitCode } from "./failure.js";
import { readInput } from "./files.js";

/**
 * The DER of a PEM certificate, as a device is given its trust anchor.
 * @throws {CommandFailure} code `file-unreadable`, or `not-a-certificate` for a file that is none.
 */
export async function readTrustAnchor(file: string): Promise<ArrayBuffer> {
	const pem = await readInput(file, "CA");
	try {
		return trustAnchorOf(pem);
	} catch {
		throw new CommandFailure({
			code: "not-a-certificate",
			cause: `${file} holds no PEM certificate`,
			exitCode: ExitCode.usage,
		});
	}
}

/** @throws {Error} for a text that is no PEM certificate. */
export function trustAnchorOf(pem: string): ArrayBuffer {
	return Uint8Array.from(new X509Certificate(pem).raw).buffer;
}
