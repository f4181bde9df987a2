/**
 * A TCP socket whose network is the test: as strict as lwIP's of the Moddable SDK about what may be asked of it.
 * @module
 */
import type { TransportFailure } from "../../src/device/ports.js";
import type { TCPSocket, TCPSocketOptions } from "../../src/firmware/tcp-socket.js";

export class ScriptedTcp implements TCPSocket {
	readonly options: TCPSocketOptions;
	/** All that was written. */
	readonly sent: number[] = [];
	closes = 0;
	/** What the socket above did that lwIP would throw at. */
	readonly misuses: string[] = [];
	/** Told by `write`, as lwIP's class does; otherwise it returns nothing. */
	tellsRoom = true;
	/** Calls back within `write`, which no TCP class should. */
	isHasty = false;
	/** It is lost and has not told so: as lwIP's it can be read and throws when it is written to. */
	isLost = false;
	/** Thrown by the next read or write. */
	fault: Error | undefined;
	private incoming: number[] = [];
	private room = 0;

	constructor(options: TCPSocketOptions) {
		this.options = options;
	}

	/** Bytes that have come and were not read. */
	get unread(): number {
		return this.incoming.length;
	}

	read(count: number): ArrayBuffer | undefined {
		this.use("read", count > 0 && count <= this.incoming.length);
		const bytes = this.incoming.splice(0, count);
		return bytes.length === 0 ? undefined : Uint8Array.from(bytes).buffer;
	}

	write(data: ArrayBuffer): unknown {
		if (this.isLost) throw new Error("not ready");
		this.use("write", data.byteLength > 0 && data.byteLength <= this.room);
		for (const byte of new Uint8Array(data)) this.sent.push(byte);
		this.room -= data.byteLength;
		if (this.isHasty) this.allow(this.room);
		return this.tellsRoom ? this.room : undefined;
	}

	close(): void {
		this.closes++;
	}

	/** Connected, or sent: `room` bytes can be written. */
	allow(room: number): void {
		this.room = room;
		if (this.closes === 0) this.options.onWritable(room);
	}

	deliver(...parts: Uint8Array[]): void {
		for (const part of parts) this.incoming.push(...part);
		if (this.closes === 0) this.options.onReadable(this.incoming.length);
	}

	end(failure?: TransportFailure): void {
		if (this.closes === 0) this.options.onError(failure);
	}

	private use(what: string, isAllowed: boolean): void {
		if (!isAllowed || this.closes > 0) this.misuses.push(what);
		const { fault } = this;
		this.fault = undefined;
		if (fault !== undefined) throw fault;
	}
}
