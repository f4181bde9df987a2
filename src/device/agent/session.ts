/**
 * The connection there is, if there is one, and what goes over it: subscriptions, and the messages of the outbox.
 * @module
 */
import type { ConnectFields } from "../connect-fields.js";
import { DeviceError } from "../device-error.js";
import { Link, type LinkEvent, type Outcome, type OutcomeKind, type OutgoingMessage } from "../link/index.js";
import type { PublishPacket, Subscription } from "../mqtt/index.js";
import { Delivery, type DeliveryEvent, type DroppedMessage, Outbox } from "../outbox/index.js";
import type { Clock } from "../ports.js";
import type { AgentEvent, AgentOptions } from "./agent-interface.js";

/** Topic filters of one SUBSCRIBE (AWS IoT Core quotas). */
const FILTERS_AT_ONCE = 8;
/** SUBACK: topic filter invalid (MQTT 5 table 3-8). */
const FILTER_INVALID = 0x8f;

export interface SessionListener {
	/** Server and ALPN are verified; CONNECT follows. */
	secured(event: Extract<LinkEvent, { readonly event: "secured" }>): void;
	/** The gateway has let the device in; {@link Session.begin} is to follow. */
	online(event: Extract<LinkEvent, { readonly event: "online" }>): void;
	/** At QoS 1 it is acknowledged when this returns. */
	message(packet: PublishPacket): void;
	/** The connection has ended, or did not come about; {@link Session.close} is to follow. */
	over(outcome: Outcome): void;
	/** No message waits for its acknowledgement any more. */
	settled(): void;
	/** All else. */
	tell(event: AgentEvent): void;
}

export class Session {
	private readonly options: AgentOptions;
	private readonly clock: Clock;
	private readonly listener: SessionListener;
	private readonly outbox: Outbox;
	private readonly delivery: Delivery;
	private link: Link | undefined;
	private isOnline = false;
	private hasOutbox = false;
	/** What is still to be asked for on this connection. */
	private unasked: readonly Subscription[] = [];
	/** Filters that were, by the packet id of their SUBSCRIBE. */
	private readonly asked = new Map<number, readonly string[]>();
	/** Until everything is asked for, no message goes out: what answers it would not come. */
	private isDelivering = false;

	/** @throws {RangeError} for an outbox out of bounds. */
	constructor(options: AgentOptions, clock: Clock, listener: SessionListener) {
		this.options = options;
		this.clock = clock;
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

	/** Whether the connection waits for what will not come: a timer that the platform has lost. */
	get isStuck(): boolean {
		return this.link?.isStuck ?? false;
	}

	/** Reads what an earlier life left in the outbox, once. @throws {DeviceError} step `outbox`, code `store-failed`. */
	openOutbox(): void {
		if (this.hasOutbox) return;
		const { messages, damaged, dropped } = this.outbox.open();
		this.hasOutbox = true;
		if (messages > 0 || damaged > 0) this.listener.tell({ event: "outbox-opened", messages, damaged });
		this.tellDropped(dropped);
	}

	/** In place of the connection there is. */
	connect(fields: ConnectFields): void {
		this.close();
		const { ports, version = 5, keepAlive = 60, maximumPacketSize = 8192, certificate } = this.options;
		const link: Link = new Link({
			fields,
			version,
			keepAlive,
			maximumPacketSize,
			certificate,
			TLSSocket: ports.TLSSocket,
			clock: this.clock,
			onEvent: (event) => {
				if (this.link === link) this.linkEvent(event);
			},
		});
		this.link = link;
		link.open();
	}

	/** Subscribes, as far as the connection takes it at once, then sends what waits in the outbox. */
	begin(subscriptions: readonly Subscription[]): void {
		this.unasked = subscriptions;
		this.goOn();
	}

	/** @returns the outbox's id, 0 at QoS 0. @throws {DeviceError} as `Agent.publish`. */
	publish(message: OutgoingMessage): number {
		if (message.qos === 0) {
			const none = this.send(message);
			this.delivery.publishedBeside();
			return none;
		}
		// Where nobody has been able to read it yet: what is in there must not be written over.
		this.openOutbox();
		const { id, dropped } = this.outbox.add(message);
		this.tellDropped(dropped);
		this.delivery.pump();
		return id;
	}

	/** Nothing more is sent; what is on its way may still be acknowledged. */
	pause(): void {
		this.isOnline = false;
	}

	/**
	 * Says goodbye, where there is a connection. May tell what becomes of messages.
	 * @param outcome how it ended; omitted where the device itself ends it.
	 */
	close(outcome?: Outcome): void {
		const { link } = this;
		this.isOnline = false;
		this.isDelivering = false;
		this.asked.clear();
		this.link = undefined;
		link?.close();
		this.delivery.stop(outcome && verdictOn(outcome));
	}

	private linkEvent(event: LinkEvent): void {
		const { listener } = this;
		switch (event.event) {
			case "over":
				listener.over(event.outcome);
				break;
			case "secured":
				listener.secured(event);
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
			case "subscribed": {
				const { packetId, codes, reason } = event;
				const filters = this.asked.get(packetId) ?? [];
				this.asked.delete(packetId);
				listener.tell({ event: "subscribed", filters, codes, ...(reason === undefined ? {} : { reason }) });
				this.goOn();
				break;
			}
			case "drained":
				this.goOn();
		}
	}

	/** The connection takes more. */
	private goOn(): void {
		const { link } = this;
		if (link === undefined || !this.isOnline || !this.askForRest(link) || link !== this.link) return;
		if (this.isDelivering) this.delivery.pump();
		else {
			this.isDelivering = true;
			this.delivery.start();
		}
	}

	/** @returns whether there is no rest: what the connection does not take now has to wait. */
	private askForRest(link: Link): boolean {
		let atOnce = FILTERS_AT_ONCE;
		while (link === this.link && this.unasked.length > 0) {
			const some = this.unasked.slice(0, atOnce);
			const filters = some.map(({ filter }) => filter);
			try {
				this.asked.set(link.subscribe(some), filters);
			} catch (error) {
				if (!(error instanceof DeviceError)) throw error;
				if (error.code !== "unsendable") return false;
				// One of them is: the others are asked for.
				if (some.length > 1) {
					atOnce = 1;
					continue;
				}
				this.unasked = this.unasked.slice(1);
				this.listener.tell({ event: "subscribed", filters, codes: [FILTER_INVALID], reason: error.message });
				continue;
			}
			this.unasked = this.unasked.slice(some.length);
		}
		return true;
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

/**
 * What the outbox is told. A server that names a fault of the device's as it hangs up means what was published on the
 * connection, as a denial does: a message that is in flight each time must not hold up the others for ever.
 */
function verdictOn({ kind, code }: Outcome): OutcomeKind {
	return kind === "protocol" && code !== undefined ? "policy-denied" : kind;
}
