/**
 * The device's own C in the engine, and the ports that are made of it: TLS in the guest, over TCP by Node.
 * @module
 */
import type { Ports } from "../../../src/device/ports.js";
import type { TlsEngineConstructor } from "../../../src/firmware/native/tls-engine.js";
import {
	type NativeModule,
	type NativePorts as OwnPorts,
	nativePorts as ownPorts,
} from "../../../src/firmware/native-ports.js";
import { type TlsSession, tlsSocketClass } from "../../../src/firmware/tls-socket.js";
import type { World } from "./start-guest.js";

/** What `src/firmware/native` defines in an engine that it is linked into. */
export interface Native extends NativeModule {
	readonly TlsEngine: TlsEngineConstructor;
	/** The library that TLS is made of, such as `mbedtls 2.28.3`. */
	readonly library: string;
}

/** `undefined` in an engine without it. */
export const native: Native | undefined = (globalThis as { readonly native?: Native }).native;

/** @param roots trust anchors, DER, for sockets that are given none. */
export function nativePorts(
	native: Native,
	{ ports, TCP }: World,
	roots: readonly ArrayBuffer[],
	onSecured: (session: TlsSession) => void,
): Ports & Pick<OwnPorts, "createHash"> {
	const { TlsEngine } = native;
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
		store,
		...ownPorts(native),
	};
}
