/**
 * The connection there is, if there is one, and what goes over it: subscriptions, and the messages of the outbox.
 * @module
 */
import type { ConnectFields } from "../connect-fields.js";
import { DeviceError } from "../device-error.js";
import { Link, type LinkEvent, type Outcome, type OutcomeKind, type OutgoingMessage } from "../link/index.js";
import type { PublishPacket, Subscription } from "../mqtt/index.js";
import { Delivery, type DeliveryEvent, type DroppedMessage, Outbox } from "../outbox/index.js";
import type { AgentEvent, AgentOptions } from "./agent-interface.js";

/** Topic filters of one SUBSCRIBE (AWS IoT Core quotas). */
const FILTERS_AT_ONCE = 8;

export interface SessionListener {
	/** The gateway has let the device in; {@link Session.begin} is to follow. */
	online(event: Extract<LinkEvent, { readonly event: "online" }>): void;
	/** At QoS 1 it is acknowledged when this returns. */
	message(packet: PublishPacket): void;
	/** The connection has ended, or did not come about; there is none now. */
	over(outcome: Outcome): void;
	/** No message waits for its acknowledgement any more. */
	settled(): void;
	/** All else. */
	tell(event: AgentEvent): void;
}

export class Session {
	private readonly options: AgentOptions;
	private readonly listener: SessionListener;
	private readonly outbox: Outbox;
	private readonly delivery: Delivery;
	private link: Link | undefined;
	private isOnline = false;

	/** @throws {RangeError} for an outbox out of bounds. */
	constructor(options: AgentOptions, listener: SessionListener) {
		this.options = options;
		this.listener = listener;
		this.outbox = new Outbox({ store: options.ports.store, ...options.outbox });
		this.delivery = new Delivery({
			outbox: this.outbox,
			deniedAfter: options.outbox?.deniedAfter,
			publish: (message) => this.send(message),
			onEvent: (event) => this.delivered(event),
		});
	}

	/** Messages and bytes that wait for their acknowledgement. */
	get waiting(): { readonly messages: number; readonly bytes: number } {
		return { messages: this.outbox.size, bytes: this.outbox.bytes };
	}

	/** Messages that are on their way over this connection. */
	get inFlight(): number {
		return this.delivery.inFlight;
	}

	/** Reads what an earlier life left in the outbox. @throws {DeviceError} step `outbox`, code `store-failed`. */
	openOutbox(): void {
		const { messages, damaged, dropped } = this.outbox.open();
		if (messages > 0 || damaged > 0) this.listener.tell({ event: "outbox-opened", messages, damaged });
		this.tellDropped(dropped);
	}

	/** @throws {DeviceError} as `encodeUsername`. */
	connect(fields: ConnectFields): void {
		const { ports, version = 5, keepAlive = 60, maximumPacketSize = 8192, certificate } = this.options;
		const { TLSSocket, clock } = ports;
		const link: Link = new Link({
			fields,
			version,
			keepAlive,
			maximumPacketSize,
			certificate,
			TLSSocket,
			clock,
			onEvent: (event) => {
				if (this.link === link) this.linkEvent(event);
			},
		});
		this.link = link;
		link.open();
	}

	/** Subscribes, then sends what waits in the outbox. @throws {DeviceError} as `Link.subscribe`. */
	begin(subscriptions: readonly Subscription[]): void {
		const { link } = this;
		for (let at = 0; at < subscriptions.length; at += FILTERS_AT_ONCE)
			link?.subscribe(subscriptions.slice(at, at + FILTERS_AT_ONCE));
		if (link !== undefined && link === this.link) this.delivery.start();
	}

	/** @returns the outbox's id, 0 at QoS 0. @throws {DeviceError} as `Agent.publish`. */
	publish(message: OutgoingMessage): number {
		if (message.qos === 0) {
			const none = this.send(message);
			this.delivery.publishedBeside();
			return none;
		}
		const { id, dropped } = this.outbox.add(message);
		this.tellDropped(dropped);
		this.delivery.pump();
		return id;
	}

	/** Nothing more is sent; what is on its way may still be acknowledged. */
	pause(): void {
		this.isOnline = false;
	}

	/** Says goodbye, where there is a connection. @param kind how it ended; omitted where the device itself ends it. */
	close(kind?: OutcomeKind): void {
		this.isOnline = false;
		const { link } = this;
		this.link = undefined;
		link?.close();
		this.delivery.stop(kind);
	}

	private linkEvent(event: LinkEvent): void {
		const { listener } = this;
		switch (event.event) {
			case "over":
				this.close(event.outcome.kind);
				listener.over(event.outcome);
				break;
			case "online":
				this.isOnline = true;
				listener.online(event);
				break;
			case "message":
				listener.message(event.packet);
				break;
			case "acknowledged":
				this.delivery.acknowledged(event.packetId, event.code, event.reason);
				break;
			case "drained":
				this.delivery.pump();
				break;
			default:
				listener.tell(event);
		}
	}

	private tellDropped(dropped: readonly DroppedMessage[]): void {
		for (const message of dropped) this.listener.tell({ event: "dropped", ...message, cause: "full" });
	}

	private delivered(event: DeliveryEvent): void {
		this.listener.tell(event);
		if (this.link !== undefined && this.delivery.inFlight === 0) this.listener.settled();
	}

	private send(message: OutgoingMessage): number {
		if (this.link !== undefined && this.isOnline) return this.link.publish(message);
		throw new DeviceError({
			code: "offline",
			step: "link",
			cause: "the device is not online",
			remedy: "publish after the online event, or at QoS 1",
		});
	}
}
