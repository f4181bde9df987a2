/**
 * A TLS socket between a scripted engine, a scripted TCP socket and an owner that writes down what it is told.
 * @module
 */
import type { TLSSocket, TLSSocketOptions, TransportFailure } from "../../src/device/ports.js";
import type { Resolve, TCPSocketOptions } from "../../src/firmware/tcp-socket.js";
import { type TlsPlatform, tlsSocketClass } from "../../src/firmware/tls-socket.js";
import { frame, framesOf, type ScriptedEngine, scriptedEngines } from "./scripted-engine.js";
import { ScriptedTcp } from "./scripted-tcp.js";

export interface Play {
	/** What the owner does when it is told; `read` is to read all. Default: reads all, writes nothing. */
	readonly onReadable?: ((play: PlayedSocket, count: number) => void) | undefined;
	readonly onWritable?: ((play: PlayedSocket, count: number) => void) | undefined;
	readonly onError?: ((play: PlayedSocket, failure: TransportFailure) => void) | undefined;
	/** Thrown by the platform's `onSecured`. */
	readonly securedFault?: Error | undefined;
	readonly resolve?: Resolve | undefined;
	/** Thrown by the constructor of TCP. */
	readonly tcpFault?: Error | undefined;
	readonly prepareEngine?: ((engine: ScriptedEngine) => void) | undefined;
	readonly secure?: Partial<TLSSocketOptions["secure"]> | undefined;
}

export class PlayedSocket {
	readonly engines: ScriptedEngine[] = [];
	readonly tcps: ScriptedTcp[] = [];
	/** What the owner was told, in order: `writable 56`, `readable 3`, the code of the failure. */
	readonly told: string[] = [];
	/** What it has read. */
	readonly received: number[] = [];
	readonly faults: unknown[] = [];
	failure: TransportFailure | undefined;
	readonly socket: TLSSocket;
	private readonly waiting: (() => void)[] = [];

	constructor(play: Play = {}) {
		const { tcps } = this;
		const platform: TlsPlatform = {
			TlsEngine: scriptedEngines(this.engines, play.prepareEngine),
			TCP: class extends ScriptedTcp {
				constructor(options: TCPSocketOptions) {
					if (play.tcpFault !== undefined) throw play.tcpFault;
					super(options);
					tcps.push(this);
				}
			},
			roots: [Uint8Array.of(1).buffer, Uint8Array.of(2).buffer],
			defer: (callback) => void this.waiting.push(callback),
			resolve: play.resolve,
			onSecured: ({ version, cipherSuite, protocol }) => {
				this.told.push(`secured ${version} ${cipherSuite} ${protocol}`);
				if (play.securedFault !== undefined) throw play.securedFault;
			},
			onFault: (error) => void this.faults.push(error),
		};
		const { onReadable = readAll, onWritable, onError } = play;
		this.socket = new (tlsSocketClass(platform))({
			host: "gateway.test",
			port: 443,
			secure: { serverName: "iot.test", applicationLayerProtocolNegotiation: ["mqtt"], ...play.secure },
			onReadable: (count) => {
				this.told.push(`readable ${count}`);
				onReadable(this, count);
			},
			onWritable: (count) => {
				this.told.push(`writable ${count}`);
				onWritable?.(this, count);
			},
			onError: (failure) => {
				this.told.push(failure.code);
				this.failure = failure;
				onError?.(this, failure);
			},
		});
	}

	get engine(): ScriptedEngine {
		return this.engines[0]!;
	}

	get tcp(): ScriptedTcp {
		return this.tcps[0]!;
	}

	/** The frames that went out. */
	get sent(): string {
		return framesOf(this.tcp.sent);
	}

	/** The owner reads, and keeps what it read. @returns how many bytes. */
	read(count?: number): number {
		const bytes = new Uint8Array(this.socket.read(count) ?? new ArrayBuffer(0));
		this.received.push(...bytes);
		return bytes.length;
	}

	/** Runs what was put off. */
	runDeferred(): void {
		for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) next();
	}

	get deferred(): number {
		return this.waiting.length;
	}

	/** As far as an open connection, with room for `room` bytes in TCP. */
	opened(room = 1000): this {
		this.tcp.allow(room);
		this.tcp.deliver(frame.finished());
		return this;
	}
}

function readAll(play: PlayedSocket): void {
	play.read();
}
