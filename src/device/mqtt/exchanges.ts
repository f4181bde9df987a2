/**
 * Packet ids in use on one connection, both ways, within bounds.
 * @module
 */
import { type ExchangeEvent, type ExchangeState, exchange, nextPacketId } from "./client-table.js";
import { MqttError } from "./errors.js";

interface Exchange {
	readonly state: ExchangeState;
	/** How many codes the answer must carry: one a subscription [MQTT-3.8.4-6]. */
	readonly replies: number;
}

/** Requests to subscribe or unsubscribe that may wait for an answer at once. */
const MAXIMUM_REQUESTS = 8;

export class Exchanges {
	private readonly ours = new Map<number, Exchange>();
	private readonly theirs = new Map<number, Exchange>();
	private publishes = 0;
	private previousId = 0;

	/** Unacknowledged PUBLISH packets of ours. */
	get unacknowledged(): number {
		return this.publishes;
	}

	/**
	 * An id for the next packet of ours; it stays free until {@link Exchanges.begin}.
	 * @throws {MqttError} `receive-maximum` or `too-many-requests` where no more may wait for their answer.
	 */
	claim(event: "send-publish" | "send-subscribe" | "send-unsubscribe", receiveMaximum: number): number {
		if (event === "send-publish") {
			if (this.publishes >= receiveMaximum) {
				throw new MqttError("receive-maximum", `publish: ${this.publishes} wait for PUBACK already`);
			}
		} else if (this.ours.size - this.publishes >= MAXIMUM_REQUESTS) {
			throw new MqttError("too-many-requests", `${event}: ${MAXIMUM_REQUESTS} wait for their answer already`);
		}
		return nextPacketId(this.previousId, this.ours);
	}

	/** The packet with the id that {@link Exchanges.claim} gave is sent. */
	begin(event: "send-publish" | "send-subscribe" | "send-unsubscribe", packetId: number, replies: number): void {
		this.previousId = packetId;
		if (event === "send-publish") this.publishes++;
		advance(this.ours, packetId, event, replies);
	}

	/**
	 * The server answered a packet of ours.
	 * @returns the violation where none with this id waits for this answer, or for so many codes.
	 */
	answer(event: "puback" | "suback" | "unsuback", packetId: number, replies: number): MqttError | undefined {
		const expected = this.ours.get(packetId)?.replies;
		const violation = advance(this.ours, packetId, event);
		if (violation !== undefined) return violation;
		if (event === "puback") this.publishes--;
		return replies === expected ? undefined : violationOf(`${event}: expected ${expected} codes, got ${replies}`);
	}

	/**
	 * The server sent a PUBLISH of QoS 1.
	 * @returns the violation where its id is in use, or more than `receiveMaximum` wait for PUBACK [MQTT-3.3.4-9].
	 */
	owe(packetId: number, receiveMaximum: number): MqttError | undefined {
		if (this.theirs.size >= receiveMaximum) {
			return violationOf(`publish: ${receiveMaximum} wait for PUBACK already`, 0x93);
		}
		return advance(this.theirs, packetId, "publish");
	}

	/** Our PUBACK for it is sent. */
	settle(packetId: number): void {
		advance(this.theirs, packetId, "send-puback");
	}
}

function advance(
	ids: Map<number, Exchange>,
	packetId: number,
	event: ExchangeEvent,
	replies = 0,
): MqttError | undefined {
	const next = exchange(ids.get(packetId)?.state ?? "free", event);
	if (next === "packet-id-unknown" || next === "packet-id-in-use") return violationOf(`${event}: ${next}`);
	if (next === "free") ids.delete(packetId);
	else ids.set(packetId, { state: next, replies });
	return undefined;
}

function violationOf(message: string, reasonCode = 0x82): MqttError {
	return new MqttError("protocol-error", message, reasonCode);
}
