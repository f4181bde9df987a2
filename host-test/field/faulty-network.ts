/**
 * The network between a device and the gateway, which fails at one byte of a connection as a test says.
 * @module
 */
import type { TLSSocket, TransportFailure } from "../../src/device/ports.js";
import { NodeTCPSocket, type TCPSocketOptions } from "../../src/host/tcp-socket.js";

/** `down` is what the gateway sends. */
export type Direction = "down" | "up";

export type FaultKind =
	/** The connection ends before this byte; what came earlier gets through. */
	| "cut"
	/** Neither this byte nor anything after it gets through, either way, and nobody is told. */
	| "silence"
	/** One bit of this byte is another one. */
	| "flip"
	/** This byte and all after it are held until the test lets them go. */
	| "hold";

export interface Fault {
	readonly kind: FaultKind;
	readonly direction: Direction;
	/** The byte of that direction, from 0. */
	readonly at: number;
}

const CUT: TransportFailure = { code: "closed", message: "the network cut the connection", step: "tcp" };

export class FaultyNetwork {
	/** What befalls the next connections. */
	fault: Fault | undefined;
	/** No connection comes about. */
	isDown = false;
	/** Each byte comes by itself, and the next one later. */
	trickles = false;
	/** Connections so far. */
	connections = 0;
	/** Bytes of the last connection. */
	readonly moved = { down: 0, up: 0 };
	/** Whether the fault has befallen the last connection. */
	struck = false;
	/** Counts whatever moves, so that silence can be told. */
	activity = 0;
	/** Connections that are open. */
	readonly open = new Set<FaultySocket>();
	/** The class to be given to a guest. */
	readonly TCPSocket: new (
		options: TCPSocketOptions,
	) => TLSSocket;

	constructor() {
		const network = this;
		this.TCPSocket = class extends FaultySocket {
			constructor(options: TCPSocketOptions) {
				super(network, options);
			}
		};
	}

	/** Lets go what is held. */
	release(): void {
		for (const socket of this.open) socket.release();
	}

	/** Ends all connections, as a network does that is pulled. */
	cutAll(): void {
		for (const socket of [...this.open]) socket.cut();
	}
}

class FaultySocket implements TLSSocket {
	private readonly network: FaultyNetwork;
	private readonly options: TCPSocketOptions;
	private readonly socket: NodeTCPSocket;
	private fault: Fault | undefined;
	private incoming: Uint8Array[] = [];
	private held: Uint8Array[] | undefined;
	private isSilent = false;
	private isOver = false;
	private readonly drops: number[] = [];
	private readonly moved: { down: number; up: number };

	constructor(network: FaultyNetwork, options: TCPSocketOptions) {
		this.network = network;
		this.options = options;
		this.fault = network.fault;
		network.connections++;
		network.struck = false;
		this.moved = network.moved;
		this.moved.down = 0;
		this.moved.up = 0;
		network.open.add(this);
		const { onReadable: _readable, onWritable: _writable, onError: _error, ...where } = options;
		// Port 9 takes nobody here: how a network is that is not there.
		this.socket = new NodeTCPSocket({
			...where,
			...(network.isDown ? { host: "127.0.0.1", port: 9 } : {}),
			onReadable: () => this.receive(),
			onWritable: (count) => {
				this.network.activity++;
				if (!this.isOver) options.onWritable?.(count);
			},
			onError: (failure) => {
				if (!this.isSilent) this.end(failure);
			},
		});
	}

	read(count = Number.POSITIVE_INFINITY): ArrayBuffer | undefined {
		const bytes = this.incoming.shift();
		if (bytes === undefined) return undefined;
		if (bytes.length > count) this.incoming.unshift(bytes.subarray(count));
		return bytes.slice(0, count).buffer;
	}

	write(data: Uint8Array): number {
		if (this.isOver) return 0;
		const passed = this.pass(data, "up");
		const room = passed.length > 0 ? this.socket.write(passed) : this.socket.write(new Uint8Array(0));
		if (this.isCutAt("up")) this.cutLater();
		return room;
	}

	close(): void {
		this.isOver = true;
		this.network.open.delete(this);
		this.socket.close();
	}

	release(): void {
		const { held, fault } = this;
		this.held = undefined;
		this.fault = undefined;
		for (const bytes of held ?? []) {
			if (fault?.direction === "up") this.socket.write(bytes);
			else this.deliver(bytes);
		}
	}

	cut(): void {
		if (this.isOver) return;
		this.socket.close();
		this.end(CUT);
	}

	private receive(): void {
		for (let bytes = this.socket.read(); bytes !== undefined; bytes = this.socket.read())
			this.deliver(this.pass(new Uint8Array(bytes), "down"));
		if (this.isCutAt("down")) this.cut();
	}

	/** Byte by byte, a turn of Node's loop for each; what comes meanwhile comes after it. */
	private trickle(bytes: Uint8Array): void {
		const isRunning = this.drops.length > 0;
		for (const byte of bytes) this.drops.push(byte);
		if (!isRunning && this.drops.length > 0) setImmediate(() => this.drip());
	}

	private drip(): void {
		const byte = this.drops.shift();
		if (byte === undefined || this.isOver) return;
		this.hand(Uint8Array.of(byte));
		if (this.drops.length > 0) setImmediate(() => this.drip());
	}

	private deliver(bytes: Uint8Array): void {
		if (this.network.trickles) this.trickle(bytes);
		else this.hand(bytes);
	}

	private hand(bytes: Uint8Array): void {
		if (this.isOver || bytes.length === 0) return;
		this.network.activity++;
		this.incoming.push(bytes);
		const count = this.incoming.reduce((sum, { length }) => sum + length, 0);
		this.options.onReadable?.(count);
	}

	/** What of `bytes` gets through now. */
	private pass(bytes: Uint8Array, direction: Direction): Uint8Array {
		const from = this.moved[direction];
		this.moved[direction] += bytes.length;
		this.network.activity++;
		if (this.isSilent) return new Uint8Array(0);
		const { fault } = this;
		if (fault === undefined || fault.direction !== direction) return bytes;
		const at = fault.at - from;
		if (this.held !== undefined) {
			this.held.push(bytes);
			return new Uint8Array(0);
		}
		if (at < 0 || at >= bytes.length) return bytes;
		this.network.struck = true;
		if (fault.kind === "flip") {
			const changed = bytes.slice();
			changed[at]! ^= 1 << (fault.at % 8);
			return changed;
		}
		if (fault.kind === "silence") this.isSilent = true;
		if (fault.kind === "hold") this.held = [bytes.slice(at)];
		return bytes.slice(0, at);
	}

	private isCutAt(direction: Direction): boolean {
		const { fault } = this;
		return fault?.kind === "cut" && fault.direction === direction && this.moved[direction] > fault.at;
	}

	/** No callback comes inside a call of the owner's. */
	private cutLater(): void {
		setImmediate(() => this.cut());
	}

	private end(failure: TransportFailure): void {
		if (this.isOver) return;
		this.network.activity++;
		this.isOver = true;
		this.network.open.delete(this);
		this.options.onError?.(failure);
	}
}
