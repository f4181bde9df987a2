/**
 * One client while it is connected: what it may do with each packet, and what reaches it.
 *
 * A session ends with its connection; nothing of it is kept.
 * @module
 */
import type { IDisconnectPacket, IPublishPacket, ISubscribePacket, IUnsubscribePacket, Packet } from "mqtt-packet";
import type { Broker } from "./broker.js";
import type { ConnectRequest } from "./connect-request.js";
import { DeliveryWindow, type DropReason } from "./delivery-window.js";
import type { Ending } from "./ending.js";
import { type Content, forwardedProperties, type Message, publishPacket, type QoS, sizeOf } from "./message.js";
import { checkUnsubscriptions, judgeSubscription } from "./subscribe-rules.js";
import { topicNameFault } from "./topics.js";
import { Violation } from "./violation.js";

/** What a session asks before it lets something happen. */
export interface AuthorizationRequest {
	readonly action: "publish" | "subscribe" | "receive";
	/** Topic name, or topic filter of a subscription. */
	readonly topic: string;
	readonly qos: QoS;
}

export interface Authorization {
	readonly allowed: boolean;
	/** Reason string for an MQTT 5 client; none when absent. */
	readonly reason?: string;
}

export type Authorize = (request: AuthorizationRequest) => Authorization;

/** What happens in a session, told as it happens. */
export interface SessionObserver {
	/** @param subscriptions those that were granted. */
	subscribed(subscriptions: readonly { readonly filter: string; readonly qos: QoS }[]): void;
	unsubscribed(filters: readonly string[]): void;
	/** @param recipients sessions that the message was passed to. */
	published(message: Message, recipients: number): void;
	/** The message was written to this session's connection. */
	delivered(message: Message, qos: QoS): void;
	dropped(message: Message, reason: DropReason): void;
	/** The client broke a rule; whether the connection ends is told by itself. */
	violated(violation: Violation): void;
}

/** The connection as its session sees it. */
export interface SessionLink {
	/** False while the peer does not take what was written. */
	readonly writable: boolean;
	/** @returns false when the packet is larger than the client takes. */
	send(packet: Packet): boolean;
	end(ending: Ending): void;
}

export interface SessionOptions {
	readonly broker: Broker;
	readonly request: ConnectRequest;
	readonly authorize: Authorize;
	readonly observer: SessionObserver;
	readonly link: SessionLink;
}

const NOT_AUTHORIZED = 0x87;
const NO_SUBSCRIPTION_EXISTED = 0x11;
const DISCONNECT_WITH_WILL = 0x04;

export class Session {
	readonly clientId: string;
	/** See {@link ConnectRequest}. */
	readonly arrival: number;
	/** Filters subscribed to. */
	readonly filters = new Set<string>();
	private readonly options: SessionOptions;
	private readonly window: DeliveryWindow;

	constructor(options: SessionOptions) {
		const { broker, request, observer, link } = options;
		this.options = options;
		this.clientId = request.clientId;
		this.arrival = request.arrival;
		const now = () => broker.clock.now();
		this.window = new DeliveryWindow({
			receiveMaximum: request.receiveMaximum,
			limits: broker.limits,
			writable: () => link.writable,
			write(message, qos, packetId) {
				const recipient = { version: request.version, now: now() };
				const written = link.send(publishPacket(message, qos, packetId, recipient));
				if (written) observer.delivered(message, qos);
				return written;
			},
			dropped: (message, reason) => observer.dropped(message, reason),
			now,
		});
	}

	/** Ends the session from the broker's side. */
	end(ending: Ending): void {
		this.options.link.end(ending);
	}

	/** The connection is over: drops what waits and publishes the will, unless the client took its leave. */
	finish(clientTookLeave: boolean): void {
		const { broker, request, authorize } = this.options;
		this.window.clear();
		broker.leave(this);
		const { will } = request;
		if (will === undefined || clientTookLeave) return;
		if (authorize({ action: "publish", topic: will.topic, qos: will.qos }).allowed) this.publish(will);
	}

	/** The connection takes bytes again. */
	resume(): void {
		this.window.flush();
	}

	/** @returns whether the policies let this client have the message. */
	deliver(message: Message, qos: QoS): boolean {
		const { allowed } = this.options.authorize({ action: "receive", topic: message.topic, qos });
		if (allowed) this.window.offer(message, qos);
		return allowed;
	}

	/**
	 * Does what one packet asks.
	 * @throws {Violation}
	 */
	handle(packet: Packet): void {
		switch (packet.cmd) {
			case "publish":
				this.handlePublish(packet);
				break;
			case "puback":
				this.window.acknowledge(packet.messageId ?? 0);
				break;
			case "subscribe":
				this.handleSubscribe(packet);
				break;
			case "unsubscribe":
				this.handleUnsubscribe(packet);
				break;
			case "pingreq":
				this.options.link.send({ cmd: "pingresp" });
				break;
			case "disconnect":
				this.handleDisconnect(packet);
				break;
			default:
				throw new Violation("unexpected-packet", `expected a packet of a connected client, got ${packet.cmd}`);
		}
	}

