/**
 * The TLS socket of `src/device/ports.ts`: an ECMA-419 TCP socket below, the TLS engine beside it.
 *
 * Whatever happens (TCP can be read, can be written, is over; the owner reads, writes, closes) ends in one place,
 * {@link EngineTLSSocket.settle}, which moves bytes until nothing moves, then tells the owner what is new. Bytes stay
 * where they are as long as the next one does not take them: ciphertext in TCP while plaintext waits, plaintext with
 * the owner while the engine is full. Between TCP and engine at most one piece of {@link PIECE} bytes is held.
 *
 * No exception leaves a callback of TCP or of the platform: it would restart the chip. An exception of the owner's own
 * callback is a defect: the socket closes, tells `onError` once, and hands the exception to {@link TlsPlatform.onFault}.
 * @module
 */
import type { TLSSocket, TLSSocketConstructor, TLSSocketOptions, TransportFailure } from "../device/ports.js";
import { TLS_STATE, type TlsEngine, type TlsEngineConstructor } from "./native/tls-engine.js";
import { CLOSED, LOST, notConnected, ownerThrew, tcpThrew, UNREACHABLE, UNRESOLVED } from "./tcp-failures.js";
import type { Resolve, TCPSocket, TCPSocketConstructor } from "./tcp-socket.js";
import { transportFailureOf } from "./tls-refusals.js";

/** What was agreed on with a server. */
export interface TlsSession {
	/** Such as `TLSv1.2`. */
	readonly version: string;
	readonly cipherSuite: string;
	/** The ALPN protocol. */
	readonly protocol: string;
}

/** What the sockets of a platform are made of. */
export interface TlsPlatform {
	readonly TlsEngine: TlsEngineConstructor;
	readonly TCP: TCPSocketConstructor;
	/** Trust anchors, DER, for sockets that are not given one. */
	readonly roots: readonly ArrayBuffer[];
	/** Calls `callback` once, after the present turn. */
	readonly defer: (callback: () => void) => void;
	/** For a TCP class that takes only addresses. */
	readonly resolve?: Resolve | undefined;
	/** A server was verified; the socket's first `onWritable` follows. */
	readonly onSecured?: ((session: TlsSession) => void) | undefined;
	/** What a callback of a socket's owner threw: for a log. What this one throws is dropped. */
	readonly onFault?: ((error: unknown) => void) | undefined;
}

/** The class that the device core is given. */
export function tlsSocketClass(platform: TlsPlatform): TLSSocketConstructor {
	return class extends EngineTLSSocket {
		constructor(options: TLSSocketOptions) {
			super(platform, options);
		}
	};
}

/** Bytes taken from TCP at a time. */
const PIECE = 1024;

class EngineTLSSocket implements TLSSocket {
	private readonly platform: TlsPlatform;
	private readonly options: TLSSocketOptions;
	private readonly engine: TlsEngine;
	private tcp: TCPSocket | undefined;
	private connected = false;
	/** Bytes that TCP holds for us, and bytes that it takes, as far as it has told. */
	private available = 0;
	private room = 0;
	/** What the engine has not taken of the last piece. */
	private held: Uint8Array | undefined;
	/** The engine took nothing of it: it waits for its own output to go. */
	private stalled = false;
	private secured = false;
	/** There is plaintext, or more ciphertext behind it, that the owner has not been told of. */
	private fresh = false;
	/** Bytes the owner was told that it can write, less those it wrote. */
	private told = 0;
	/** TCP is over, and why. */
	private ended: TransportFailure | undefined;
	private settling = false;
	private deferred = false;
	private over = false;

	/** @throws {RangeError} or {TypeError} as the engine does, on options that it cannot use. */
	constructor(platform: TlsPlatform, options: TLSSocketOptions) {
		this.platform = platform;
		this.options = options;
		const { serverName, applicationLayerProtocolNegotiation, certificate } = options.secure;
		const roots = certificate === undefined ? platform.roots : [certificate];
		this.engine = new platform.TlsEngine({ serverName, applicationLayerProtocolNegotiation, roots });
		if (this.engine.state === TLS_STATE.failed) this.later();
		else this.reach();
	}

