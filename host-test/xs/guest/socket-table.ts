/**
 * The sockets of a guest, by number: each is the near end of one in Node.
 * @module
 */
import type { TransportFailure } from "../../../src/device/ports.js";
import { COMMAND, HOST_CALL, type MessageReader, MessageWriter } from "../protocol.js";
import { callHost } from "./call-host.js";

/** What is told of a socket. */
export interface SocketListener {
	readonly onReadable?: ((count: number) => void) | undefined;
	readonly onWritable?: ((count: number) => void) | undefined;
	readonly onError?: ((failure: TransportFailure) => void) | undefined;
}

export class SocketTable {
	private readonly open = new Map<number, SocketListener>();
	private last = 0;

	/** @param request the host call that opens it in Node, given its number. */
	add(listener: SocketListener, request: (id: number) => MessageWriter): number {
		const id = ++this.last;
		callHost(request(id));
		this.open.set(id, listener);
		return id;
	}

	/** Up to `count` bytes; `undefined` where there are none. */
	read(id: number, count: number): ArrayBuffer | undefined {
		if (!this.open.has(id)) return undefined;
		const bytes = callHost(new MessageWriter(HOST_CALL.socketRead).u32(id).u32(count)).bytes();
		return bytes.length === 0 ? undefined : bytes.buffer;
	}

	/** @returns the bytes that can be written now. */
	write(id: number, data: Uint8Array): number {
		if (!this.open.has(id)) return 0;
		return callHost(new MessageWriter(HOST_CALL.socketWrite).u32(id).bytes(data)).u32();
	}

	close(id: number): void {
		if (this.open.delete(id)) callHost(new MessageWriter(HOST_CALL.socketClose).u32(id));
	}

	/** Passes on what Node tells of a socket; one that was closed meanwhile hears nothing. */
	notify(message: MessageReader): void {
		const listener = this.open.get(message.u32());
		if (message.kind === COMMAND.socketReadable) listener?.onReadable?.(message.u32());
		else if (message.kind === COMMAND.socketWritable) listener?.onWritable?.(message.u32());
		else listener?.onError?.(message.json() as TransportFailure);
	}
}
