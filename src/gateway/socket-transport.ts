/**
 * A TLS socket as the broker's connection wants it: methods that never throw, and back-pressure as a boolean.
 * @module
 */
import type { TLSSocket } from "node:tls";
import type { Transport } from "../broker/index.js";

export function socketTransport(socket: TLSSocket): Transport {
	return {
		write(bytes) {
			// A stream that has ended takes nothing; its close is told by itself.
			return socket.writable ? socket.write(bytes) : true;
		},
		pause: () => void socket.pause(),
		resume: () => void socket.resume(),
		end: () => void socket.end(),
		destroy: () => void socket.destroy(),
	};
}
