/**
 * Random numbers, digests and signatures by the device's own C.
 * @module
 */
import type { Digest, Hash, Random, RsaSigner } from "../device/ports.js";

/** What of `native/native.ts` these ports are made of. */
export interface NativeModule {
	randomBytes(count: number): ArrayBuffer;
	sha256(data: Uint8Array): ArrayBuffer;
	sha512(data: Uint8Array): ArrayBuffer;
	signRsaSha256(pkcs1: Uint8Array, message: Uint8Array): ArrayBuffer;
	readonly Sha256: new () => NativeHash;
}

/** A SHA-256 piece by piece. */
export interface NativeHash {
	update(data: Uint8Array): void;
	digest(): ArrayBuffer;
}

export interface NativePorts {
	readonly random: Random;
	readonly digest: Digest;
	readonly signer: RsaSigner;
	createHash(): Hash;
}

export function nativePorts({ randomBytes, sha256, sha512, signRsaSha256, Sha256 }: NativeModule): NativePorts {
	return {
		random: { bytes: (count) => new Uint8Array(randomBytes(count)) },
		digest: { sha256: (data) => new Uint8Array(sha256(data)), sha512: (data) => new Uint8Array(sha512(data)) },
		signer: (pkcs1, message) => new Uint8Array(signRsaSha256(pkcs1, message)),
		createHash() {
			const hash = new Sha256();
			return { update: (data) => hash.update(data), digest: () => new Uint8Array(hash.digest()) };
		},
	};
}
