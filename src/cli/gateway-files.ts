/**
 * The certificates of a gateway on this machine, kept in a folder: the same CA from one start to the next, so that a device
 * which was given its root goes on trusting it.
 * @module
 */
import { join } from "node:path";
import { type CertificateAndKey, createDevelopmentCa, issueServerCertificate } from "../gateway/development-ca.js";
import type { CredentialSource } from "../gateway/index.js";
import { exists, readInput, replacePrivateFile } from "./files.js";
import { trustAnchorOf } from "./trust-anchor.js";

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
	return { caFile, tls, trustAnchor: trustAnchorOf(ca.certificate) };
}

function asCredentials({ certificate: cert, privateKey: key }: CertificateAndKey) {
	return { key, cert };
}
