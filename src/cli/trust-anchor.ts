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
	const count = pem.split("-----BEGIN CERTIFICATE-----").length - 1;
	if (count > 1)
		throw new CommandFailure({
			code: "several-certificates",
			cause: `${file} holds ${count} certificates, and a device trusts one root here`,
			remedy: "give a file with the one root that the server's chain ends in",
			exitCode: ExitCode.usage,
		});
	try {
		return trustAnchorOf(pem);
	} catch {
		throw new CommandFailure({
			code: "not-a-certificate",
			cause: `${file} holds no PEM certificate`,
			remedy: "give the root as text between BEGIN CERTIFICATE and END CERTIFICATE; latchkey up says where its own is",
			exitCode: ExitCode.usage,
		});
	}
}

/** @throws {Error} for a text that is no PEM certificate. */
export function trustAnchorOf(pem: string): ArrayBuffer {
	return Uint8Array.from(new X509Certificate(pem).raw).buffer;
}
