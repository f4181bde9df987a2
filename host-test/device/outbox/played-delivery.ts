/**
 * A delivery and the connection it is told of, played by hand.
 * @module
 */
import { DeviceError } from "../../../src/device/device-error.js";
import type { OutcomeKind } from "../../../src/device/link/index.js";
import { Delivery, type DeliveryEvent, type Outbox, type OutboxLimits } from "../../../src/device/outbox/index.js";
import { TornStore } from "../torn-store.js";
import { message, reopened } from "./messages.js";

export class PlayedDelivery {
	readonly store = new TornStore();
	readonly outbox: Outbox;
	readonly delivery: Delivery;
	/** What was published and not looked at yet: the message's number, with `+` where it may be a duplicate. */
	private published: string[] = [];
	private told: DeliveryEvent[] = [];
	/** Packet ids that wait for their PUBACK, by the message's number. */
	readonly waiting = new Map<number, number>();
	/** Messages that the connection takes before the first is acknowledged. */
	window = 8;
	/** Why nothing can be published. */
	trouble: "busy" | "offline" | undefined;
	/** Numbers of messages that cannot be sent. */
	readonly unsendable = new Set<number>();
	/** Called with each event, and inside each publish. */
	react: (event: DeliveryEvent) => void = () => {};
	inPublish: (number: number) => void = () => {};
	private lastPacketId = 0;

	constructor(limits: OutboxLimits = {}) {
		this.outbox = reopened(this.store, limits);
		this.delivery = new Delivery({
			outbox: this.outbox,
			deniedAfter: limits.deniedAfter,
			publish: ({ topic, dup }) => this.publish(Number(topic.slice(1)), dup),
			onEvent: (event) => {
				this.told.push(event);
				this.react(event);
			},
		});
	}

	/** Adds messages with these numbers, and has them sent. @returns the ids. */
	add(...numbers: number[]): number[] {
		return numbers.map((number) => {
			const { id } = this.outbox.add(message(number));
			this.delivery.pump();
			return id;
		});
	}

	/** The server acknowledges the message of that number. */
	acknowledge(number: number, code = 0, reason?: string): void {
		const packetId = this.waiting.get(number)!;
		this.waiting.delete(number);
		this.delivery.acknowledged(packetId, code, reason);
	}

	start(): void {
		this.waiting.clear();
		this.delivery.start();
	}

	stop(kind?: OutcomeKind): void {
		this.waiting.clear();
		this.delivery.stop(kind);
	}

	/** What was published since the last look. */
	sent(): string {
		return this.published.splice(0).join(" ");
	}

	/** What was told since the last look. */
	events(): DeliveryEvent[] {
		return this.told.splice(0);
	}

	private publish(number: number, dup: boolean): number {
		if (this.trouble !== undefined || this.waiting.size >= this.window) throw linkError(this.trouble ?? "busy");
		if (this.unsendable.has(number)) throw linkError("unsendable");
		this.published.push(`${number}${dup ? "+" : ""}`);
		this.waiting.set(number, ++this.lastPacketId);
		const packetId = this.lastPacketId;
		this.inPublish(number);
		return packetId;
	}
}

function linkError(code: string): DeviceError {
	return new DeviceError({ code, step: "link", cause: `the link is ${code}`, remedy: "wait" });
}
