/**
 * From power-up to online and back: reads the credential, signs the token once, connects, stays, and reconnects by the
 * rule of each outcome.
 * @module
 */
import { buildConnectFields, type ConnectFields } from "../connect-fields.js";
import { type Credential, type CredentialSummary, readCredential, summarizeCredential } from "../credential/index.js";
import { DeviceError } from "../device-error.js";
import { utf8Length } from "../encoding/utf8.js";
import {
	Link,
	type LinkEvent,
	type Outcome,
	type OutcomeKind,
	type OutgoingMessage,
	RETRY_RULES,
	retryDelay,
} from "../link/index.js";
import type { ProtocolVersion, Subscription } from "../mqtt/index.js";
import type { Ports, Timer } from "../ports.js";
import { parseRsaPrivateKey, signToken } from "../signing/index.js";
import { type AgentState, type AgentStimulus, nextAgentState } from "./agent-table.js";

export interface AgentOptions {
	readonly ports: Ports;
	/** 5 unless told otherwise: with 3.1.1 the gateway cannot say why it refuses. */
	readonly version?: ProtocolVersion | undefined;
	/** Seconds, 30..1200; 60 unless told otherwise. */
	readonly keepAlive?: number | undefined;
	/** Largest packet taken, bytes; 8192 unless told otherwise. */
	readonly maximumPacketSize?: number | undefined;
	/** Trust anchor, DER. */
	readonly certificate?: ArrayBuffer | undefined;
	/** What to subscribe to at every connection. */
	readonly subscriptions?: readonly Subscription[] | undefined;
	/** Must not throw; may call the agent. */
	readonly onEvent: (event: AgentEvent) => void;
}

/** The way of a token, step by step. Durations and delays are milliseconds; no event holds a secret. */
export type AgentEvent =
	| { readonly event: "credential-read"; readonly credential: CredentialSummary }
	| { readonly event: "token-signed"; readonly bits: number; readonly duration: number }
	| { readonly event: "connecting"; readonly attempt: number; readonly usernameBytes: number }
	| Exclude<LinkEvent, { readonly event: "over" }>
	| { readonly event: "over"; readonly outcome: Outcome; readonly retryIn: number }
	| { readonly event: "failed"; readonly error: DeviceError };

/** Milliseconds online after which the count of failures in a row starts anew. */
const STABLE_AFTER = 60_000;

export class Agent {
	private readonly options: AgentOptions;
	private current: AgentState = "off";
	private fields: ConnectFields | undefined;
	private link: Link | undefined;
	private timer: Timer | undefined;
	/** Retries in a row by the kind of outcome they followed. */
	private readonly attempts = new Map<OutcomeKind, number>();
	private onlineSince: number | undefined;

	/** @throws {RangeError} for a keep-alive or packet size out of bounds. */
	constructor(options: AgentOptions) {
		requireWithin("keepAlive", options.keepAlive, 30, 1200);
		requireWithin("maximumPacketSize", options.maximumPacketSize, 128, 0xfffffff);
		this.options = options;
	}

	get state(): AgentState {
		return this.current;
	}

	/** Powers up. Signing happens in here and may take seconds on the chip. Nothing happens when already started. */
	start(): void {
		if (!this.move("start")) return;
		try {
			this.fields = this.prepare();
		} catch (error) {
			this.fail(error);
			return;
		}
		if (this.move("ready")) this.connect();
	}

	/** Says goodbye and stays off until started again. */
	stop(): void {
		this.move("stop");
		if (this.timer !== undefined) this.options.ports.clock.clearTimer(this.timer);
		this.timer = undefined;
		this.link?.close();
		this.link = undefined;
		this.attempts.clear();
	}

	/**
	 * Publishes while online.
	 * @returns the packet id an `acknowledged` event will name, 0 at QoS 0.
	 * @throws {DeviceError} step `link`, code `offline`, `busy` or `unsendable`.
	 */
	publish(message: OutgoingMessage): number {
		if (this.link !== undefined && this.current === "online") return this.link.publish(message);
		throw new DeviceError({
			code: "offline",
			step: "link",
			cause: `the agent is ${this.current}`,
			remedy: "publish after the online event",
		});
	}

