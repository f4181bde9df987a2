/**
 * One attempt to connect and the connection that comes of it: a TLS socket below, the MQTT client above,
 * and exactly one {@link Outcome} at the end.
 * @module
 */
import type { ConnectFields } from "../connect-fields.js";
import { DeviceError } from "../device-error.js";
import {
	type ConnackPacket,
	MqttClient,
	type MqttClientEvent,
	MqttError,
	type ProtocolVersion,
	type PublishPacket,
	type Subscription,
} from "../mqtt/index.js";
import type { Clock, Timer, TLSSocket, TLSSocketConstructor, TransportFailure } from "../ports.js";
import {
	classifyClientError,
	classifyConnack,
	classifyDisconnect,
	classifyFailure,
	classifyThrown,
	classifyUnsent,
	type LinkPhase,
} from "./classify.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { connackToTell, reasonToTell } from "./withheld.js";

export interface LinkOptions {
	readonly fields: ConnectFields;
	readonly version: ProtocolVersion;
	/** Seconds, 30..1200 on AWS IoT Core. */
	readonly keepAlive: number;
	/** Largest packet the device takes, bytes. */
	readonly maximumPacketSize: number;
	/** Trust anchor, DER; the platform's roots when absent. */
	readonly certificate?: ArrayBuffer | undefined;
	readonly TLSSocket: TLSSocketConstructor;
	readonly clock: Clock;
	/** Must not throw; may call the link. */
	readonly onEvent: (event: LinkEvent) => void;
}

/**
 * What happens on a link; after `over` nothing does. Durations are milliseconds; `reason` is the server's own text, withheld
 * where it repeats a secret of the device's.
 */
export type LinkEvent =
	| { readonly event: "secured"; readonly duration: number }
	| { readonly event: "online"; readonly connack: ConnackPacket; readonly duration: number }
	| { readonly event: "message"; readonly packet: PublishPacket }
	| {
			readonly event: "acknowledged";
			readonly packetId: number;
			readonly code: number;
			readonly reason?: string | undefined;
	  }
	/** One code a filter of the SUBSCRIBE with this packet id: the granted QoS, or 0x80 and above. */
	| {
			readonly event: "subscribed";
			readonly packetId: number;
			readonly codes: readonly number[];
			readonly reason?: string | undefined;
	  }
	/** What waited for the socket has gone: a message that was `busy` can be published now. */
	| { readonly event: "drained" }
	| { readonly event: "over"; readonly outcome: Outcome };

/** A message to publish. */
export interface OutgoingMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: 0 | 1;
	readonly retain?: boolean;
	/** It may have been sent before, on a connection that ended before it was acknowledged [MQTT-3.3.1-1]. QoS 1 alone. */
	readonly dup?: boolean;
}

/** Milliseconds for TCP and TLS together. */
const SECURE_TIMEOUT = 30_000;
/** Milliseconds from CONNECT to CONNACK: the authorizer's function alone may take five seconds. */
const CONNACK_TIMEOUT = 15_000;
/** Bytes and packets that may wait for the socket before {@link Link.publish} refuses more and nothing more is read. */
const MAXIMUM_WAITING = 16_384;
const MAXIMUM_WAITING_PACKETS = 32;
/** Bytes read at a time; each may be answered by as many. */
const READ_SIZE = 1024;
/** Milliseconds that a timer of the platform may be late. */
const TIMER_SLACK = 30_000;

export class Link {
	private readonly options: LinkOptions;
	private readonly client: MqttClient;
	private socket: TLSSocket | undefined;
	private timer: Timer | undefined;
	/** When the timer is to run. */
	private due = Number.POSITIVE_INFINITY;
	private phase: LinkPhase | "over" = "securing";
	private startedAt = 0;
	/** Bytes the socket takes at the moment. */
	private room = 0;
	/** The socket has thrown: the end is told in a turn of its own. */
	private isBroken = false;
	private readonly waiting: Uint8Array[] = [];
	private waitingBytes = 0;

	constructor(options: LinkOptions) {
		this.options = options;
		const { fields, version, keepAlive, maximumPacketSize } = options;
		this.client = new MqttClient(
			{
				version,
				clientId: fields.clientId,
				username: fields.username,
				password: fields.password,
				keepAlive,
				cleanStart: true,
				maximumPacketSize,
				connackTimeout: CONNACK_TIMEOUT,
			},
			{ send: (bytes) => this.send(bytes), event: (event) => this.clientEvent(event) },
		);
	}

