/**
 * A certificate authority for one machine and one purpose: so that a device can check the local gateway
 * exactly as it checks AWS, by a chain to a root it was given.
 *
 * Keys are made at run time and given to the caller; where they are kept is the caller's affair.
 * @module
 */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;

/** A certificate and its private key, both PEM. */
export interface CertificateAndKey {
	readonly certificate: string;
	readonly privateKey: string;
}

export interface ServerCertificateRequest {
	/** DNS names the certificate is for, at least one; the first is also its common name. */
	readonly serverNames: readonly string[];
	/** IP addresses it is for as well. */
	readonly addresses?: readonly string[];
	/** Moment of issue, milliseconds since the epoch. */
	readonly now: number;
}

/** A self-signed P-256 root, valid for ten years from a day before `now` (milliseconds since the epoch). */
export async function createDevelopmentCa(now: number): Promise<CertificateAndKey> {
	const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
	const certificate = await x509.X509CertificateGenerator.createSelfSigned({
		serialNumber: serialNumber(),
		name: "CN=Latchkey development CA",
		notBefore: new Date(now - DAY),
		notAfter: new Date(now + 3650 * DAY),
		signingAlgorithm: ALGORITHM,
		keys,
		extensions: [
			new x509.BasicConstraintsExtension(true, 0, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
			await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
		],
	});
	return { certificate: `${certificate.toString("pem")}\n`, privateKey: await exportKey(keys.privateKey) };
}

/** A P-256 server certificate under `ca`, valid for 397 days from a day before `request.now`. */
export async function issueServerCertificate(
	ca: CertificateAndKey,
	request: ServerCertificateRequest,
): Promise<CertificateAndKey> {
	const [commonName] = request.serverNames;
	if (commonName === undefined) throw new RangeError("serverNames: expected at least one name, got none");
	const issuer = new x509.X509Certificate(ca.certificate);
	const signingKey = await importKey(ca.privateKey);
	const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
	const certificate = await x509.X509CertificateGenerator.create({
		serialNumber: serialNumber(),
		subject: [{ CN: [commonName] }],
		issuer: issuer.subject,
		notBefore: new Date(request.now - DAY),
		notAfter: new Date(request.now + 397 * DAY),
		signingAlgorithm: ALGORITHM,
		publicKey: keys.publicKey,
		signingKey,
		extensions: [
			new x509.BasicConstraintsExtension(false, undefined, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
			new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
			new x509.SubjectAlternativeNameExtension([
				...request.serverNames.map((value) => ({ type: "dns" as const, value })),
				...(request.addresses ?? []).map((value) => ({ type: "ip" as const, value })),
			]),
			await x509.AuthorityKeyIdentifierExtension.create(issuer),
			await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
		],
	});
	return { certificate: `${certificate.toString("pem")}\n`, privateKey: await exportKey(keys.privateKey) };
}

/** 16 random bytes, positive and without leading zeros (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
	const bytes = webcrypto.getRandomValues(new Uint8Array(16));
	bytes[0] = (bytes[0]! & 0x7f) | 0x40;
	return Buffer.from(bytes).toString("hex");
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
	return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
	const der = x509.PemConverter.decodeFirst(pem);
	return await webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}
