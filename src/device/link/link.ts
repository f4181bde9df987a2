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
	type LinkPhase,
} from "./classify.js";
import { type Outcome, outcomeOf } from "./outcome.js";

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
	readonly onEvent: (event: LinkEvent) => void;
}

/** What happens on a link; after `over` nothing does. Durations are milliseconds; `reason` is the server's own text. */
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
	| { readonly event: "subscribed"; readonly codes: readonly number[]; readonly reason?: string | undefined }
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

export class Link {
	private readonly options: LinkOptions;
	private readonly client: MqttClient;
	private socket: TLSSocket | undefined;
	private timer: Timer | undefined;
	private phase: LinkPhase | "over" = "securing";
	private startedAt = 0;
	/** Bytes the socket takes at the moment. */
	private room = 0;
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

	/** Starts the attempt; everything further is told by events, none of them before this returns. */
	open(): void {
		const { clock, TLSSocket } = this.options;
		this.startedAt = clock.monotonic();
		if (clock.wallTime() === undefined) {
			this.timer = clock.setTimer(() => this.end(outcomeOf("clock-unset", "the device's clock is not set")), 0);
			return;
		}
		this.timer = clock.setTimer(() => this.end(timedOut()), SECURE_TIMEOUT);
		try {
			this.socket = this.openSocket(TLSSocket);
		} catch (error) {
			// No memory, no socket left, options that the platform does not take: left alone it would restart the chip.
			clock.clearTimer(this.timer);
			this.timer = clock.setTimer(() => this.end(socketFailed(error)), 0);
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

	/** @throws {DeviceError} as {@link publish}. */
	subscribe(subscriptions: readonly Subscription[]): void {
		this.requireRoom();
		sendable(() => this.client.subscribe(subscriptions, this.now()));
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
			this.end(outcomeOf("protocol", error.message));
		}
	}

	/** Takes no more than what can be answered: while too much waits to be sent, the rest stays in the socket. */
	private receive(): void {
		while (!this.full()) {
			const bytes = this.socket?.read(READ_SIZE);
			if (bytes === undefined) break;
			this.client.receive(new Uint8Array(bytes), this.now());
		}
		this.schedule();
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
			this.room = this.socket.write(part);
			this.waitingBytes -= part.length;
			if (part.length === first.length) this.waiting.shift();
			else this.waiting[0] = first.subarray(part.length);
		}
	}

	private clientEvent(event: MqttClientEvent): void {
		const { onEvent } = this.options;
		switch (event.type) {
			case "connected":
				this.phase = "online";
				onEvent({ event: "online", connack: event.connack, duration: this.now() - this.startedAt });
				break;
			case "refused":
				this.end(classifyConnack(event.code, event.reason));
				break;
			case "disconnected":
				this.end(classifyDisconnect(event.code, event.reason));
				break;
			case "failed":
				this.end(classifyClientError(event.error, this.phase === "over" ? "online" : this.phase));
				break;
			case "message":
				onEvent({ event: "message", packet: event.packet });
				break;
			case "acknowledged":
				onEvent({ event: "acknowledged", packetId: event.packetId, code: event.code, reason: event.reason });
				break;
			case "subscribed":
				onEvent({ event: "subscribed", codes: event.codes, reason: event.reason });
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
		if (this.over()) return;
		const { clock } = this.options;
		if (this.timer !== undefined) clock.clearTimer(this.timer);
		this.timer = undefined;
		const deadline = this.client.deadline();
		if (deadline === undefined) return;
		this.timer = clock.setTimer(
			() => {
				this.timer = undefined;
				this.client.tick(this.now());
				this.schedule();
			},
			Math.max(0, deadline - this.now()),
		);
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
		this.phase = "over";
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
		this.socket?.close();
		this.socket = undefined;
		this.waiting.length = 0;
		this.waitingBytes = 0;
	}
}

/** What the codec or the server's limits do not allow is the caller's error. */
function sendable(send: () => number): number {
	try {
		return send();
	} catch (error) {
		if (!(error instanceof MqttError)) throw error;
		throw new DeviceError({
			code: "unsendable",
			step: "link",
			cause: error.message,
			remedy: "check topic or filter, QoS and size",
		});
	}
}

/** By the exception's kind alone: its text may hold what a log must not. */
function socketFailed(error: unknown): Outcome {
	return outcomeOf("network", `no socket could be made (${error instanceof Error ? error.name : typeof error})`);
}

function timedOut(): Outcome {
	return outcomeOf("network", `no secured connection after ${SECURE_TIMEOUT / 1000} seconds`);
}

function busy(cause: string): DeviceError {
	return new DeviceError({ code: "busy", step: "link", cause, remedy: "wait for an acknowledgement and try again" });
}