	/** Whether it waits for a moment that is long past: the platform has lost its timer, and nothing else may end it. */
	get isStuck(): boolean {
		return this.now() > this.due + TIMER_SLACK;
	}

	/** Starts the attempt; everything further is told by events, none of them before this returns. */
	open(): void {
		const { clock, TLSSocket } = this.options;
		this.startedAt = clock.monotonic();
		if (clock.wallTime() === undefined) {
			this.after(0, () => this.end(outcomeOf("clock-unset", "the device's clock is not set")));
			return;
		}
		this.after(SECURE_TIMEOUT, () => this.end(timedOut()));
		try {
			this.socket = this.openSocket(TLSSocket);
		} catch (error) {
			// No memory, no socket left, options that the platform does not take: left alone it would restart the chip.
			this.breakOff("no socket could be made", error);
		}
	}

	private openSocket(TLSSocket: TLSSocketConstructor): TLSSocket {
		const { fields, certificate } = this.options;
		return new TLSSocket({
			host: fields.host,
			port: fields.port,
			secure: {
				serverName: fields.serverName,
				applicationLayerProtocolNegotiation: fields.applicationLayerProtocolNegotiation,
				certificate,
			},
			onReadable: () => this.receive(),
			onWritable: (room) => this.writable(room),
			onError: (failure) => this.failed(failure),
		});
	}

	/**
	 * @returns the packet id, 0 at QoS 0.
	 * @throws {DeviceError} step `link`, code `offline`, `busy` (too much is waiting; try again after an `acknowledged`) or
	 * `unsendable` (no such message can be sent, or the server does not take it). The link goes on.
	 */
	publish(message: OutgoingMessage): number {
		this.requireRoom();
		if (message.qos === 1 && !this.client.canPublish) throw busy("too many messages are unacknowledged");
		return sendable(() => this.client.publish(message, this.now()));
	}

	/** @returns the packet id that `subscribed` will bear. @throws {DeviceError} as {@link publish}. */
	subscribe(subscriptions: readonly Subscription[]): number {
		this.requireRoom();
		return sendable(() => this.client.subscribe(subscriptions, this.now()));
	}

	/** Says goodbye and ends the link without an outcome. Safe at any moment, any number of times. */
	close(): void {
		if (this.phase === "online") this.client.disconnect(this.now());
		this.release();
	}

	private now(): number {
		return this.options.clock.monotonic();
	}

	private requireRoom(): void {
		if (this.phase !== "online")
			throw new DeviceError({
				code: "offline",
				step: "link",
				cause: "the device is not connected",
				remedy: "wait until it is online",
			});
		if (this.full()) throw busy(`${this.waitingBytes} bytes in ${this.waiting.length} packets wait for the socket`);
	}

	private full(): boolean {
		return this.waitingBytes > MAXIMUM_WAITING || this.waiting.length > MAXIMUM_WAITING_PACKETS;
	}

	private writable(room: number): void {
		if (this.isBroken) return;
		this.room = room;
		if (this.phase === "securing") {
			this.phase = "connecting";
			this.options.onEvent({ event: "secured", duration: this.now() - this.startedAt });
			if (this.over()) return;
			this.connect();
		}
		const wasFull = this.full();
		this.flush();
		if (!wasFull || this.full()) return;
		this.receive();
		if (this.phase === "online") this.options.onEvent({ event: "drained" });
	}

	private connect(): void {
		try {
			this.client.connect(this.now());
			this.schedule();
		} catch (error) {
			if (!(error instanceof MqttError)) throw error;
			this.end(classifyUnsent(error));
		}
	}

	/** Takes no more than what can be answered: while too much waits to be sent, the rest stays in the socket. */
	private receive(): void {
		while (!this.full() && !this.isBroken) {
			const bytes = this.read();
			if (bytes === undefined) break;
			this.client.receive(new Uint8Array(bytes), this.now());
		}
		this.schedule();
	}

	private read(): ArrayBuffer | undefined {
		try {
			return this.socket?.read(READ_SIZE);
		} catch (error) {
			this.breakOff("the socket could not be read", error);
			return undefined;
		}
	}

