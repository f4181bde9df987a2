/**
 * A TLS client of the engine (in its driver) and a TCP socket of Node, for tests of servers good and bad.
 * @module
 */
import { connect, type Socket } from "node:net";
import { TLS_STATE } from "../../src/firmware/native/tls-engine.js";
import { type EngineState, NativeEngine } from "./native-engine.js";

export interface NativeTlsOptions {
	/** A server on loopback. */
	readonly port: number;
	readonly serverName: string;
	readonly alpn: readonly string[];
	/** DER. */
	readonly roots: readonly Buffer[];
	/** What the client tries to send in every state: a server that may not have it must not get it. */
	readonly plaintext?: Uint8Array | undefined;
	/** An engine to use; left out: one of its own, ended with the client. */
	readonly engine?: NativeEngine | undefined;
}

/** How it ended. */
export interface NativeTlsOutcome {
	/** `none` when the connection opened and was closed in order. */
	readonly failure: EngineState["failure"];
	readonly alert: number;
	readonly depth: number;
	/** As agreed; empty where it never opened. */
	readonly version: string;
	readonly cipherSuite: string;
	readonly protocol: string;
	readonly opened: boolean;
	/** What the server sent, decrypted. */
	readonly received: Buffer;
	/** Bytes of `plaintext` that the engine took. */
	readonly sent: number;
}

/** One connection. It sends `plaintext` once, reads until the server ends, and closes. */
export class NativeTlsClient {
	private readonly engine: NativeEngine;
	private readonly ownsEngine: boolean;
	private readonly socket: Socket;
	private readonly options: NativeTlsOptions;
	private readonly received: Buffer[] = [];
	private sent = 0;
	private agreed: EngineState | undefined;
	private readonly ending: Promise<NativeTlsOutcome>;

	constructor(engine: NativeEngine, options: NativeTlsOptions) {
		this.engine = engine;
		this.ownsEngine = options.engine === undefined;
		this.options = options;
		this.socket = connect({ host: "127.0.0.1", port: options.port, noDelay: true });
		// Told as the end of input; a server may well reset the connection.
		this.socket.on("error", () => undefined);
		this.ending = this.run();
		this.ending.catch(() => undefined);
	}

	/** @throws {Error} when the driver itself ended: a sanitizer's finding. */
	outcome(): Promise<NativeTlsOutcome> {
		return this.ending;
	}

	/** Ends TCP; the outcome follows. */
	close(): void {
		this.socket.destroy();
	}

	private async run(): Promise<NativeTlsOutcome> {
		const { serverName, alpn, roots } = this.options;
		try {
			await this.engine.create({ serverName, alpn, roots });
			await this.work();
			try {
				for await (const chunk of this.socket) {
					await this.feed(chunk as Buffer);
					if (this.isOver()) break;
				}
			} catch (error) {
				// A reset is an end, too; the driver's own end is not.
				if (!isSocketError(error)) throw error;
			}
			if (!this.isOver()) await this.engine.tcpEnded();
			await this.work();
			return this.result();
		} finally {
			this.socket.destroy();
			if (this.ownsEngine) await this.engine.stop();
		}
	}

	private isOver(): boolean {
		return this.engine.state.state >= TLS_STATE.peerClosed;
	}

	private async feed(chunk: Buffer): Promise<void> {
		let rest: Buffer = chunk;
		while (rest.length > 0) {
			const taken = await this.engine.receive(rest);
			rest = rest.subarray(taken);
			const moved = await this.work();
			if (taken === 0 && !moved) return;
		}
	}

	/** Tries to send, moves out what was produced, reads what there is. @returns whether plaintext was read. */
	private async work(): Promise<boolean> {
		const { plaintext } = this.options;
		if (plaintext !== undefined && this.sent < plaintext.length)
			this.sent += await this.engine.send(plaintext.subarray(this.sent));
		if (this.engine.state.state === TLS_STATE.open) this.agreed = this.engine.state;
		const ciphertext = await this.engine.produced();
		if (ciphertext.length > 0 && this.socket.writable) this.socket.write(ciphertext);
		if (this.engine.state.readable === 0) return false;
		this.received.push(await this.engine.plain());
		return true;
	}

	private result(): NativeTlsOutcome {
		const { failure, alert, depth } = this.engine.state;
		const { version = "", cipherSuite = "", protocol = "" } = this.agreed ?? {};
		const opened = this.agreed !== undefined;
		const received = Buffer.concat(this.received);
		return { failure, alert, depth, version, cipherSuite, protocol, opened, received, sent: this.sent };
	}
}

function isSocketError(error: unknown): boolean {
	return error instanceof Error && "syscall" in error;
}

/**
 * Connects to a server on loopback.
 * @throws {NativeUnavailableError} where the driver cannot be built.
 */
export async function openNativeTls(options: NativeTlsOptions): Promise<NativeTlsClient> {
	return new NativeTlsClient(options.engine ?? (await NativeEngine.start()), options);
}
