/**
 * Answers what the guest asks of Node, with the ports that Node was given.
 * @module
 */
import type { FirmwareSlots, FirmwareWriter, Hash, Ports, TLSSocket } from "../../src/device/ports.js";
import { nodeHash } from "../../src/host/ports.js";
import type { TCPSocketOptions } from "../../src/host/tcp-socket.js";
import { type BridgeCallbacks, BridgedSocket, type Notice } from "./bridged-socket.js";
import { HOST_CALL, MessageReader, MessageWriter } from "./protocol.js";

/** What Node gives a guest. */
export interface HostPorts extends Pick<Ports, "TLSSocket" | "clock" | "random" | "digest" | "store"> {
	/** For a guest that has TLS of its own. */
	readonly TCPSocket?: (new (options: TCPSocketOptions) => TLSSocket) | undefined;
	/** For a guest that can be updated. */
	readonly firmware?: FirmwareSlots | undefined;
	/** For a guest that can be restarted; may end the guest. */
	readonly restart?: (() => void) | undefined;
}

type Handler = (call: MessageReader, answer: MessageWriter) => void;

export class HostCalls {
	/** Called when the guest is to be told something of a socket. */
	onNotice: ((socket: number, notice: Notice) => void) | undefined;
	private readonly ports: HostPorts;
	private readonly handlers: Readonly<Record<number, Handler>>;
	private readonly sockets = new Map<number, BridgedSocket>();

	constructor(ports: HostPorts, onEvent: (event: unknown) => void) {
		this.ports = ports;
		this.handlers = {
			...this.socketHandlers(),
			...portHandlers(ports),
			...hashHandlers(),
			...firmwareHandlers(ports),
			[HOST_CALL.event]: (call) => onEvent(call.json()),
		};
	}

	/** @throws as the port that is asked; the guest gets it. */
	answer(bytes: Uint8Array): Uint8Array {
		const call = new MessageReader(Uint8Array.from(bytes));
		const answer = new MessageWriter(call.kind);
		const handler = this.handlers[call.kind];
		if (handler === undefined) throw new RangeError(`host call: unknown kind ${call.kind}`);
		handler(call, answer);
		return answer.end();
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

	private socketHandlers(): Record<number, Handler> {
		return {
			[HOST_CALL.socketOpen]: (call) => this.openTls(call),
			[HOST_CALL.tcpOpen]: (call) => this.openTcp(call),
			[HOST_CALL.socketRead]: (call, answer) => {
				const socket = this.sockets.get(call.u32());
				answer.bytes(socket?.read(call.u32()) ?? new Uint8Array(0));
			},
			[HOST_CALL.socketWrite]: (call, answer) => {
				const socket = this.sockets.get(call.u32());
				answer.u32(socket?.write(call.bytes()) ?? 0);
			},
			[HOST_CALL.socketClose]: (call) => this.dropSocket(call.u32()),
		};
	}

	private openTls(call: MessageReader): void {
		const id = call.u32();
		const host = call.text();
		const port = call.u32();
		const serverName = call.text();
		const applicationLayerProtocolNegotiation = call.json() as string[];
		const certificate = call.bytes().buffer;
		const secure = { serverName, applicationLayerProtocolNegotiation };
		const options = { host, port, secure: certificate.byteLength === 0 ? secure : { ...secure, certificate } };
		this.add(id, (callbacks) => new this.ports.TLSSocket({ ...options, ...callbacks }));
	}

	private openTcp(call: MessageReader): void {
		const id = call.u32();
		const host = call.text();
		const port = call.u32();
		const { TCPSocket } = this.ports;
		if (TCPSocket === undefined) throw new Error("host call: Node has no TCP for this guest");
		this.add(id, (callbacks) => new TCPSocket({ host, port, ...callbacks }));
	}

	private add(id: number, open: (callbacks: BridgeCallbacks) => TLSSocket): void {
		this.sockets.set(id, new BridgedSocket(open, (notice) => this.onNotice?.(id, notice)));
	}
}

function hashHandlers(): Record<number, Handler> {
	const hashes = new Map<number, Hash>();
	let last = 0;
	return {
		[HOST_CALL.hashOpen]: (_call, answer) => {
			hashes.set(++last, nodeHash());
			answer.u32(last);
		},
		[HOST_CALL.hashUpdate]: (call) => hashes.get(call.u32())?.update(call.bytes()),
		[HOST_CALL.hashDigest]: (call, answer) => {
			const id = call.u32();
			answer.bytes(hashes.get(id)?.digest() ?? new Uint8Array(0));
			hashes.delete(id);
		},
	};
}

function firmwareHandlers({ firmware, restart }: HostPorts): Record<number, Handler> {
	let writer: FirmwareWriter | undefined;
	const close = () => {
		writer?.close();
		writer = undefined;
	};
	return {
		[HOST_CALL.firmwareBegin]: (call) => {
			close();
			writer = firmware?.begin(call.u32());
		},
		[HOST_CALL.firmwareWrite]: (call) => writer?.write(call.bytes()),
		[HOST_CALL.firmwareComplete]: () => writer?.complete(),
		[HOST_CALL.firmwareClose]: close,
		[HOST_CALL.firmwareConfirm]: () => firmware?.confirm(),
		[HOST_CALL.firmwareRollBack]: () => firmware?.rollBack(),
		[HOST_CALL.restart]: () => restart?.(),
	};
}

function portHandlers({ clock, random, digest, store }: HostPorts): Record<number, Handler> {
	return {
		[HOST_CALL.wallTime]: (_call, answer) => void answer.f64(clock.wallTime() ?? Number.NaN),
		[HOST_CALL.monotonic]: (_call, answer) => void answer.f64(clock.monotonic()),
		[HOST_CALL.random]: (call, answer) => void answer.bytes(random.bytes(call.u32())),
		[HOST_CALL.sha256]: (call, answer) => void answer.bytes(digest.sha256(call.bytes())),
		[HOST_CALL.sha512]: (call, answer) => void answer.bytes(digest.sha512(call.bytes())),
		[HOST_CALL.storeRead]: (call, answer) => {
			const value = store.read(call.text());
			if (value === undefined) answer.u32(0);
			else answer.u32(1).bytes(new Uint8Array(value));
		},
		[HOST_CALL.storeWrite]: (call) => store.write(call.text(), call.bytes().buffer),
		[HOST_CALL.storeDelete]: (call) => store.delete(call.text()),
	};
}
