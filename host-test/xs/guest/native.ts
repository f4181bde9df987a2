/**
 * The device's own C in the engine, and the ports that are made of it: TLS in the guest, over TCP by Node.
 * @module
 */
import type { Hash, Ports } from "../../../src/device/ports.js";
import type { TlsEngineConstructor } from "../../../src/firmware/native/tls-engine.js";
import { type TlsSession, tlsSocketClass } from "../../../src/firmware/tls-socket.js";
import type { World } from "./start-guest.js";

/** What `src/firmware/native` defines in an engine that it is linked into. */
export interface Native {
	readonly TlsEngine: TlsEngineConstructor;
	/** The library that TLS is made of, such as `mbedtls 2.28.3`. */
	readonly library: string;
	randomBytes(count: number): ArrayBuffer;
	sha256(data: Uint8Array): ArrayBuffer;
	sha512(data: Uint8Array): ArrayBuffer;
}

/** All of it; ports need no more than {@link Native}. */
export interface NativeModule extends Native {
	/** SHA-256 piece by piece. */
	readonly Sha256: new () => { update(data: Uint8Array): void; digest(): ArrayBuffer };
}

/** `undefined` in an engine without it. */
export const native: NativeModule | undefined = (globalThis as { readonly native?: NativeModule }).native;

/** A SHA-256 that is fed piece by piece, by the device's own C. */
export function createHash({ Sha256 }: NativeModule): Hash {
	const hash = new Sha256();
	return { update: (data) => hash.update(data), digest: () => new Uint8Array(hash.digest()) };
}

/** @param roots trust anchors, DER, for sockets that are given none. */
export function nativePorts(
	{ TlsEngine, randomBytes, sha256, sha512 }: Native,
	{ ports, TCP }: World,
	roots: readonly ArrayBuffer[],
	onSecured: (session: TlsSession) => void,
): Ports {
	const { clock, store } = ports;
	return {
		TLSSocket: tlsSocketClass({
			TlsEngine,
			TCP,
			roots,
			defer: (callback) => void clock.setTimer(callback, 0),
			onSecured,
			onFault(error) {
				// Out of TLS, and out of the machine: a defect of the guest is Node's to tell.
				clock.setTimer(() => {
					throw error;
				}, 0);
			},
		}),
		clock,
		random: { bytes: (count) => new Uint8Array(randomBytes(count)) },
		digest: { sha256: (data) => new Uint8Array(sha256(data)), sha512: (data) => new Uint8Array(sha512(data)) },
		store,
	};
}
