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
import { type Content, type Delivery, type Message, publishPacket, type QoS } from "./message.js";
import { readPublish } from "./publish-rules.js";
import { checkUnsubscriptions, judgeSubscription, type SubscriptionVerdict } from "./subscribe-rules.js";
import type { Subscription } from "./subscription-index.js";
import { Violation } from "./violation.js";

/** What a session asks before it lets something happen. */
export interface AuthorizationRequest {
	/** A message with RETAIN takes two, `publish` and then `retain-publish`. */
	readonly action: "publish" | "retain-publish" | "subscribe" | "receive";
	/** Topic name, or topic filter of a subscription. */
	readonly topic: string;
	readonly qos: QoS;
}

export interface Authorization {
	readonly allowed: boolean;
	/** Reason string for an MQTT 5 client; none when absent. */
	readonly reason?: string | undefined;
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
	delivered(delivery: Delivery): void;
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
			write(delivery, packetId) {
				const recipient = { version: request.version, now: now() };
				const written = link.send(publishPacket(delivery, packetId, recipient));
				if (written) observer.delivered(delivery);
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
		const { broker, request, observer } = this.options;
		this.window.clear();
		broker.leave(this);
		const { will } = request;
		if (will === undefined || clientTookLeave || !this.authorizePublish(will).allowed) return;
		const violation = this.publish(will);
		if (violation !== undefined) observer.violated(violation);
	}

	/** The connection takes bytes again. */
	resume(): void {
		this.window.flush();
	}

	/** @returns whether this client subscribed to messages of this publisher and the policies let it have the message. */
	deliver(message: Message, subscription: Subscription, retain: boolean): boolean {
		if (subscription.noLocal && message.publisher === this.clientId) return false;
		const qos = subscription.qos === 0 ? 0 : message.qos;
		const { allowed } = this.options.authorize({ action: "receive", topic: message.topic, qos });
		if (allowed) this.window.offer({ message, qos, retain });
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
		const { broker, observer, link } = this.options;
		const content = readPublish(packet, broker);
		// Without a reason code in a PUBACK there is one way only to say no.
		const endsOnRefusal = this.isVersion4 || content.qos === 0;
		const { allowed, reason } = this.authorizePublish(content);
		if (!allowed && endsOnRefusal) {
			this.endNotAuthorized(reason);
			return;
		}
		const violation = allowed ? this.publish(content) : undefined;
		if (violation !== undefined && endsOnRefusal) throw violation;
		if (violation !== undefined) observer.violated(violation);
		if (content.qos === 0) return;
		const reasonCode = allowed ? (violation?.reasonCode ?? 0) : NOT_AUTHORIZED;
		link.send({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode, ...this.problem(reason) });
	}

	private authorizePublish({ topic, qos, retain }: Pick<Content, "topic" | "qos" | "retain">): Authorization {
		const { authorize } = this.options;
		const publish = authorize({ action: "publish", topic, qos });
		return publish.allowed && retain ? authorize({ action: "retain-publish", topic, qos }) : publish;
	}

	/** @returns the limit that kept the broker from taking the message. */
	private publish(content: Content): Violation | undefined {
		const { broker, observer } = this.options;
		const outcome = broker.publish(content, this.clientId);
		if (!outcome.taken) return outcome.violation;
		observer.published(outcome.message, outcome.recipients);
		return undefined;
	}

	private handleSubscribe(packet: ISubscribePacket): void {
		const { request, broker, authorize } = this.options;
		if (packet.properties?.subscriptionIdentifier !== undefined) {
			throw new Violation("subscription-identifiers-unsupported", "SUBSCRIBE with a Subscription Identifier");
		}
		const subscriber = { version: request.version, limits: broker.limits, authorize, filters: this.filters };
		const verdicts: SubscriptionVerdict[] = [];
		for (const wanted of packet.subscriptions) {
			const verdict = judgeSubscription(wanted, packet.subscriptions.length, subscriber);
			verdicts.push(verdict);
			if (verdict.granted) {
				broker.subscribe(this, verdict.filter, verdict.subscription);
			} else if (this.isVersion4) {
				if (verdict.violation !== undefined) throw verdict.violation;
				this.endNotAuthorized(verdict.reason);
				return;
			}
		}
		this.answerSubscribe(packet.messageId ?? 0, verdicts);
	}

	/** Sends SUBACK, and after it the retained messages of the new subscriptions. */
	private answerSubscribe(messageId: number, verdicts: readonly SubscriptionVerdict[]): void {
		const { broker, observer, link } = this.options;
		const granted = verdicts.filter((verdict) => verdict.granted);
		const refused = verdicts.filter((verdict) => !verdict.granted);
		const violation = refused.find((verdict) => verdict.violation !== undefined)?.violation;
		if (violation !== undefined) observer.violated(violation);
		const told = granted.map(({ filter, subscription: { qos } }) => ({ filter, qos }));
		if (told.length > 0) observer.subscribed(told);
		const codes = verdicts.map((verdict) => (verdict.granted ? verdict.subscription.qos : verdict.reasonCode));
		const reason = refused.find((verdict) => verdict.reason !== undefined)?.reason;
		link.send({ cmd: "suback", messageId, granted: codes, ...this.problem(reason) });
		for (const { filter, subscription, wantsRetained } of granted) {
			const found = wantsRetained ? broker.retained.matching(filter) : [];
			for (const message of found) this.deliver(message, subscription, true);
		}
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
		this.end({ cause: "not-authorized", reasonCode: NOT_AUTHORIZED, reason });
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
