/**
 * A TLS server of Node on a stream in memory: what it sends can be cut and delayed at will.
 * @module
 */
import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { TLS_STATE } from "../../src/firmware/native/tls-engine.js";
import {
	chainOf,
	genuineLeaf,
	type Identity,
	pem,
	SERVER_NAME,
	trustedIntermediate,
	trustedRoots,
} from "../tls/pki/authorities.js";
import { Mailbox } from "../xs/mailbox.js";
import type { EngineOptions, NativeEngine } from "./native-engine.js";

export interface MemoryServerOptions {
	/** The leaf and its issuers, as sent. */
	readonly chain?: readonly Identity[] | undefined;
	readonly alpn?: readonly string[] | undefined;
	readonly maxVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** What a sound client of {@link MemoryServer} is made with. */
export function soundOptions(changes: Partial<EngineOptions> = {}): EngineOptions {
	return { serverName: SERVER_NAME, alpn: ["mqtt"], roots: [...trustedRoots()], ...changes };
}

/** One connection's server. */
export class MemoryServer {
	/** What it sends, as it sends it; `undefined` at its end. */
	readonly sent = new Mailbox<Buffer | undefined>();
	/** What it received, decrypted. */
	readonly received = new Mailbox<Buffer>();
	readonly socket: TLSSocket;
	private readonly wire: Duplex;

	constructor(options: MemoryServerOptions = {}) {
		const { chain = [genuineLeaf(), trustedIntermediate()], alpn = ["mqtt"] } = options;
		this.wire = new Duplex({
			read: () => undefined,
			write: (chunk: Buffer, _encoding, done) => {
				this.sent.put(Buffer.from(chunk));
				done();
			},
			final: (done) => {
				this.sent.put(undefined);
				done();
			},
		});
		this.socket = new TLSSocket(this.wire, {
			isServer: true,
			key: chain[0]!.privateKey.export({ format: "pem", type: "pkcs8" }),
			cert: chainOf(...chain)
				.map(pem)
				.join("\n"),
			ALPNProtocols: [...alpn],
			maxVersion: options.maxVersion ?? "TLSv1.3",
		});
		this.socket.on("data", (data: Buffer) => this.received.put(data));
		// The client's refusals are what most tests are about; the client tells them.
		this.socket.on("error", () => undefined);
	}

	feed(bytes: Uint8Array): void {
		if (bytes.length > 0) this.wire.push(bytes);
	}

	close(): void {
		this.socket.destroy();
	}
}

/** Gives a chunk to the engine in pieces. */
export type Cut = (chunk: Buffer) => Iterable<Buffer>;

const whole: Cut = (chunk) => [chunk];
export const bytewise: Cut = (chunk) => Array.from(chunk, (byte) => Buffer.of(byte));

/** Joins engine and server until the engine is open or has failed. */
export async function shakeHands(engine: NativeEngine, server: MemoryServer, cut: Cut = whole): Promise<void> {
	while (engine.state.state === TLS_STATE.handshaking) {
		const output = await engine.produced();
		server.feed(output);
		if (output.length === 0) await passNext(engine, server, cut);
	}
	server.feed(await engine.produced());
}

async function passNext(engine: NativeEngine, server: MemoryServer, cut: Cut): Promise<void> {
	const chunk = await server.sent.take();
	if (chunk === undefined) await engine.tcpEnded();
	else for (const piece of cut(chunk)) await engine.receive(piece);
}

/** A new engine, open to a new server. */
export async function openPair(
	engine: NativeEngine,
	options: Partial<EngineOptions> = {},
	server: MemoryServer = new MemoryServer(),
): Promise<MemoryServer> {
	await engine.create(soundOptions(options));
	await shakeHands(engine, server);
	return server;
}
