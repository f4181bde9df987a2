/**
 * Records what a genuine server sends to a repeatable client: the file that `replay` and `fuzz` play (`session.h`).
 * @module
 */
import { TLS_STATE } from "../../src/firmware/native/tls-engine.js";
import { leaf, trustedRoot } from "../tls/pki/authorities.js";
import { MemoryServer, soundOptions } from "./memory-server.js";
import { NativeEngine } from "./native-engine.js";

/** What the server says after the handshake, before it closes in order. */
const GREETING = "CONNACK of a recording";

/**
 * Handshake, a greeting, close_notify, all of it in TLS 1.2 with a leaf right under the root: short, because every
 * byte of it is played some times.
 * @throws {NativeUnavailableError} where the client cannot be built.
 */
export async function record(): Promise<Buffer> {
	const time = Math.floor(Date.now() / 1000);
	const engine = await NativeEngine.startRepeatable();
	const server = new MemoryServer({ chain: [leaf(trustedRoot())], maxVersion: "TLSv1.2" });
	const sent: Buffer[] = [];
	await engine.repeat(time);
	await engine.create(soundOptions());
	server.socket.once("secure", () => server.socket.end(GREETING));
	while (engine.state.state < TLS_STATE.peerClosed) {
		const output = await engine.produced();
		server.feed(output);
		if (output.length === 0) await passNext(engine, server, sent);
	}
	const { failure } = engine.state;
	await engine.stop();
	server.close();
	if (failure !== "none") throw new Error(`the recording's own client failed: ${failure}`);
	const root = trustedRoot().certificate;
	const header = Buffer.alloc(8);
	header.writeUInt32BE(time);
	header.writeUInt32BE(root.length, 4);
	return Buffer.concat([header, root, ...sent]);
}

async function passNext(engine: NativeEngine, server: MemoryServer, sent: Buffer[]): Promise<void> {
	let chunk = await server.sent.take();
	if (chunk === undefined) return;
	sent.push(chunk);
	while (chunk.length > 0) {
		chunk = chunk.subarray(await engine.receive(chunk));
		await engine.plain();
		if (engine.state.state >= TLS_STATE.peerClosed) return;
	}
}