	private handlePublish(packet: IPublishPacket): void {
		const { authorize, link } = this.options;
		const content = this.readPublish(packet);
		const { allowed, reason } = authorize({ action: "publish", topic: content.topic, qos: content.qos });
		if (!allowed && (this.isVersion4 || content.qos === 0)) {
			this.endNotAuthorized(reason);
			return;
		}
		if (allowed) this.publish(content);
		if (content.qos === 0) return;
		const answer = allowed ? { reasonCode: 0 } : { reasonCode: NOT_AUTHORIZED, ...this.problem(reason) };
		link.send({ cmd: "puback", messageId: packet.messageId ?? 0, ...answer });
	}

	private readPublish(packet: IPublishPacket): Content {
		const { limits, dialect } = this.options.broker;
		const { topic, qos, properties } = packet;
		if (qos === 2) throw new Violation("qos-2-unsupported", "PUBLISH: expected QoS 0 or 1, got 2");
		if (packet.retain) throw new Violation("retain-unsupported", "PUBLISH with RETAIN");
		if (properties?.topicAlias !== undefined) {
			throw new Violation("topic-alias-invalid", `topic alias: expected none, got ${properties.topicAlias}`);
		}
		const fault = topicNameFault(topic, limits, dialect);
		if (fault !== undefined) throw new Violation("topic-name-invalid", `topic name: ${fault}`);
		const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
		if (payload.length > limits.payloadBytes) {
			const message = `payload: expected at most ${limits.payloadBytes} bytes, got ${payload.length}`;
			throw new Violation("packet-too-large", message);
		}
		return { topic, payload, qos, properties: forwardedProperties(properties) };
	}

	private publish(content: Content): void {
		const { broker, observer } = this.options;
		const receivedAt = broker.clock.now();
		const message = { ...content, bytes: sizeOf(content), publisher: this.clientId, receivedAt };
		observer.published(message, broker.publish(message, this));
	}

	private handleSubscribe(packet: ISubscribePacket): void {
		const { request, broker, authorize, observer, link } = this.options;
		if (packet.properties?.subscriptionIdentifier !== undefined) {
			throw new Violation("subscription-identifiers-unsupported", "SUBSCRIBE with a Subscription Identifier");
		}
		const subscriber = { version: request.version, limits: broker.limits, authorize, filters: this.filters };
		const granted: { filter: string; qos: QoS }[] = [];
		const codes: number[] = [];
		let reason: string | undefined;
		let violation: Violation | undefined;
		for (const wanted of packet.subscriptions) {
			const verdict = judgeSubscription(wanted, packet.subscriptions.length, subscriber);
			if (verdict.granted) {
				broker.subscribe(this, wanted.topic, { qos: verdict.qos, noLocal: wanted.nl ?? false });
				granted.push({ filter: wanted.topic, qos: verdict.qos });
				codes.push(verdict.qos);
				continue;
			}
			if (this.isVersion4) {
				if (verdict.violation !== undefined) throw verdict.violation;
				this.endNotAuthorized(verdict.reason);
				return;
			}
			violation ??= verdict.violation;
			reason ??= verdict.reason;
			codes.push(verdict.reasonCode);
		}
		if (violation !== undefined) observer.violated(violation);
		if (granted.length > 0) observer.subscribed(granted);
		link.send({ cmd: "suback", messageId: packet.messageId ?? 0, granted: codes, ...this.problem(reason) });
	}

	private handleUnsubscribe(packet: IUnsubscribePacket): void {
		const { broker, observer, link } = this.options;
		checkUnsubscriptions(packet.unsubscriptions, broker.limits);
		const codes = packet.unsubscriptions.map((filter) => {
			const existed = broker.unsubscribe(this, filter);
			// AWS does not list 0x11 among the codes of its UNSUBACK.
			return existed || broker.dialect === "aws" ? 0 : NO_SUBSCRIPTION_EXISTED;
		});
		observer.unsubscribed(packet.unsubscriptions);
		link.send({ cmd: "unsuback", messageId: packet.messageId ?? 0, granted: codes });
	}

	private handleDisconnect(packet: IDisconnectPacket): void {
		const expiry = packet.properties?.sessionExpiryInterval ?? 0;
		if (expiry > 0 && this.options.request.requestedSessionExpiry === 0) {
			throw new Violation("protocol-error", "DISCONNECT: a Session Expiry Interval where CONNECT had none");
		}
		const wantsWill = packet.reasonCode === DISCONNECT_WITH_WILL;
		this.end({ cause: wantsWill ? "client-disconnect-with-will" : "client-disconnect", reasonCode: 0 });
	}

	private endNotAuthorized(reason: string | undefined): void {
		this.end({ cause: "not-authorized", reasonCode: NOT_AUTHORIZED, ...(reason === undefined ? {} : { reason }) });
	}

	/** The reason string of PUBACK and SUBACK, where the client wants to know. */
	private problem(reason: string | undefined): { properties?: { reasonString: string } } {
		const { version, problemInformation } = this.options.request;
		if (reason === undefined || version === 4 || !problemInformation) return {};
		return { properties: { reasonString: reason } };
	}

	private get isVersion4(): boolean {
		return this.options.request.version === 4;
	}
}
