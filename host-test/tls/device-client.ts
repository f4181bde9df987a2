/**
 * The device's TLS as it is on the device (the socket in TypeScript, in the real engine, around mbedTLS) as a client under
 * test; Node lends it TCP alone.
 * @module
 */
import { fileURLToPath } from "node:url";
import { nodeClock } from "../../src/host/ports.js";
import { NodeTCPSocket } from "../../src/host/tcp-socket.js";
import type { AttemptArgument, AttemptEvent } from "../xs/attempt-command.js";
import { fakePorts } from "../xs/fake-ports.js";
import { bundleGuest, type XsEngine, XsGuest } from "../xs/index.js";
import type { Attempt, AttemptOptions, TlsClientUnderTest } from "./client-under-test.js";

/** One machine for all attempts, several at a time. */
export class DeviceClient implements TlsClientUnderTest {
	readonly name = "the device's TLS in XS";
	readonly stack = "mbedtls";
	readonly tls13 = false;
	readonly severalRoots = true;
	readonly tellsEnd = true;
	private readonly waiting = new Map<number, { resolve(attempt: Attempt): void; reject(error: Error): void }>();
	private guest!: XsGuest;
	private attempts = 0;

	/** @param engine one that is `native`. */
	static async start(engine: XsEngine): Promise<DeviceClient> {
		const client = new DeviceClient();
		const { text: program } = await bundleGuest(fileURLToPath(new URL("../xs/guest/attempts.ts", import.meta.url)));
		client.guest = await XsGuest.start({
			engine,
			program,
			ports: { ...fakePorts(), clock: nodeClock, TCPSocket: NodeTCPSocket },
			onEvent: (event) => client.ended(event as AttemptEvent),
			onError: (error) => client.failed(error),
		});
		return client;
	}

	attempt({ port, serverName, alpn, roots, plaintext }: AttemptOptions): Promise<Attempt> {
		const id = this.attempts++;
		const argument: AttemptArgument = {
			id,
			port,
			serverName,
			alpn,
			roots: roots.map((der) => der.toString("base64")),
			plaintext: Buffer.from(plaintext).toString("base64"),
		};
		return new Promise((resolve, reject) => {
			this.waiting.set(id, { resolve, reject });
			this.guest.run("attempt", argument).catch(reject);
		});
	}

	async stop(): Promise<void> {
		await this.guest.close();
	}

	private ended({ id, opened, failure, received }: AttemptEvent): void {
		const pieces = received.map((piece) => Buffer.from(piece, "base64"));
		this.waiting.get(id)?.resolve({ opened, failure, received: Buffer.concat(pieces) });
		this.waiting.delete(id);
	}

	/** An exception in the guest is nobody's in particular: no attempt may pass for one that went well. */
	private failed(error: Error): void {
		for (const { reject } of this.waiting.values()) reject(error);
		this.waiting.clear();
	}
}
