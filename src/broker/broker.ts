/**
 * Who is connected, and which message goes to whom.
 * @module
 */
import type { Clock } from "./clock.js";
import type { ConnectRequest } from "./connect-request.js";
import type { Ending } from "./ending.js";
import type { BrokerLimits } from "./limits.js";
import { type Content, type Message, sizeOf } from "./message.js";
import { RetainedMessages } from "./retained-messages.js";
import type { Session } from "./session.js";
import { type Subscription, SubscriptionIndex } from "./subscription-index.js";
import type { Dialect } from "./topics.js";
import type { Violation } from "./violation.js";

interface BrokerOptions {
	readonly limits: BrokerLimits;
	readonly dialect: Dialect;
	readonly clock: Clock;
}

/** What became of a message. */
export type PublishOutcome =
	| {
			readonly taken: true;
			readonly message: Message;
			/** Sessions that it was passed to. */
			readonly recipients: number;
	  }
	| { readonly taken: false; readonly violation: Violation };

/** How a session ends whose client identifier another CONNECT has. */
export const TAKEN_OVER: Ending = { cause: "taken-over", reasonCode: 0x8e };

/** Knows sessions, subscriptions and retained messages, and no socket. */
export class Broker {
	readonly limits: BrokerLimits;
	readonly dialect: Dialect;
	readonly clock: Clock;
	readonly retained: RetainedMessages;
	private readonly sessions = new Map<string, Session>();
	private readonly subscriptions: SubscriptionIndex<Session>;
	private arrivals = 0;

	constructor({ limits, dialect, clock }: BrokerOptions) {
		this.limits = limits;
		this.dialect = dialect;
		this.clock = clock;
		this.retained = new RetainedMessages({ limits, dialect, now: () => clock.now() });
		this.subscriptions = new SubscriptionIndex(dialect);
	}

	/** Sessions at this moment. */
	get size(): number {
		return this.sessions.size;
	}

	/** The number of a CONNECT that came now: the newer of two has the greater one, whichever is admitted first. */
	arrive(): number {
		return ++this.arrivals;
	}

	/** Whether the session of a newer CONNECT has this client identifier already. */
	isOvertaken({ clientId, arrival }: ConnectRequest): boolean {
		return (this.sessions.get(clientId)?.arrival ?? 0) > arrival;
	}

	/** Lets a session in that was not overtaken. One with the same client identifier ends [MQTT-3.1.4-3]. */
	join(session: Session): void {
		this.sessions.get(session.clientId)?.end(TAKEN_OVER);
		this.sessions.set(session.clientId, session);
	}

	/** Forgets a session and its subscriptions. */
	leave(session: Session): void {
		for (const filter of session.filters) this.subscriptions.remove(filter, session);
		session.filters.clear();
		if (this.sessions.get(session.clientId) === session) this.sessions.delete(session.clientId);
	}

	subscribe(session: Session, filter: string, subscription: Subscription): void {
		this.subscriptions.add(filter, session, subscription);
		session.filters.add(filter);
	}

	/** @returns false when there was no such subscription. */
	unsubscribe(session: Session, filter: string): boolean {
		session.filters.delete(filter);
		return this.subscriptions.remove(filter, session);
	}

	/**
	 * Keeps a message that is to be retained, and passes it on to every session that subscribed to its topic and may have
	 * it. One that cannot be retained is not passed on either.
	 * @param publisher client identifier; undefined where it is no MQTT client.
	 */
	publish(content: Content, publisher: string | undefined): PublishOutcome {
		const message = { ...content, bytes: sizeOf(content), publisher, receivedAt: this.clock.now() };
		const violation = message.retain ? this.retained.keep(message) : undefined;
		if (violation !== undefined) return { taken: false, violation };
		let recipients = 0;
		for (const [session, subscription] of this.subscriptions.match(message.topic)) {
			const retain = message.retain && subscription.retainAsPublished;
			if (session.deliver(message, subscription, retain)) recipients++;
		}
		return { taken: true, message, recipients };
	}
}