	read(count?: number): ArrayBuffer | undefined {
		if (this.over) return undefined;
		const { engine } = this;
		const limit = Math.min(count ?? engine.readable, engine.readable);
		if (limit <= 0) return undefined;
		const bytes = engine.plain(limit);
		if (engine.readable === 0 && this.hasInput()) this.later();
		return bytes;
	}

	/** As {@link TLSSocket.write}. What is written to a socket that is over, within the room it had, goes nowhere. */
	write(data: Uint8Array): number {
		if (data.length > this.told) throw new RangeError(`write: expected at most ${this.told} bytes, got ${data.length}`);
		this.told = 0;
		if (this.over) return 0;
		const taken = this.engine.send(data);
		this.emitSafely();
		// The engine takes what it said it would, or it has failed.
		if (taken < data.length) this.ended ??= LOST;
		if (this.ended !== undefined || this.engine.state === TLS_STATE.failed) this.later();
		else this.told = this.engine.writable;
		return this.told;
	}

	/** Sends what was written and close_notify as far as TCP takes them at once, and waits for nothing. */
	close(): void {
		if (this.over) return;
		this.over = true;
		if (this.engine.state === TLS_STATE.open) this.engine.closeNotify();
		this.emitSafely();
		this.release();
	}

	private reach(): void {
		const { host } = this.options;
		const { resolve } = this.platform;
		try {
			if (resolve === undefined) this.connect(undefined);
			else resolve(host, (address) => this.resolved(address));
		} catch (error) {
			this.lose(notConnected(error));
		}
	}

	private resolved(address: string | undefined): void {
		if (this.over || this.tcp !== undefined || this.ended !== undefined) return;
		if (address === undefined) {
			this.lose(UNRESOLVED);
			return;
		}
		try {
			this.connect(address);
		} catch (error) {
			this.lose(notConnected(error));
		}
	}

	private connect(address: string | undefined): void {
		const { host, port } = this.options;
		this.tcp = new this.platform.TCP({
			host,
			address,
			port,
			nodelay: true,
			onReadable: (count) => {
				this.available = count;
				this.fresh = true;
				this.turn();
			},
			onWritable: (count) => {
				this.connected = true;
				this.room = count;
				this.turn();
			},
			onError: (failure) => {
				this.ended ??= failure ?? (this.connected ? LOST : UNREACHABLE);
				this.turn();
			},
		});
	}

	/** For what is found outside of a turn: the owner is told in one of its own. */
	private lose(failure: TransportFailure): void {
		this.ended ??= failure;
		this.later();
	}

	private later(): void {
		if (this.settling || this.deferred || this.over) return;
		this.deferred = true;
		this.platform.defer(() => {
			this.deferred = false;
			this.turn();
		});
	}

	/** What comes up while the owner is being told is seen by the turn that runs. */
	private turn(): void {
		if (this.settling || this.over) return;
		this.settling = true;
		try {
			this.settle();
		} catch (error) {
			this.finish(this.ended ?? tcpThrew(error));
		}
		this.settling = false;
	}

	private settle(): void {
		do {
			this.absorb();
			this.emitSafely();
			this.tellRoom();
		} while (this.offer());
		if (!this.over) this.judge();
	}

	/** TCP to engine, as long as no plaintext waits. */
	private absorb(): void {
		const { engine } = this;
		this.stalled = false;
		while (!this.stalled && engine.readable === 0 && engine.state <= TLS_STATE.open) {
			const piece = this.held ?? this.take();
			if (piece === undefined) return;
			const taken = engine.receive(piece);
			this.held = taken < piece.length ? piece.subarray(taken) : undefined;
			this.stalled = taken === 0;
			if (engine.readable > 0) this.fresh = true;
		}
	}