	private send(bytes: Uint8Array): void {
		this.waiting.push(bytes);
		this.waitingBytes += bytes.length;
		this.flush();
	}

	/** Writes what the socket takes; the rest waits for `onWritable`. */
	private flush(): void {
		while (this.socket !== undefined && this.room > 0 && this.waiting.length > 0) {
			const first = this.waiting[0]!;
			const part = first.subarray(0, this.room);
			try {
				this.room = this.socket.write(part);
			} catch (error) {
				this.breakOff("the socket took nothing", error);
				return;
			}
			this.waitingBytes -= part.length;
			if (part.length === first.length) this.waiting.shift();
			else this.waiting[0] = first.subarray(part.length);
		}
	}

	private clientEvent(event: MqttClientEvent): void {
		const { onEvent, fields } = this.options;
		const reason = "reason" in event ? reasonToTell(event.reason, fields) : undefined;
		switch (event.type) {
			case "connected": {
				this.phase = "online";
				const connack = connackToTell(event.connack, fields);
				onEvent({ event: "online", connack, duration: this.now() - this.startedAt });
				break;
			}
			case "refused":
				this.end(classifyConnack(event.code, reason));
				break;
			case "disconnected":
				this.end(classifyDisconnect(event.code, reason));
				break;
			case "failed":
				this.end(classifyClientError(event.error, this.phase === "over" ? "online" : this.phase));
				break;
			case "message":
				onEvent({ event: "message", packet: event.packet });
				break;
			case "acknowledged":
				onEvent({ event: "acknowledged", packetId: event.packetId, code: event.code, reason });
				break;
			case "subscribed":
				onEvent({ event: "subscribed", packetId: event.packetId, codes: event.codes, reason });
				break;
			case "unsubscribed":
				break;
		}
	}

	private failed(failure: TransportFailure): void {
		if (this.phase !== "over") this.end(classifyFailure(failure, this.phase));
	}

	/** One timer serves the client's next deadline. */
	private schedule(): void {
		if (this.over() || this.isBroken) return;
		this.stopTimer();
		const deadline = this.client.deadline();
		if (deadline === undefined) return;
		this.after(Math.max(0, deadline - this.now()), () => {
			this.client.tick(this.now());
			this.schedule();
		});
	}

	/** The socket threw. Told in a turn of its own: whoever publishes must not see the link end inside the call. */
	private breakOff(what: string, error: unknown): void {
		const { phase } = this;
		if (phase === "over") return;
		this.isBroken = true;
		this.room = 0;
		const outcome = classifyThrown(what, error, phase);
		this.after(0, () => this.end(outcome));
	}

	private after(delay: number, act: () => void): void {
		this.stopTimer();
		this.due = this.now() + delay;
		this.timer = this.options.clock.setTimer(() => {
			this.timer = undefined;
			this.due = Number.POSITIVE_INFINITY;
			act();
		}, delay);
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
		this.due = Number.POSITIVE_INFINITY;
	}

	private over(): boolean {
		return this.phase === "over";
	}

	private end(outcome: Outcome): void {
		if (this.over()) return;
		this.release();
		this.options.onEvent({ event: "over", outcome });
	}

	private release(): void {
		const { socket } = this;
		this.phase = "over";
		this.stopTimer();
		this.socket = undefined;
		this.waiting.length = 0;
		this.waitingBytes = 0;
		try {
			socket?.close();
		} catch {
			// It is given up all the same, and nobody hears it any more.
		}
	}
}

/** What the codec or the server's limits do not allow is the caller's error. */
function sendable(send: () => number): number {
	try {
		return send();
	} catch (error) {
		if (!(error instanceof MqttError)) throw error;
		if (error.code === "too-many-requests") throw busy("too many requests wait for their answer");
		throw new DeviceError({
			code: "unsendable",
			step: "link",
			cause: error.message,
			remedy: "check topic or filter, QoS and size",
		});
	}
}

function timedOut(): Outcome {
	return outcomeOf("network", `no secured connection after ${SECURE_TIMEOUT / 1000} seconds`);
}

function busy(cause: string): DeviceError {
	return new DeviceError({ code: "busy", step: "link", cause, remedy: "wait for an acknowledgement and try again" });
}
