/**
 * The guest's TLS socket: the real one is in Node, at the other end of the bridge.
 * @module
 */
import type {
	TLSSocket,
	TLSSocketConstructor,
	TLSSocketOptions,
	TransportFailureCode,
} from "../../../src/device/ports.js";
import { ALL, COMMAND, HOST_CALL, type MessageReader, MessageWriter } from "../protocol.js";
import { callHost } from "./call-host.js";

/** The sockets of one guest, by number. */
export class SocketTable {
	/** The class that the device core is given. */
	readonly TLSSocket: TLSSocketConstructor;
	private readonly open = new Map<number, TLSSocketOptions>();
	private last = 0;

	constructor() {
		const table = this;
		this.TLSSocket = class implements TLSSocket {
			private readonly id: number;

			constructor(options: TLSSocketOptions) {
				this.id = table.add(options);
			}

			read(count?: number): ArrayBuffer | undefined {
				if (!table.open.has(this.id)) return undefined;
				const bytes = callHost(new MessageWriter(HOST_CALL.socketRead).u32(this.id).u32(count ?? ALL)).bytes();
				return bytes.length === 0 ? undefined : bytes.buffer;
			}

			write(data: Uint8Array): number {
				if (!table.open.has(this.id)) return 0;
				return callHost(new MessageWriter(HOST_CALL.socketWrite).u32(this.id).bytes(data)).u32();
			}

			close(): void {
				if (table.open.delete(this.id)) callHost(new MessageWriter(HOST_CALL.socketClose).u32(this.id));
			}
		};
	}

	/** Passes on what Node tells of a socket; one that was closed meanwhile hears nothing. */
	notify(message: MessageReader): void {
		const id = message.u32();
		const options = this.open.get(id);
		if (options === undefined) return;
		if (message.kind === COMMAND.socketReadable) options.onReadable?.(message.u32());
		else if (message.kind === COMMAND.socketWritable) options.onWritable?.(message.u32());
		else {
			this.open.delete(id);
			options.onError?.({ code: message.text() as TransportFailureCode, message: message.text() });
		}
	}

	private add(options: TLSSocketOptions): number {
		this.last++;
		const { serverName, applicationLayerProtocolNegotiation, certificate } = options.secure;
		callHost(
			new MessageWriter(HOST_CALL.socketOpen)
				.u32(this.last)
				.text(options.host)
				.u32(options.port)
				.text(serverName)
				.json(applicationLayerProtocolNegotiation)
				.bytes(new Uint8Array(certificate ?? new ArrayBuffer(0))),
		);
		this.open.set(this.last, options);
		return this.last;
	}
}