	private take(): Uint8Array | undefined {
		if (this.available === 0) return undefined;
		const bytes = this.tcp?.read(Math.min(PIECE, this.available));
		if (bytes === undefined || bytes.byteLength === 0) {
			this.available = 0;
			return undefined;
		}
		this.available = Math.max(0, this.available - bytes.byteLength);
		return new Uint8Array(bytes);
	}

	private hasInput(): boolean {
		return (this.held !== undefined || this.available > 0) && this.engine.state <= TLS_STATE.open;
	}

	/** Engine to TCP, as far as TCP takes it. */
	private emit(): void {
		const { engine, tcp } = this;
		while (tcp !== undefined && this.ended === undefined && this.room > 0 && engine.pending > 0) {
			const bytes = engine.produced(this.room);
			if (bytes === undefined) return;
			this.room -= bytes.byteLength;
			this.stalled = false;
			const left = tcp.write(bytes);
			if (typeof left === "number") this.room = left;
		}
	}

	/**
	 * As {@link emit}. lwIP's socket throws when it is lost and has not told so yet, because there are bytes to be read:
	 * they come first, and what the engine makes of them.
	 */
	private emitSafely(): void {
		try {
			this.emit();
		} catch (error) {
			this.ended ??= tcpThrew(error);
		}
	}

	/** The first time: the server is verified. Later: there is more room than the owner knows of. */
	private tellRoom(): void {
		const { engine, options, platform } = this;
		if (engine.state !== TLS_STATE.open) return;
		const first = !this.secured;
		if (first) {
			this.secured = true;
			const { version, cipherSuite, protocol } = engine;
			this.call(platform.onSecured, { version, cipherSuite, protocol });
		}
		if (this.over || (!first && (this.ended !== undefined || engine.writable <= this.told))) return;
		this.told = engine.writable;
		this.call(options.onWritable, this.told);
	}

	/**
	 * Offers plaintext. When TCP is over this goes on as long as the owner takes some: nothing will come up later.
	 * @returns whether more can be absorbed, or offered, for what the owner took.
	 */
	private offer(): boolean {
		const { engine } = this;
		if (this.over) return false;
		const before = engine.readable;
		if (before > 0 && this.secured && (this.fresh || this.ended !== undefined)) {
			this.fresh = false;
			this.call(this.options.onReadable, before);
			if (this.over) return false;
		}
		const left = engine.readable;
		if (left === 0) return this.hasInput() && !this.stalled;
		return this.ended !== undefined && left < before;
	}

	/** Tells the end, if this is it. What the engine found comes first: it was sent before TCP ended. */
	private judge(): void {
		const { engine, ended } = this;
		if (ended?.code === "closed" && this.connected && engine.readable === 0 && this.held === undefined) engine.end();
		if (engine.state === TLS_STATE.failed) this.finish(transportFailureOf(engine));
		else if (engine.state === TLS_STATE.peerClosed) {
			engine.closeNotify();
			this.finish(CLOSED);
		} else if (ended !== undefined) this.finish(ended);
	}

	/** The first failure stands: nothing is told after it. The engine's alert to the server goes out before. */
	private finish(failure: TransportFailure): void {
		if (this.over) return;
		this.over = true;
		this.emitSafely();
		this.release();
		this.call(this.options.onError, failure);
	}

	private release(): void {
		this.held = undefined;
		this.engine.close();
		this.tcp?.close();
		this.tcp = undefined;
	}

	/** Calls the owner, who may throw, and may do with this socket whatever it likes. */
	private call<Argument>(callback: ((argument: Argument) => void) | undefined, argument: Argument): void {
		try {
			callback?.(argument);
		} catch (error) {
			this.finish(ownerThrew(error));
			this.report(error);
		}
	}

	private report(error: unknown): void {
		try {
			this.platform.onFault?.(error);
		} catch {
			// Nobody is left to be told, and it must not restart the chip.
		}
	}
}
