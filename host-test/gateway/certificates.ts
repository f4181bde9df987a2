/**
 * A certificate authority for the length of a test run, and server certificates from it.
 * @module
 */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
	BasicConstraintsExtension,
	cryptoProvider,
	ExtendedKeyUsage,
	ExtendedKeyUsageExtension,
	KeyUsageFlags,
	KeyUsagesExtension,
	SubjectAlternativeNameExtension,
	X509CertificateGenerator,
} from "@peculiar/x509";

cryptoProvider.set(webcrypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

export interface ServerIdentity {
	/** PEM of the authority, which clients trust. */
	readonly ca: string;
	/** PEM. */
	readonly cert: string;
	/** PEM, PKCS#8. */
	readonly key: string;
}

/** A server certificate for these DNS names, from an authority of its own. */
export async function createServerIdentity(
	names: readonly string[],
	authorityName = "Test authority",
): Promise<ServerIdentity> {
	const [authority, server] = [await generateKeys(), await generateKeys()];
	const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
	const ca = await X509CertificateGenerator.createSelfSigned({
		...validity,
		name: `CN=${authorityName}`,
		keys: authority,
		signingAlgorithm: ALGORITHM,
		extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
	});
	const certificate = await X509CertificateGenerator.create({
		...validity,
		subject: `CN=${names[0]}`,
		issuer: ca.subject,
		publicKey: server.publicKey,
		signingKey: authority.privateKey,
		signingAlgorithm: ALGORITHM,
		extensions: [
			new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value }))),
			new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
		],
	});
	const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", server.privateKey));
	return { ca: ca.toString("pem"), cert: certificate.toString("pem"), key: pem(pkcs8) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
	return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function pem(pkcs8: Buffer): string {
	const lines = pkcs8.toString("base64").match(/.{1,64}/g) ?? [];
	return ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
}