	private move(stimulus: AgentStimulus): boolean {
		const next = nextAgentState(this.current, stimulus);
		if (next === undefined) return false;
		this.current = next;
		return true;
	}

	private prepare(): ConnectFields {
		const { ports, onEvent } = this.options;
		const credential = readCredential(ports.store);
		onEvent({ event: "credential-read", credential: summarizeCredential(credential) });
		return buildConnectFields(credential, this.signatureOf(credential));
	}

	private signatureOf(credential: Credential): string | undefined {
		if (credential.mode === "presigned") return credential.signature;
		if (credential.mode === "unsigned") return undefined;
		const { clock, digest, random } = this.options.ports;
		const startedAt = clock.monotonic();
		const key = parseRsaPrivateKey(credential.privateKey);
		const signature = signToken(credential.token, key, digest, random);
		this.options.onEvent({ event: "token-signed", bits: key.bits, duration: clock.monotonic() - startedAt });
		return signature;
	}

	private connect(): void {
		const { ports, version = 5, keepAlive = 60, maximumPacketSize = 8192, certificate, onEvent } = this.options;
		const fields = this.fields!;
		let attempt = 0;
		for (const count of this.attempts.values()) attempt += count;
		onEvent({ event: "connecting", attempt, usernameBytes: utf8Length(fields.username ?? "") });
		// The application may have stopped and started the agent meanwhile: then there is a link already.
		if (this.current !== "connecting" || this.link !== undefined) return;
		const link = new Link({
			fields,
			version,
			keepAlive,
			maximumPacketSize,
			certificate,
			TLSSocket: ports.TLSSocket,
			clock: ports.clock,
			onEvent: (event) => {
				if (this.link === link) this.linkEvent(event);
			},
		});
		this.link = link;
		link.open();
	}

	private linkEvent(event: LinkEvent): void {
		if (event.event === "over") {
			this.over(event.outcome);
			return;
		}
		const { ports, subscriptions = [], onEvent } = this.options;
		if (event.event === "online") {
			this.move("online");
			this.onlineSince = ports.clock.monotonic();
		}
		onEvent(event);
		if (event.event === "online" && subscriptions.length > 0) this.subscribe(subscriptions);
	}

	private subscribe(subscriptions: readonly Subscription[]): void {
		if (this.current !== "online") return;
		try {
			this.link?.subscribe(subscriptions);
		} catch (error) {
			this.link?.close();
			this.link = undefined;
			this.fail(error);
		}
	}

	/** Nothing that trying again would mend. */
	private fail(error: unknown): void {
		this.move("unusable");
		if (!(error instanceof DeviceError)) throw error;
		this.options.onEvent({ event: "failed", error });
	}

	private over(outcome: Outcome): void {
		const { clock, random } = this.options.ports;
		this.link = undefined;
		if (this.onlineSince !== undefined && clock.monotonic() - this.onlineSince >= STABLE_AFTER) this.attempts.clear();
		this.onlineSince = undefined;
		if (!this.move("over")) return;
		const { kind } = outcome;
		const before = this.attempts.get(kind) ?? 0;
		this.attempts.set(kind, before + 1);
		const retryIn = retryDelay(RETRY_RULES[kind], before, fraction(random.bytes(4)));
		this.timer = clock.setTimer(() => {
			this.timer = undefined;
			if (this.move("retry")) this.connect();
		}, retryIn);
		this.options.onEvent({ event: "over", outcome, retryIn });
	}
}

function requireWithin(name: string, value: number | undefined, least: number, most: number): void {
	if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
		throw new RangeError(`${name}: expected ${least}..${most}, got ${value}`);
}

/** A number of 0 or more and below 1 from four random bytes. */
function fraction(bytes: Uint8Array): number {
	let value = 0;
	for (const byte of bytes) value = value * 256 + byte;
	return value / 4294967296;
}
