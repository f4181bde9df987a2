/**
 * Token signing public keys: what AWS takes as one, and the key objects made of them.
 *
 * AWS reads PEM the way Bouncy Castle's PemReader does, which the messages below were measured to agree with: text
 * before the BEGIN line is skipped, that line must start at the margin and hold nothing else, and the END line must be there.
 * @module
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import type { Authorizer } from "./authorizer.js";

/** AWS takes no shorter RSA modulus, in bits. */
const SHORTEST_KEY = 2048;

/** DER encodings of a public key that a PEM label stands for. */
const LABELS: Readonly<Record<string, "spki" | "pkcs1" | undefined>> = {
	"PUBLIC KEY": "spki",
	"RSA PUBLIC KEY": "pkcs1",
};

/** A key that AWS would not register. `message` is AWS's own; `keyName` says which. */
export class InvalidSigningKeyError extends Error {
	override readonly name = "InvalidSigningKeyError";
	readonly code = "invalid-signing-key";
	readonly keyName: string;

	constructor(keyName: string, message: string) {
		super(message);
		this.keyName = keyName;
	}
}

/**
 * Checks a key as CreateAuthorizer does.
 * @throws {InvalidSigningKeyError}
 */
export function validateSigningKey(authorizerName: string, keyName: string, pem: string): void {
	readSigningKey(authorizerName, keyName, pem);
}

function readSigningKey(authorizerName: string, keyName: string, pem: string): KeyObject {
	const inconvertible = `Cannot convert public key PEM for authorizer ${authorizerName} to RSA key`;
	const notRsa = `Authorizer ${authorizerName} public key for key name ${keyName} not a valid RSA key`;
	const lines = pem.split(/\r\n|\r|\n/);
	const begin = lines.findIndex((line) => line.startsWith("-----BEGIN "));
	const label = /^-----BEGIN ([^-]+)-----$/.exec(lines[begin] ?? "")?.[1];
	if (label === undefined) throw new InvalidSigningKeyError(keyName, notRsa);
	const end = lines.findIndex((line, index) => index > begin && line.startsWith(`-----END ${label}-----`));
	const type = LABELS[label];
	if (end < 0 || type === undefined) throw new InvalidSigningKeyError(keyName, inconvertible);
	const key = keyOf(lines.slice(begin + 1, end).join(""), type);
	if (key === undefined) throw new InvalidSigningKeyError(keyName, inconvertible);
	if (key.asymmetricKeyType !== "rsa") throw new InvalidSigningKeyError(keyName, notRsa);
	const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
	if (bits >= SHORTEST_KEY) return key;
	const tooShort = `Key must be ${SHORTEST_KEY} bits but was ${bits} bits`;
	throw new InvalidSigningKeyError(
		keyName,
		`Authorizer ${authorizerName} public key for key name ${keyName} invalid: ${tooShort}`,
	);
}

function keyOf(base64: string, type: "spki" | "pkcs1"): KeyObject | undefined {
	try {
		return createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type });
	} catch {
		return undefined; // What the DER lacks is of no use to the reader; AWS says no more either.
	}
}

/** A registered key, ready to verify with. */
export interface SigningKey {
	readonly name: string;
	readonly key: KeyObject;
	/** Length of the modulus, and so of every signature, in bytes. */
	readonly size: number;
}

const keysByAuthorizer = new WeakMap<Authorizer, readonly SigningKey[]>();

/**
 * The keys of an authorizer, parsed once for each authorizer object.
 * @throws {InvalidSigningKeyError} for a key that never passed {@link validateSigningKey}.
 */
export function signingKeysOf(authorizer: Authorizer): readonly SigningKey[] {
	const known = keysByAuthorizer.get(authorizer);
	if (known !== undefined) return known;
	const keys = Object.entries(authorizer.tokenSigningPublicKeys).map(([name, pem]) => {
		const key = readSigningKey(authorizer.name, name, pem);
		return { name, key, size: Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8) };
	});
	keysByAuthorizer.set(authorizer, keys);
	return keys;
}
