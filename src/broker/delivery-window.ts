/**
 * What is on its way to one client: QoS 1 messages in flight up to the client's Receive Maximum, and a bounded queue of
 * messages that wait for the window or for a slow connection.
 *
 * The drop rule: a message that finds the queue full is dropped, whatever its QoS, and the drop is told. Messages keep
 * the order in which they came.
 * @module
 */
import type { BrokerLimits } from "./limits.js";
import { type Delivery, isExpired, type Message, type QoS } from "./message.js";

/** Why a message did not reach a subscriber that the policies would have let have it. */
export type DropReason = "queue-full" | "expired" | "larger-than-the-client-takes";

export interface DeliveryWindowOptions {
	/** Messages in flight at most: the client's Receive Maximum or the broker's, whichever is less. */
	readonly receiveMaximum: number;
	readonly limits: Pick<BrokerLimits, "queuedMessages" | "queuedBytes">;
	/** Whether the connection takes more bytes now. */
	readonly writable: () => boolean;
	/** Writes one message; false when the client does not take a packet of its size. */
	readonly write: (delivery: Delivery, packetId: number | undefined) => boolean;
	readonly dropped: (message: Message, reason: DropReason) => void;
	/** Milliseconds. */
	readonly now: () => number;
}

export class DeliveryWindow {
	private readonly options: DeliveryWindowOptions;
	/** Packet identifiers that the client has not acknowledged. */
	private readonly inFlight = new Set<number>();
	private lastPacketId = 0;
	private queue: Delivery[] = [];
	private queuedBytes = 0;

	constructor(options: DeliveryWindowOptions) {
		this.options = options;
	}

	/** Sends a message, or keeps it until it can be sent, or drops it. */
	offer(delivery: Delivery): void {
		const { message, qos } = delivery;
		if (this.queue.length === 0 && this.canSend(qos)) {
			this.send(delivery);
			return;
		}
		const { limits } = this.options;
		const bytes = this.queuedBytes + message.bytes;
		if (this.queue.length >= limits.queuedMessages || bytes > limits.queuedBytes) {
			this.options.dropped(message, "queue-full");
			return;
		}
		this.queue.push(delivery);
		this.queuedBytes = bytes;
	}

	/** Takes a PUBACK; one for a packet that is not in flight means nothing. */
	acknowledge(packetId: number): void {
		if (this.inFlight.delete(packetId)) this.flush();
	}

	/** Sends what waits, as far as the window and the connection allow. */
	flush(): void {
		let sent = 0;
		for (const delivery of this.queue) {
			if (!this.canSend(delivery.qos)) break;
			this.send(delivery);
			this.queuedBytes -= delivery.message.bytes;
			sent++;
		}
		if (sent > 0) this.queue = this.queue.slice(sent);
	}

	/** Forgets everything: the session is over. */
	clear(): void {
		this.queue = [];
		this.queuedBytes = 0;
		this.inFlight.clear();
	}

	private canSend(qos: QoS): boolean {
		return this.options.writable() && (qos === 0 || this.inFlight.size < this.options.receiveMaximum);
	}

	private send(delivery: Delivery): void {
		const { message, qos } = delivery;
		if (isExpired(message, this.options.now())) {
			this.options.dropped(message, "expired");
			return;
		}
		const packetId = qos === 0 ? undefined : this.nextPacketId();
		const written = this.options.write(delivery, packetId);
		if (!written) this.options.dropped(message, "larger-than-the-client-takes");
		else if (packetId !== undefined) this.inFlight.add(packetId);
	}

	/** 1..65535, skipping those in use [MQTT-2.2.1-4]; the window is smaller than the range, so one is free. */
	private nextPacketId(): number {
		do this.lastPacketId = (this.lastPacketId % 0xffff) + 1;
		while (this.inFlight.has(this.lastPacketId));
		return this.lastPacketId;
	}
}
