/**
 * The device's own TLS engine, built with sanitizers, as a client under test.
 * @module
 */
import { NativeEngine } from "../native/native-engine.js";
import { NativeTlsClient } from "../native/native-tls-client.js";
import type { Attempt, AttemptOptions, TlsClientUnderTest } from "./client-under-test.js";

/** Engines are used one after the other by many attempts, as many as there are at once. */
export class NativeClient implements TlsClientUnderTest {
	readonly name = "TLS engine";
	readonly stack = "mbedtls";
	readonly severalRoots = true;
	readonly tellsEnd = true;
	readonly tls13: boolean;
	private readonly idle: NativeEngine[] = [];

	/** @param tls13 whether the engine's library has TLS 1.3. */
	private constructor(engine: NativeEngine, tls13: boolean) {
		this.idle.push(engine);
		this.tls13 = tls13;
	}

	/** @throws {NativeUnavailableError} where a compiler or mbedTLS is missing. */
	static async start(): Promise<NativeClient> {
		const engine = await NativeEngine.start();
		// The first answer names the library; 2.28 has no TLS 1.3.
		await engine.random(1);
		return new NativeClient(engine, !engine.state.library.startsWith("mbedtls 2."));
	}

	async attempt(options: AttemptOptions): Promise<Attempt> {
		const engine = this.idle.pop() ?? (await NativeEngine.start());
		const client = new NativeTlsClient(engine, { ...options, engine });
		const { failure, alert, opened, received } = await client.outcome();
		// Not given back after an error: a driver that a sanitizer has ended tells every later attempt the same.
		this.idle.push(engine);
		return {
			opened,
			failure: failure === "none" ? undefined : failure,
			alert: alert < 0 ? undefined : alert,
			received,
		};
	}

	async stop(): Promise<void> {
		await Promise.all(this.idle.map((engine) => engine.stop()));
	}
}
