/**
 * Who has subscribed to what: a tree of topic levels, so that finding the subscribers of a topic costs what matches and
 * not what is subscribed.
 *
 * Every walk is a loop: a topic with 65,535 levels must not overflow the stack.
 * @module
 */
import type { Dialect } from "./topics.js";

/** What a subscriber asked for with one filter. */
export interface Subscription {
	readonly qos: 0 | 1;
	/** The subscriber does not want what it published itself (MQTT 5 section 3.8.3.1). */
	readonly noLocal: boolean;
	/** Messages keep the RETAIN flag they were published with (MQTT 5 section 3.8.3.1). */
	readonly retainAsPublished: boolean;
}

interface Level<S> {
	readonly parent: Level<S> | undefined;
	readonly name: string;
	readonly children: Map<string, Level<S>>;
	/** Subscribers of the filter that ends here. */
	readonly subscriptions: Map<S, Subscription>;
}

/** Subscriptions of subscribers `S`, compared by identity; one subscription for each subscriber and filter. */
export class SubscriptionIndex<S> {
	private readonly dialect: Dialect;
	private readonly root: Level<S> = level(undefined, "");

	constructor(dialect: Dialect) {
		this.dialect = dialect;
	}

	/** Adds a subscription, or replaces the one this subscriber has for this filter [MQTT-3.8.4-3]. */
	add(filter: string, subscriber: S, subscription: Subscription): void {
		let at = this.root;
		for (const name of filter.split("/")) {
			let next = at.children.get(name);
			if (next === undefined) {
				next = level(at, name);
				at.children.set(name, next);
			}
			at = next;
		}
		at.subscriptions.set(subscriber, subscription);
	}

	/** @returns false when there was no such subscription. */
	remove(filter: string, subscriber: S): boolean {
		let at: Level<S> | undefined = this.root;
		for (const name of filter.split("/")) {
			at = at.children.get(name);
			if (at === undefined) return false;
		}
		const removed = at.subscriptions.delete(subscriber);
		prune(at);
		return removed;
	}

	/** True when nothing is subscribed, and nothing left over from what was. */
	get isEmpty(): boolean {
		return this.root.children.size === 0;
	}

	/**
	 * The subscribers of `topic`. One that has several matching filters appears once, with the highest QoS of them
	 * [MQTT-3.3.5-1], without No Local if one of them is without, and with Retain As Published if one is with.
	 */
	match(topic: string): Map<S, Subscription> {
		const found = new Map<S, Subscription>();
		let frontier: readonly Level<S>[] = [this.root];
		for (const [depth, name] of topic.split("/").entries()) {
			// A wildcard in the first level does not match topics that start with $ [MQTT-4.7.2-1].
			const wildcards = depth > 0 || !name.startsWith("$");
			const next: Level<S>[] = [];
			for (const at of frontier) {
				if (wildcards) collect(at.children.get("#"), found);
				push(at.children.get(name), next);
				if (wildcards) push(at.children.get("+"), next);
			}
			frontier = next;
		}
		for (const at of frontier) {
			collect(at, found);
			if (this.dialect === "standard") collect(at.children.get("#"), found);
		}
		return found;
	}
}

function level<S>(parent: Level<S> | undefined, name: string): Level<S> {
	return { parent, name, children: new Map(), subscriptions: new Map() };
}

function push<S>(candidate: Level<S> | undefined, into: Level<S>[]): void {
	if (candidate !== undefined) into.push(candidate);
}

function collect<S>(at: Level<S> | undefined, into: Map<S, Subscription>): void {
	if (at === undefined) return;
	for (const [subscriber, subscription] of at.subscriptions) {
		const other = into.get(subscriber);
		into.set(subscriber, other === undefined ? subscription : joined(subscription, other));
	}
}

function joined(a: Subscription, b: Subscription): Subscription {
	return {
		qos: a.qos === 1 ? 1 : b.qos,
		noLocal: a.noLocal && b.noLocal,
		retainAsPublished: a.retainAsPublished || b.retainAsPublished,
	};
}

/** Takes away the levels from here upwards that lead nowhere any more. */
function prune<S>(from: Level<S>): void {
	let at = from;
	while (at.parent !== undefined && at.subscriptions.size === 0 && at.children.size === 0) {
		at.parent.children.delete(at.name);
		at = at.parent;
	}
}
