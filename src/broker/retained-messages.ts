/**
 * Retained messages: the last message of a topic that was published with RETAIN, kept for those who subscribe later
 * (MQTT 5 section 3.3.1.3). They live in memory and end with the broker.
 *
 * Their number and their bytes are bounded. A message that would go beyond is not taken at all: what is kept stays as it
 * was, and whoever published it is told. Messages that have expired make room first.
 * @module
 */
import type { BrokerLimits } from "./limits.js";
import { isExpired, type Message } from "./message.js";
import { type Dialect, hasWildcard, topicMatches } from "./topics.js";
import { Violation } from "./violation.js";

interface RetainedMessagesOptions {
	readonly limits: Pick<BrokerLimits, "retainedMessages" | "retainedBytes">;
	readonly dialect: Dialect;
	/** Milliseconds. */
	readonly now: () => number;
}

/** One message a topic at most. */
export class RetainedMessages {
	private readonly options: RetainedMessagesOptions;
	private readonly messages = new Map<string, Message>();
	private bytes = 0;

	constructor(options: RetainedMessagesOptions) {
		this.options = options;
	}

	/**
	 * Keeps `message` in place of the one its topic had [MQTT-3.3.1-5]; one without a payload is not kept, it only takes
	 * the former one away [MQTT-3.3.1-6] [MQTT-3.3.1-7].
	 * @returns the limit that stands against it; then nothing has changed.
	 */
	keep(message: Message): Violation | undefined {
		if (message.payload.length === 0) {
			this.forget(message.topic);
			return undefined;
		}
		if (!this.hasRoomFor(message)) this.forgetExpired();
		if (!this.hasRoomFor(message)) return this.overQuota();
		this.forget(message.topic);
		this.messages.set(message.topic, withOwnMemory(message));
		this.bytes += message.bytes;
		return undefined;
	}

	/** The message of one topic, unless it has expired. */
	get(topic: string): Message | undefined {
		const message = this.messages.get(topic);
		if (message === undefined || !isExpired(message, this.options.now())) return message;
		this.forget(topic);
		return undefined;
	}

	/**
	 * What a new subscription gets. AWS IoT Core gives retained messages to exact filters only (AWS page "MQTT", "MQTT
	 * retained messages"); with `"standard"` wildcards match as well.
	 */
	matching(filter: string): readonly Message[] {
		if (!hasWildcard(filter)) {
			const message = this.get(filter);
			return message === undefined ? [] : [message];
		}
		if (this.options.dialect === "aws") return [];
		return this.all().filter(({ topic }) => topicMatches(filter, topic, this.options.dialect));
	}

	/** Every message that has not expired, in no certain order. */
	all(): readonly Message[] {
		this.forgetExpired();
		return [...this.messages.values()];
	}

	private hasRoomFor({ topic, bytes }: Message): boolean {
		const { retainedMessages, retainedBytes } = this.options.limits;
		const former = this.messages.get(topic);
		const count = this.messages.size + (former === undefined ? 1 : 0);
		return count <= retainedMessages && this.bytes - (former?.bytes ?? 0) + bytes <= retainedBytes;
	}

	private forget(topic: string): void {
		const message = this.messages.get(topic);
		if (message === undefined) return;
		this.messages.delete(topic);
		this.bytes -= message.bytes;
	}

	private forgetExpired(): void {
		const now = this.options.now();
		for (const message of this.messages.values()) if (isExpired(message, now)) this.forget(message.topic);
	}

	private overQuota(): Violation {
		const { retainedMessages, retainedBytes } = this.options.limits;
		const message = `retained messages: expected at most ${retainedMessages} with ${retainedBytes} bytes together`;
		return new Violation("retained-quota-exceeded", message);
	}
}

/** A small buffer is a part of a larger one, all of which would be kept with it. */
function withOwnMemory(message: Message): Message {
	const { payload, properties } = message;
	const { correlationData } = properties;
	return {
		...message,
		payload: copyOf(payload),
		properties:
			correlationData === undefined ? properties : { ...properties, correlationData: copyOf(correlationData) },
	};
}

function copyOf(bytes: Uint8Array): Buffer {
	const copy = Buffer.alloc(bytes.length);
	copy.set(bytes);
	return copy;
}
