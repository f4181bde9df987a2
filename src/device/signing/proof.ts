/**
 * The proof that a connection carries: what a device shows to say that it is the one it was made to be, by the mode of its
 * credential.
 * @module
 */
import type {
	Credential,
	Ed25519Credential,
	MintedCredential,
	RsaCredential,
	UnsignedCredential,
} from "../credential/credential.js";
import { DeviceError } from "../device-error.js";
import { base64Encode } from "../encoding/base64.js";
import { utf8Encode } from "../encoding/utf8.js";
import type { Clock, Digest, Random, RsaSigner } from "../ports.js";
import { base64UrlEncode } from "./base64url.js";
import { signEd25519, storedEd25519KeyPair } from "./ed25519.js";
import { mintToken, TOKEN_ID_BYTES } from "./jwt.js";
import { parseRsaPrivateKey } from "./rsa-private-key.js";
import { signRsaSha256 } from "./rsa-sha256.js";
import { signRsaSha256By } from "./rsa-signer.js";

/** Secret but for its algorithm: whoever has a proof can connect with it for as long as it lasts. */
export interface Proof {
	/** Goes under the credential's token key name. */
	readonly token?: string;
	/** Standard base64; the token's. */
	readonly signature?: string;
	/** In place of the credential's MQTT password. */
	readonly password?: string;
	/** By what it was signed just now, for people: `RSA-2048 with SHA-256` or `Ed25519`; absent where nothing was signed. */
	readonly algorithm?: string;
}

/** What a proof is made with. */
export interface ProofPorts {
	readonly digest: Digest;
	/** Makes tokens that differ, and blinds the exponents of a signature. */
	readonly random: Random;
	/** Without it RSA signatures are made in TypeScript. */
	readonly signer?: RsaSigner | undefined;
	/** Asked for the modes whose proof tells the time. */
	readonly clock: Pick<Clock, "wallTime">;
}

/**
 * Makes the proof of the next connection, which may take seconds on the chip.
 *
 * The caller wipes the key afterwards. What the core's own arithmetic makes of it are BigInts, and those cannot be wiped: only
 * with a `signer` does no secret number of an RSA key stay behind in memory.
 * @param key as `CredentialVault.readKey` gives it; nothing for the modes without one.
 * @throws {DeviceError} step `signing`; code `key-missing`, `clock-unset` for a mode that tells the time, and what
 * `parseRsaPrivateKey`, `storedEd25519KeyPair` and the signing functions throw.
 */
export function makeProof(credential: Credential, key: Uint8Array | undefined, ports: ProofPorts): Proof {
	switch (credential.mode) {
		case "presigned":
			return { token: credential.token, signature: credential.signature };
		case "unsigned":
			return bareProof(credential);
		case "rsa":
			return signedToken(credential, credential.token, key, ports);
		case "minted":
			return mintedProof(credential, key, ports);
		case "ed25519":
			return signedClaim(credential, key, ports);
	}
}

/**
 * Whether one proof serves every connection from power-up on. One that tells the time is made anew for each: it ages, and
 * the function may take it once only.
 */
export function proofLasts(mode: Credential["mode"]): boolean {
	return mode !== "minted" && mode !== "ed25519";
}

function bareProof({ token }: UnsignedCredential): Proof {
	return token === undefined ? {} : { token };
}

function mintedProof(credential: MintedCredential, key: Uint8Array | undefined, ports: ProofPorts): Proof {
	const issuedAt = secondsOf(ports.clock);
	return signedToken(credential, mintToken(credential, issuedAt, ports.random.bytes(TOKEN_ID_BYTES)), key, ports);
}

function signedToken(
	{ mode }: RsaCredential | MintedCredential,
	token: string,
	key: Uint8Array | undefined,
	{ digest, random, signer }: ProofPorts,
): Proof {
	const message = utf8Encode(token);
	const pkcs1 = required(key, mode);
	const signature =
		signer === undefined
			? signRsaSha256(message, parseRsaPrivateKey(pkcs1), digest, random)
			: signRsaSha256By(signer, message, pkcs1, digest);
	return { token, signature: base64Encode(signature), algorithm: `RSA-${8 * signature.length} with SHA-256` };
}

/**
 * The claim of a device that has a key of its own: `<issued at>.<signature, base64url>`, the signature being over
 * `<client id>.<issued at>`; `examples/authorizer-ed25519.ts` verifies it.
 */
function signedClaim(
	{ mode, clientId }: Ed25519Credential,
	key: Uint8Array | undefined,
	{ digest, clock }: ProofPorts,
): Proof {
	const issuedAt = secondsOf(clock);
	const pair = storedEd25519KeyPair(required(key, mode), digest);
	const signature = signEd25519(utf8Encode(`${clientId}.${issuedAt}`), pair, digest);
	return { password: `${issuedAt}.${base64UrlEncode(signature)}`, algorithm: "Ed25519" };
}

function required(key: Uint8Array | undefined, mode: string): Uint8Array {
	if (key !== undefined) return key;
	throw new DeviceError({
		code: "key-missing",
		step: "signing",
		cause: `mode ${mode} signs, and there is no private key to sign with`,
		remedy: "provision the device again",
	});
}

/** Whole seconds since 1970-01-01T00:00:00Z. */
function secondsOf(clock: Pick<Clock, "wallTime">): number {
	const wallTime = clock.wallTime();
	if (wallTime !== undefined) return Math.floor(wallTime / 1000);
	throw new DeviceError({
		code: "clock-unset",
		step: "signing",
		cause: "what is signed tells the time, and the clock was never set",
		remedy: "set the clock first, for instance by SNTP",
	});
}
