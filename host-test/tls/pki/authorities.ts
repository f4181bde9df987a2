/**
 * Who signs whom: a small world of roots, intermediates and leaves, each defect one changed member.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { type CertificatePlan, certificate, DAY } from "./certificate.js";
import { basicConstraints, dnsNames, extendedKeyUsage, KEY_USAGE, keyUsage, PURPOSE } from "./extensions.js";
import { type KeyKind, type KeyPair, keyPair } from "./keys.js";

/** The name the client under test asks for, where a row says nothing else. */
export const SERVER_NAME = "device.latchkey.test";

/** A certificate with its private key. */
export interface Identity extends KeyPair {
	readonly name: string;
	/** DER. */
	readonly certificate: Buffer;
}

/** What of a certificate a row changes. */
export interface Change extends Partial<Omit<CertificatePlan, "subject" | "publicKey" | "signingKey">> {
	readonly kind?: KeyKind | undefined;
	/** Signs with this key in place of the issuer's. */
	readonly signedBy?: KeyPair | undefined;
	/** Common name in the certificate, where it is not the name of the identity. */
	readonly commonName?: string | undefined;
}

const made = new Map<string, Identity>();

/** Remembers what `make` made under `id`. */
function once(id: string, make: () => Identity): Identity {
	const known = made.get(id) ?? make();
	made.set(id, known);
	return known;
}

export const CA_EXTENSIONS = [basicConstraints(true), keyUsage(KEY_USAGE.keyCertSign | KEY_USAGE.crlSign)];

/** Extensions of a sound leaf for `names`. */
export function leafExtensions(...names: readonly string[]): Buffer[] {
	return [
		basicConstraints(false),
		keyUsage(KEY_USAGE.digitalSignature),
		extendedKeyUsage(PURPOSE.serverAuth),
		dnsNames(...names),
	];
}

/** A self-signed root. */
export function root(name: string, change: Change = {}): Identity {
	const { kind, signedBy, commonName = name, ...plan } = change;
	const keys = keyPair(name, kind);
	const signingKey = signedBy?.privateKey ?? keys.privateKey;
	const contents = { subject: commonName, issuer: commonName, extensions: CA_EXTENSIONS, ...plan };
	const dates = { notAfter: new Date(Date.now() + 365 * DAY) };
	return { ...keys, name: commonName, certificate: certificate({ ...dates, ...contents, ...named(keys, signingKey) }) };
}

/** An issuer below `issuer`. */
export function intermediate(name: string, issuer: Identity, change: Change = {}): Identity {
	return below(name, issuer, { extensions: CA_EXTENSIONS, ...change });
}

/** A server's certificate below `issuer`, for {@link SERVER_NAME} where `change` does not say otherwise. */
export function leaf(issuer: Identity, change: Change = {}): Identity {
	return below("leaf", issuer, { commonName: SERVER_NAME, extensions: leafExtensions(SERVER_NAME), ...change });
}

function below(name: string, issuer: Identity, change: Change): Identity {
	const { kind, signedBy, commonName = name, extensions = [], ...plan } = change;
	const keys = keyPair(name, kind);
	const signingKey = signedBy?.privateKey ?? issuer.privateKey;
	const contents = { subject: commonName, issuer: issuer.name, extensions, ...plan };
	return { ...keys, name: commonName, certificate: certificate({ ...contents, ...named(keys, signingKey) }) };
}

function named(keys: KeyPair, signingKey: KeyPair["privateKey"]): Pick<CertificatePlan, "publicKey" | "signingKey"> {
	return { publicKey: keys.publicKey, signingKey };
}

/** The P-256 root the client trusts. */
export const trustedRoot = (): Identity => once("root", () => root("Latchkey Test Root"));
/** The issuer in use below it. */
export const trustedIntermediate = (): Identity =>
	once("intermediate", () => intermediate("Latchkey Test Issuer", trustedRoot()));
/** The sound server certificate below that. */
export const genuineLeaf = (): Identity => once("leaf", () => leaf(trustedIntermediate()));
/** The RSA-2048 root that rows with an RSA chain are to be tried with. */
export const rsaRoot = (): Identity => once("rsa root", () => root("Latchkey Test RSA Root", { kind: "rsa2048" }));
export const rsaIntermediate = (): Identity =>
	once("rsa intermediate", () => intermediate("Latchkey Test RSA Issuer", rsaRoot(), { kind: "rsa2048" }));
export const rsaLeaf = (): Identity => once("rsa leaf", () => leaf(rsaIntermediate(), { kind: "rsa2048" }));
/** A root nobody trusts. */
export const foreignRoot = (): Identity => once("foreign root", () => root("Forger Root"));

/** The trust anchor of a client under test, DER, where a row names none. */
export const trustedRoots = (): readonly Buffer[] => [trustedRoot().certificate];
/** The trust anchor of rows with an RSA chain. */
export const rsaRoots = (): readonly Buffer[] => [rsaRoot().certificate];

/** Certificates as they go on the wire, from the leaf up. */
export function chainOf(...identities: readonly Identity[]): readonly Buffer[] {
	return identities.map((identity) => identity.certificate);
}

/** PEM, as node:tls wants it. */
export function pem(der: Buffer): string {
	return new X509Certificate(der).toString();
}
