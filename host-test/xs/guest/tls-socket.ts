/**
 * The guest's TLS socket where TLS stays in Node.
 * @module
 */
import type { TLSSocket, TLSSocketConstructor, TLSSocketOptions, TransportFailure } from "../../../src/device/ports.js";
import { ALL, HOST_CALL, MessageWriter } from "../protocol.js";
import type { SocketTable } from "./socket-table.js";

/** The class that the device core is given. */
export function bridgedTlsSocketClass(table: SocketTable): TLSSocketConstructor {
	return class implements TLSSocket {
		private readonly id: number;

		constructor(options: TLSSocketOptions) {
			const { host, port, secure, onReadable, onWritable, onError } = options;
			const { serverName, applicationLayerProtocolNegotiation, certificate } = secure;
			const request = (id: number) =>
				new MessageWriter(HOST_CALL.socketOpen)
					.u32(id)
					.text(host)
					.u32(port)
					.text(serverName)
					.json(applicationLayerProtocolNegotiation)
					.bytes(new Uint8Array(certificate ?? new ArrayBuffer(0)));
			const listener = {
				onReadable,
				onWritable,
				onError: (failure: TransportFailure) => {
					this.close();
					onError?.(failure);
				},
			};
			this.id = table.add(listener, request);
		}

		read(count?: number): ArrayBuffer | undefined {
			return table.read(this.id, count ?? ALL);
		}

		write(data: Uint8Array): number {
			return table.write(this.id, data);
		}

		close(): void {
			table.close(this.id);
		}
	};
}
