/**
 * The certificates of a gateway on this machine, kept in a folder: the same CA from one start to the next, so that a device
 * which was given its root goes on trusting it.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { type CertificateAndKey, createDevelopmentCa, issueServerCertificate } from "../gateway/development-ca.js";
import { exists, readInput, replacePrivateFile } from "./files.js";

export interface GatewayCertificates {
	/** PEM of the development CA, for clients. */
	readonly caFile: string;
	/** PEM of the gateway's own certificate and key. */
	readonly server: CertificateAndKey;
	/** DER of the CA, as a device is given its trust anchor. */
	readonly trustAnchor: ArrayBuffer;
}

/**
 * Opens the CA in `directory`, makes it when there is none, and issues a certificate for `serverNames`.
 * @param now milliseconds since the epoch.
 */
export async function openCertificates(
	directory: string,
	serverNames: readonly string[],
	now: number,
): Promise<GatewayCertificates> {
	const caFile = join(directory, "ca.pem");
	const caKeyFile = join(directory, "ca-key.pem");
	if (!(await exists(caFile)) || !(await exists(caKeyFile))) {
		const made = await createDevelopmentCa(now);
		await replacePrivateFile(caKeyFile, made.privateKey);
		await replacePrivateFile(caFile, made.certificate);
	}
	const ca = { certificate: await readInput(caFile, "CA"), privateKey: await readInput(caKeyFile, "CA key") };
	const server = await issueServerCertificate(ca, { serverNames, addresses: ["127.0.0.1", "::1"], now });
	return { caFile, server, trustAnchor: Uint8Array.from(new X509Certificate(ca.certificate).raw).buffer };
}
