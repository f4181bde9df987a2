/**
 * An ECMA-419 TCP socket on node:net, which resolves names itself: what a device's own TLS runs over on a host.
 * @module
 */
import net from "node:net";
import { type SocketCallbacks, StreamSocket } from "./stream-socket.js";

/** No callback runs inside the constructor. The first `onWritable` means: connected. */
export interface TCPSocketOptions extends SocketCallbacks {
	/** Name or address. */
	readonly host: string;
	/** 1..65535. */
	readonly port: number;
}

export class NodeTCPSocket extends StreamSocket {
	/** @throws {RangeError} for a port out of bounds. */
	constructor(options: TCPSocketOptions) {
		const { host, port, onReadable, onWritable, onError } = options;
		const stream = net.connect({ host, port });
		super(stream, { onReadable, onWritable, onError });
		stream.on("connect", () => this.ready());
	}
}
