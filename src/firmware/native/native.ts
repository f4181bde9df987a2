/**
 * The device's C as JavaScript sees it in the Moddable SDK: the TLS engine, RSA signatures, random numbers, digests, and
 * a digest piece by piece.
 *
 * xsc, the SDK's compiler (8.2 and later), takes `native("name")` and `Native("name")` for the C functions of that
 * name; elsewhere there are no such functions, and a host defines a global `native` with the same members
 * (`native_host.c`).
 * @module
 */
import type { TlsEngine as Engine, TlsEngineOptions } from "./tls-engine.js";

type Callback = (...values: unknown[]) => unknown;
declare const native: (callback: string) => Callback;
declare const Native: (destructor: string) => new () => object;

const construct = native("xs_tls_engine");
const receive = native("xs_tls_engine_receive");
const produced = native("xs_tls_engine_produced");
const send = native("xs_tls_engine_send");
const plain = native("xs_tls_engine_plain");
const end = native("xs_tls_engine_end");
const closeNotify = native("xs_tls_engine_close_notify");
const close = native("xs_tls_engine_close");
const getState = native("xs_tls_engine_get_state");
const getFailure = native("xs_tls_engine_get_failure");
const getReadable = native("xs_tls_engine_get_readable");
const getWritable = native("xs_tls_engine_get_writable");
const getPending = native("xs_tls_engine_get_pending");
const getAlert = native("xs_tls_engine_get_alert");
const getDepth = native("xs_tls_engine_get_depth");
const getVersion = native("xs_tls_engine_get_version");
const getCipherSuite = native("xs_tls_engine_get_cipher_suite");
const getProtocol = native("xs_tls_engine_get_protocol");

/** See {@link Engine}. Roots in flash (of a `Resource`) are used where they lie, all others are copied. */
export class TlsEngine extends Native("xs_tls_engine_destructor") implements Engine {
	/** @throws {RangeError} or {TypeError} on options that are out of bounds; nothing else is ever thrown for. */
	constructor(options: TlsEngineOptions) {
		super();
		construct.call(this, options);
	}

	receive(bytes: Uint8Array): number {
		return receive.call(this, bytes) as number;
	}

	produced(limit: number): ArrayBuffer | undefined {
		return produced.call(this, limit) as ArrayBuffer | undefined;
	}

	send(bytes: Uint8Array): number {
		return send.call(this, bytes) as number;
	}

	plain(limit: number): ArrayBuffer | undefined {
		return plain.call(this, limit) as ArrayBuffer | undefined;
	}

	end(): void {
		end.call(this);
	}

	closeNotify(): void {
		closeNotify.call(this);
	}

	close(): void {
		close.call(this);
	}

	get state(): number {
		return getState.call(this) as number;
	}

	get failure(): number {
		return getFailure.call(this) as number;
	}

	get readable(): number {
		return getReadable.call(this) as number;
	}

	get writable(): number {
		return getWritable.call(this) as number;
	}

	get pending(): number {
		return getPending.call(this) as number;
	}

	get alert(): number {
		return getAlert.call(this) as number;
	}

	get depth(): number {
		return getDepth.call(this) as number;
	}

	get version(): string {
		return getVersion.call(this) as string;
	}

	get cipherSuite(): string {
		return getCipherSuite.call(this) as string;
	}

	get protocol(): string {
		return getProtocol.call(this) as string;
	}
}

const beginHash = native("xs_hash");
const updateHash = native("xs_hash_update");
const digestHash = native("xs_hash_digest");

/**
 * SHA-256 (FIPS 180-4) of what comes piece by piece, beside TLS and any number of others. What it holds outside of
 * JavaScript is zeroed and freed with the digest, or with the object.
 */
export class Sha256 extends Native("xs_hash_destructor") {
	/** @throws {Error} where there is no memory for it. */
	constructor() {
		super();
		beginHash.call(this);
	}

	/** @throws {TypeError} after the digest was taken; {Error} where the library fails. */
	update(data: Uint8Array): void {
		updateHash.call(this, data);
	}

	/**
	 * The 32 bytes, once.
	 * @throws {TypeError} the second time; {Error} where the library fails.
	 */
	digest(): ArrayBuffer {
		return digestHash.call(this) as ArrayBuffer;
	}
}

/**
 * RSASSA-PKCS1-v1_5 with SHA-256.
 * @param pkcs1 DER of an RSAPrivateKey (RFC 8017 appendix A.1.2), 2048..4096 bits; PKCS#8 has to be unwrapped before.
 * @returns the signature, as long as the modulus.
 * @throws {RangeError} when it is no such key. No error holds any part of it.
 */
export const signRsaSha256 = native("xs_sign_rsa_sha256") as (pkcs1: Uint8Array, message: Uint8Array) => ArrayBuffer;

/**
 * Bytes that an attacker cannot guess; on ESP32 once the radio is on.
 * @param count 1..65536
 * @throws {RangeError} out of these bounds.
 */
export const randomBytes = native("xs_random_bytes") as (count: number) => ArrayBuffer;

/** SHA-256 (FIPS 180-4): 32 bytes. */
export const sha256 = native("xs_sha256") as (data: Uint8Array) => ArrayBuffer;

/** SHA-512 (FIPS 180-4): 64 bytes. */
export const sha512 = native("xs_sha512") as (data: Uint8Array) => ArrayBuffer;

/**
 * Name and version of the TLS library, such as `mbedtls 3.6.5`. A function: the SDK runs this module's own statements
 * on the machine that builds the firmware, where none of these C functions is.
 */
export const library = native("xs_tls_library") as () => string;
