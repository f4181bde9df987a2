/**
 * A TLS engine whose cipher is a frame: kind, length, that many bytes. Everything else is as of the real one: bounded
 * both ways, no plaintext taken while some waits, the first failure stays, freed once and never used after.
 * @module
 */
import {
	TLS_STATE,
	type TlsEngine,
	type TlsEngineConstructor,
	type TlsEngineOptions,
} from "../../src/firmware/native/tls-engine.js";
import { TLS_FAILURE, type TlsFailureName } from "../../src/firmware/native/tls-failure.js";

const KIND = { hello: 1, data: 2, goodbye: 3, failure: 4, alert: 5 } as const;

/** What a server sends. */
export const frame = {
	/** The rest of the handshake: from here on the engine is open. */
	finished: (): Uint8Array => Uint8Array.of(KIND.hello, 0),
	/** @param bytes 1..255. */
	data: (...bytes: number[]): Uint8Array => Uint8Array.of(KIND.data, bytes.length, ...bytes),
	goodbye: (): Uint8Array => Uint8Array.of(KIND.goodbye, 0),
	/** What makes the engine fail, at a certificate of this depth. */
	failure: (name: TlsFailureName, depth = 0): Uint8Array => Uint8Array.of(KIND.failure, 2, TLS_FAILURE[name], depth),
	alert: (number: number): Uint8Array => Uint8Array.of(KIND.alert, 1, number),
};

/** The names of the frames a client sent, data with its bytes: `hello data(1,2) goodbye`. */
export function framesOf(sent: readonly number[]): string {
	const names: string[] = [];
	for (let at = 0; at + 1 < sent.length; at += 2 + sent[at + 1]!) {
		const body = sent.slice(at + 2, at + 2 + sent[at + 1]!);
		const name = Object.keys(KIND)[sent[at]! - 1]!;
		names.push(body.length === 0 ? name : `${name}(${body.join(",")})`);
	}
	return names.join(" ");
}

/** The plaintext in the frames a client sent; a frame cut short counts as far as it goes. */
export function plaintextOf(sent: readonly number[]): number[] {
	const bytes: number[] = [];
	for (let at = 0; at + 1 < sent.length; at += 2 + sent[at + 1]!)
		if (sent[at] === KIND.data) bytes.push(...sent.slice(at + 2, at + 2 + sent[at + 1]!));
	return bytes;
}

/** Ciphertext that may wait to be sent, bytes; the last {@link FRAME} of them are for goodbye and alert. */
const CAPACITY = 64;
const FRAME = 4;

export class ScriptedEngine implements TlsEngine {
	readonly options: TlsEngineOptions;
	readonly version = "TLSv1.2";
	readonly cipherSuite = "SCRIPTED";
	readonly protocol = "mqtt";
	state: number = TLS_STATE.handshaking;
	failure: number = TLS_FAILURE.none;
	alert = -1;
	depth = -1;
	/** How often it was freed. */
	closes = 0;
	/** Calls after it was freed: there must be none. */
	late = 0;
	/** Bytes it took of what TCP brought. */
	taken = 0;
	private incoming: number[] = [];
	private plaintext: number[] = [];
	private outgoing: number[] = [KIND.hello, 0];

	constructor(options: TlsEngineOptions) {
		if (options.serverName === "") throw new RangeError("serverName: expected 1..255 characters");
		this.options = options;
	}

	get readable(): number {
		return this.plaintext.length;
	}

	get writable(): number {
		return this.state === TLS_STATE.open ? Math.max(0, CAPACITY - 2 * FRAME - this.outgoing.length) : 0;
	}

	get pending(): number {
		return this.outgoing.length;
	}

	receive(bytes: Uint8Array): number {
		this.use();
		let taken = 0;
		// What it takes may make it answer: there must be room for that.
		while (taken < bytes.length && this.takes && this.outgoing.length <= CAPACITY - 2 * FRAME) {
			this.incoming.push(bytes[taken++]!);
			if (this.incoming.length >= 2 && this.incoming.length === 2 + this.incoming[1]!) this.understand();
		}
		this.taken += taken;
		return taken;
	}

	produced(limit: number): ArrayBuffer | undefined {
		this.use();
		const bytes = this.outgoing.splice(0, limit);
		return bytes.length === 0 ? undefined : Uint8Array.from(bytes).buffer;
	}

	send(bytes: Uint8Array): number {
		this.use();
		const taken = Math.min(bytes.length, this.writable);
		if (taken > 0) this.outgoing.push(KIND.data, taken, ...bytes.subarray(0, taken));
		return taken;
	}

	plain(limit: number): ArrayBuffer | undefined {
		this.use();
		const bytes = this.plaintext.splice(0, limit);
		return bytes.length === 0 ? undefined : Uint8Array.from(bytes).buffer;
	}

	end(): void {
		this.use();
		if (this.state <= TLS_STATE.open) this.fail(TLS_FAILURE.truncated);
	}

	closeNotify(): void {
		this.use();
		this.outgoing.push(KIND.goodbye, 0);
	}

	close(): void {
		this.closes++;
		this.state = TLS_STATE.failed;
	}

	/** Fails as memory or random numbers do, at any moment. */
	fail(failure: number): void {
		this.state = TLS_STATE.failed;
		this.failure ||= failure;
		this.plaintext = [];
	}

	private get takes(): boolean {
		return this.plaintext.length === 0 && this.state <= TLS_STATE.open;
	}

	private use(): void {
		if (this.closes > 0) this.late++;
	}

	private understand(): void {
		const [kind, , first, second] = this.incoming;
		if (kind === KIND.hello) this.state = TLS_STATE.open;
		else if (kind === KIND.data && this.state === TLS_STATE.open) this.plaintext = this.incoming.slice(2);
		else if (kind === KIND.goodbye && this.state === TLS_STATE.open) this.state = TLS_STATE.peerClosed;
		else this.refuse(kind!, first, second);
		this.incoming = [];
	}

	private refuse(kind: number, first = 0, second = -1): void {
		if (kind === KIND.alert) this.alert = first;
		else this.outgoing.push(KIND.alert, 1, 42);
		if (kind === KIND.failure) this.depth = second;
		const failures: Readonly<Record<number, number>> = { [KIND.alert]: TLS_FAILURE.alert, [KIND.failure]: first };
		this.fail(failures[kind] ?? TLS_FAILURE["early-close"]);
	}
}

/** A class of engines, each kept in `engines`; `prepare` is given each new one. */
export function scriptedEngines(
	engines: ScriptedEngine[],
	prepare: (engine: ScriptedEngine) => void = () => {},
): TlsEngineConstructor {
	return class extends ScriptedEngine {
		constructor(options: TlsEngineOptions) {
			super(options);
			engines.push(this);
			prepare(this);
		}
	};
}
