/**
 * The guest's TCP socket, for TLS that runs in the guest: names are resolved and TCP is spoken by Node.
 * @module
 */
import type { TCPSocket, TCPSocketConstructor, TCPSocketOptions } from "../../../src/firmware/tcp-socket.js";
import { HOST_CALL, MessageWriter } from "../protocol.js";
import type { SocketTable } from "./socket-table.js";

export function bridgedTcpSocketClass(table: SocketTable): TCPSocketConstructor {
	return class implements TCPSocket {
		private readonly id: number;

		constructor(options: TCPSocketOptions) {
			const { host, port } = options;
			this.id = table.add(options, (id) => new MessageWriter(HOST_CALL.tcpOpen).u32(id).text(host).u32(port));
		}

		read(count: number): ArrayBuffer | undefined {
			return table.read(this.id, count);
		}

		write(data: ArrayBuffer): number {
			return table.write(this.id, new Uint8Array(data));
		}

		close(): void {
			table.close(this.id);
		}
	};
}
