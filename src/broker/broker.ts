/**
 * Who is connected, and which message goes to whom.
 * @module
 */
import type { Clock } from "./clock.js";
import type { ConnectRequest } from "./connect-request.js";
import type { Ending } from "./ending.js";
import type { BrokerLimits } from "./limits.js";
import type { Message } from "./message.js";
import type { Session } from "./session.js";
import { type Subscription, SubscriptionIndex } from "./subscription-index.js";
import type { Dialect } from "./topics.js";

interface BrokerOptions {
	readonly limits: BrokerLimits;
	readonly dialect: Dialect;
	readonly clock: Clock;
}

/** How a session ends whose client identifier another CONNECT has. */
export const TAKEN_OVER: Ending = { cause: "taken-over", reasonCode: 0x8e };

/** Knows sessions and subscriptions, and no socket. */
export class Broker {
	readonly limits: BrokerLimits;
	readonly dialect: Dialect;
	readonly clock: Clock;
	private readonly sessions = new Map<string, Session>();
	private readonly subscriptions: SubscriptionIndex<Session>;
	private arrivals = 0;

	constructor({ limits, dialect, clock }: BrokerOptions) {
		this.limits = limits;
		this.dialect = dialect;
		this.clock = clock;
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
	 * Passes a message on to every session that subscribed to its topic and may have it.
	 * @returns how many they are.
	 */
	publish(message: Message, publisher: Session): number {
		let recipients = 0;
		for (const [session, { qos, noLocal }] of this.subscriptions.match(message.topic)) {
			if (noLocal && session === publisher) continue;
			if (session.deliver(message, qos === 0 ? 0 : message.qos)) recipients++;
		}
		return recipients;
	}
}
