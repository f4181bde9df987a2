/**
 * Answers what the guest asks of Node, with the ports that Node was given.
 * @module
 */
import type { Ports } from "../../src/device/ports.js";
import { BridgedSocket, type Notice } from "./bridged-socket.js";
import { HOST_CALL, MessageReader, MessageWriter } from "./guest/protocol.js";

export class HostCalls {
	/** Called when the guest is to be told something of a socket. */
	onNotice: ((socket: number, notice: Notice) => void) | undefined;
	private readonly ports: Ports;
	private readonly onEvent: (event: unknown) => void;
	private readonly sockets = new Map<number, BridgedSocket>();

	constructor(ports: Ports, onEvent: (event: unknown) => void) {
		this.ports = ports;
		this.onEvent = onEvent;
	}

	/** A socket that the guest has open. */
	socket(id: number): BridgedSocket | undefined {
		return this.sockets.get(id);
	}

	/** Closes a socket; the guest has no more to do with it. */
	dropSocket(id: number): void {
		this.sockets.get(id)?.close();
		this.sockets.delete(id);
	}

	closeSockets(): void {
		for (const id of [...this.sockets.keys()]) this.dropSocket(id);
	}

	/** @throws as the port that is asked; the guest gets it. */
	answer(bytes: Uint8Array): Uint8Array {
		const call = new MessageReader(Uint8Array.from(bytes));
		const answer = new MessageWriter(call.kind);
		this.serve(call, answer);
		return answer.end();
	}

	private serve(call: MessageReader, answer: MessageWriter): void {
		const { clock, random, digest } = this.ports;
		switch (call.kind) {
			case HOST_CALL.socketOpen:
			case HOST_CALL.socketRead:
			case HOST_CALL.socketWrite:
			case HOST_CALL.socketClose:
				return this.serveSocket(call, answer);
			case HOST_CALL.wallTime:
				return void answer.f64(clock.wallTime() ?? Number.NaN);
			case HOST_CALL.monotonic:
				return void answer.f64(clock.monotonic());
			case HOST_CALL.random:
				return void answer.bytes(random.bytes(call.u32()));
			case HOST_CALL.sha256:
				return void answer.bytes(digest.sha256(call.bytes()));
			case HOST_CALL.event:
				return this.onEvent(call.json());
			default:
				return this.serveStore(call, answer);
		}
	}

	private serveSocket(call: MessageReader, answer: MessageWriter): void {
		const id = call.u32();
		const socket = this.sockets.get(id);
		switch (call.kind) {
			case HOST_CALL.socketOpen:
				return this.open(id, call);
			case HOST_CALL.socketRead:
				return void answer.bytes(socket?.read(call.u32()) ?? new Uint8Array(0));
			case HOST_CALL.socketWrite:
				return void answer.u32(socket?.write(call.bytes()) ?? 0);
			default:
				return this.dropSocket(id);
		}
	}

	private open(id: number, call: MessageReader): void {
		const host = call.text();
		const port = call.u32();
		const serverName = call.text();
		const applicationLayerProtocolNegotiation = call.json() as string[];
		const certificate = call.bytes().buffer;
		const secure = { serverName, applicationLayerProtocolNegotiation };
		const options = { host, port, secure: certificate.byteLength === 0 ? secure : { ...secure, certificate } };
		const notify = (notice: Notice) => this.onNotice?.(id, notice);
		this.sockets.set(id, new BridgedSocket(this.ports.TLSSocket, options, notify));
	}

	private serveStore(call: MessageReader, answer: MessageWriter): void {
		const { store } = this.ports;
		switch (call.kind) {
			case HOST_CALL.storeRead: {
				const value = store.read(call.text());
				if (value === undefined) answer.u32(0);
				else answer.u32(1).bytes(new Uint8Array(value));
				return;
			}
			case HOST_CALL.storeWrite:
				return store.write(call.text(), call.bytes().buffer);
			case HOST_CALL.storeDelete:
				return store.delete(call.text());
			default:
				throw new RangeError(`host call: unknown kind ${call.kind}`);
		}
	}
}
