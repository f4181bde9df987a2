/**
 * Packet ids in use on one connection, both ways, within bounds.
 * @module
 */
import { type ExchangeEvent, type ExchangeState, exchange, nextPacketId } from "./client-table.js";
import { MqttError, protocolError } from "./errors.js";

interface Exchange {
	readonly state: ExchangeState;
	/** How many codes the answer must carry: one a subscription [MQTT-3.8.4-6]. */
	readonly codes: number;
}

/** Requests to subscribe or unsubscribe that may wait for their answer at once. */
const MAXIMUM_REQUESTS = 8;

export class Exchanges {
	/** Unacknowledged PUBLISH packets of ours. */
	publishes = 0;
	private readonly ours = new Map<number, Exchange>();
	private readonly theirs = new Map<number, Exchange>();
	private previousId = 0;

	/**
	 * An id for the next packet of ours; it stays free until {@link begin}.
	 * @throws {MqttError} `receive-maximum` or `too-many-requests` where no more may wait for their answer.
	 */
	claim(packet: "publish" | "subscribe" | "unsubscribe", receiveMaximum: number): number {
		const isPublish = packet === "publish";
		const waiting = isPublish ? this.publishes : this.ours.size - this.publishes;
		if (waiting >= (isPublish ? receiveMaximum : MAXIMUM_REQUESTS)) {
			throw new MqttError(isPublish ? "receive-maximum" : "too-many-requests", `${waiting} wait for their answer`);
		}
		return nextPacketId(this.previousId, this.ours);
	}

	/** The packet with the id that {@link claim} gave is sent. */
	begin(packet: "publish" | "subscribe" | "unsubscribe", packetId: number, codes: number): void {
		this.previousId = packetId;
		if (packet === "publish") this.publishes++;
		advance(this.ours, packetId, `${packet}-out`, codes);
	}

	/**
	 * The server answered a packet of ours.
	 * @returns the violation where none with this id waits for this answer, or for so many codes.
	 */
	end(packet: "puback" | "suback" | "unsuback", packetId: number, codes: number): MqttError | undefined {
		const expected = this.ours.get(packetId)?.codes;
		const violation = advance(this.ours, packetId, `${packet}-in`);
		if (violation !== undefined) return violation;
		if (packet === "puback") this.publishes--;
		return codes === expected ? undefined : protocolError(`${packet}: expected ${expected} codes, got ${codes}`);
	}

	/**
	 * The server sent a PUBLISH of QoS 1.
	 * @returns the violation where its id is in use, or more than `receiveMaximum` wait for PUBACK [MQTT-3.3.4-9].
	 */
	owe(packetId: number, receiveMaximum: number): MqttError | undefined {
		if (this.theirs.size >= receiveMaximum) return protocolError(`publish: receive maximum ${receiveMaximum}`, 0x93);
		return advance(this.theirs, packetId, "publish-in");
	}

	/** Our PUBACK for it is sent. */
	settle(packetId: number): void {
		advance(this.theirs, packetId, "puback-out");
	}
}

function advance(ids: Map<number, Exchange>, packetId: number, event: ExchangeEvent, codes = 0): MqttError | undefined {
	const state = exchange(ids.get(packetId)?.state ?? "free", event);
	if (state === "packet-id-unknown" || state === "packet-id-in-use") return protocolError(`${event}: ${state}`);
	if (state === "free") ids.delete(packetId);
	else ids.set(packetId, { state, codes });
	return undefined;
}
