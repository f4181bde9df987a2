/**
 * The certificates of a gateway on this machine, kept in a folder: the same CA from one start to the next, so that a device
 * which was given its root goes on trusting it.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { type CertificateAndKey, createDevelopmentCa, issueServerCertificate } from "../gateway/development-ca.js";
import type { CredentialSource } from "../gateway/index.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { exists, readInput, replacePrivateFile } from "./files.js";

export interface GatewayCertificates {
	/** PEM of the development CA, for clients. */
	readonly caFile: string;
	/** The gateway's own certificates, made as they are needed: one for its own names, one for each further endpoint. */
	readonly tls: CredentialSource;
	/** DER of the CA, as a device is given its trust anchor. */
	readonly trustAnchor: ArrayBuffer;
}

/**
 * Opens the CA in `directory`, makes it when there is none, and issues certificates under it.
 * @param serverNames the gateway's own names; they share a certificate, which bears the loopback addresses too.
 * @param now milliseconds since the epoch.
 */
export async function openCertificates(
	directory: string,
	serverNames: readonly string[],
	now: () => number,
): Promise<GatewayCertificates> {
	const caFile = join(directory, "ca.pem");
	const caKeyFile = join(directory, "ca-key.pem");
	if (!(await exists(caFile)) || !(await exists(caKeyFile))) {
		const made = await createDevelopmentCa(now());
		await replacePrivateFile(caKeyFile, made.privateKey);
		await replacePrivateFile(caFile, made.certificate);
	}
	const ca = { certificate: await readInput(caFile, "CA"), privateKey: await readInput(caKeyFile, "CA key") };
	const addresses = ["127.0.0.1", "::1"];
	const own = asCredentials(await issueServerCertificate(ca, { serverNames, addresses, now: now() }));
	const ownNames = new Set(serverNames.map((name) => name.toLowerCase()));
	const tls: CredentialSource = {
		async credentials(serverName) {
			if (ownNames.has(serverName)) return own;
			return asCredentials(await issueServerCertificate(ca, { serverNames: [serverName], now: now() }));
		},
	};
	return { caFile, tls, trustAnchor: derOf(ca.certificate) };
}

function asCredentials({ certificate: cert, privateKey: key }: CertificateAndKey) {
	return { key, cert };
}

/**
 * The DER of a PEM certificate, as a device is given its trust anchor.
 * @throws {CommandFailure} for a file that is none.
 */
export async function readTrustAnchor(file: string): Promise<ArrayBuffer> {
	const pem = await readInput(file, "CA");
	try {
		return derOf(pem);
	} catch {
		throw new CommandFailure({
			code: "not-a-certificate",
			cause: `${file} holds no PEM certificate`,
			exitCode: ExitCode.usage,
		});
	}
}

function derOf(pem: string): ArrayBuffer {
	return Uint8Array.from(new X509Certificate(pem).raw).buffer;
}
