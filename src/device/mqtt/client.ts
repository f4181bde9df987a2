/**
 * The MQTT client of one connection, without I/O and without a clock: bytes and moments go in, bytes and events come
 * out. What it does when is the table of `client-table.ts`.
 *
 * Moments are milliseconds of a clock that never goes back. Any method may be called from inside a handler.
 * @module
 */
import type { MqttClientHandlers, MqttClientOptions, PublishMessage } from "./client-interface.js";
import { type ClientAction, type ClientEventName, type ClientState, transition } from "./client-table.js";
import { fromServer } from "./control-packets.js";
import { decodeServerPacket } from "./decode-server.js";
import { encodeClientPacket } from "./encode-client.js";
import { MqttDecodeError, MqttError, protocolError } from "./errors.js";
import { Exchanges } from "./exchanges.js";
import { PacketAssembler } from "./packet-assembler.js";
import type {
	ClientPacket,
	ConnackPacket,
	DisconnectPacket,
	Properties,
	PubackPacket,
	PublishPacket,
	ServerPacket,
	SubackPacket,
	SubscribePacket,
	Subscription,
	UnsubackPacket,
	UnsubscribePacket,
} from "./packets.js";

/** Messages of ours that may wait for PUBACK where the options do not say. */
const RECEIVE_MAXIMUM = 8;

export class MqttClient {
	private readonly options: MqttClientOptions;
	private readonly handlers: MqttClientHandlers;
	private readonly stream: PacketAssembler<ServerPacket>;
	private readonly exchanges = new Exchanges();
	private state: ClientState = "idle";
	/** What CONNACK granted. */
	private granted: Properties = {};
	private sentAt = 0;
	private receivedAt = 0;
	/** When the CONNECT or PINGREQ that waits for its answer was sent. */
	private askedAt = 0;

	constructor(options: MqttClientOptions, handlers: MqttClientHandlers) {
		const { version, maximumPacketSize } = options;
		this.options = options;
		this.handlers = handlers;
		this.stream = new PacketAssembler(maximumPacketSize, fromServer(version), (header, body) =>
			decodeServerPacket(header, body, version),
		);
	}

	/** Whether a QoS 1 message may be published now: connected, and fewer unacknowledged than either side allows. */
	get canPublish(): boolean {
		return this.isConnected && this.exchanges.publishes < this.receiveMaximum;
	}

	/**
	 * Sends CONNECT, once, as soon as the transport is up.
	 * @throws {MqttError} `already-used` the second time; {@link MqttEncodeError} where the options do not make a CONNECT.
	 */
	connect(now: number): void {
		const { version, sessionExpiryInterval, receiveMaximum, maximumPacketSize } = this.options;
		const properties = version === 5 ? { sessionExpiryInterval, receiveMaximum, maximumPacketSize } : undefined;
		const bytes = encodeClientPacket({ ...this.options, type: "connect", properties }, version);
		this.apply("connect");
		this.askedAt = now;
		this.receivedAt = now;
		this.send(bytes, now);
	}

	/** Takes what the transport received; `bytes` must not change afterwards. Once closed it takes nothing. */
	receive(bytes: Uint8Array, now: number): void {
		if (this.state === "closed") return;
		this.receivedAt = now;
		this.stream.push(bytes);
		for (let packet = this.next(now); packet !== undefined; packet = this.next(now)) this.take(packet, now);
	}

	/**
	 * @returns the packet id that `acknowledged` will bear; 0 at QoS 0.
	 * @throws {MqttError} `not-connected`, `receive-maximum` (see {@link canPublish}), `packet-too-large`,
	 *   `qos-not-supported`, `retain-not-supported`, `topic-alias-not-supported`; {@link MqttEncodeError}. Nothing is
	 *   sent then, and the connection goes on.
	 */
	publish(message: PublishMessage, now: number): number {
		this.apply("request");
		checkMessage(message, this.granted);
		const { retain = false, dup = false } = message;
		const packet: PublishPacket = { ...message, type: "publish", retain, dup };
		if (message.qos === 1) return this.request(packet, 0, now);
		this.send(this.encode(packet), now);
		return 0;
	}

	/**
	 * @returns the packet id that `subscribed` will bear.
	 * @throws {MqttError} `not-connected`, `too-many-requests`, `packet-too-large`; {@link MqttEncodeError}.
	 */
	subscribe(subscriptions: readonly Subscription[], now: number): number {
		this.apply("request");
		return this.request({ type: "subscribe", packetId: 0, subscriptions }, subscriptions.length, now);
	}

	/** As {@link subscribe}, answered by `unsubscribed`. */
	unsubscribe(filters: readonly string[], now: number): number {
		this.apply("request");
		const codes = this.options.version === 5 ? filters.length : 0;
		return this.request({ type: "unsubscribe", packetId: 0, filters }, codes, now);
	}

	/**
	 * Says goodbye, where connected, and closes the client; no event follows. Safe at any moment, any number of times.
	 * @param code reason code of MQTT 5: 0, or 4 to have the will sent all the same.
	 * @throws {MqttEncodeError} `bad-reason-code`.
	 */
	disconnect(now: number, code = 0): void {
		const bytes = encodeClientPacket({ type: "disconnect", code }, this.options.version);
		if (this.apply("disconnect") === "send") this.send(bytes, now);
	}

	/** To be called at {@link deadline}; before it nothing happens. */
	tick(now: number): void {
		const deadline = this.deadline();
		if (deadline === undefined || now < deadline) return;
		const action = this.apply("timeout");
		if (action === "connack-timed-out" || action === "keep-alive-timed-out") {
			const error = new MqttError(action, `no answer for ${now - this.askedAt} ms`);
			this.handlers.event({ type: "failed", error });
		} else {
			this.askedAt = now;
			this.sendPacket({ type: "pingreq" }, now);
		}
	}

	/**
	 * The moment {@link tick} must be called, `undefined` for never; it may have moved after every call.
	 * A PINGREQ is due when nothing was sent for the keep-alive, and when nothing was received for as long: a device
	 * that only publishes at QoS 0 would not notice a dead server otherwise. A server that asks for none (Server Keep Alive 0)
	 * is asked all the same, as a client may at any time (MQTT 5 section 3.1.2.10).
	 */
	deadline(): number | undefined {
		const { keepAlive, connackTimeout } = this.options;
		const interval = 1000 * (this.granted.serverKeepAlive || keepAlive);
		switch (this.state) {
			case "connecting":
				return this.askedAt + connackTimeout;
			case "connected":
				return interval === 0 ? undefined : Math.min(this.sentAt, this.receivedAt) + interval;
			case "pinging":
				return this.askedAt + Math.min(connackTimeout, interval);
			default:
				return undefined;
		}
	}

	private get isConnected(): boolean {
		return this.state === "connected" || this.state === "pinging";
	}

	private get receiveMaximum(): number {
		return Math.min(this.options.receiveMaximum ?? RECEIVE_MAXIMUM, this.granted.receiveMaximum ?? 0xffff);
	}

	/** @throws {MqttError} where the application must not do this now. */
	private apply(event: ClientEventName): ClientAction {
		const { next, action } = transition(this.state, event);
		if (action === "refuse") {
			throw new MqttError(event === "connect" ? "already-used" : "not-connected", this.state);
		}
		this.state = next;
		return action;
	}

	/** The next packet received; none once the client is closed. Only the stream's own errors are the server's fault. */
	private next(now: number): ServerPacket | undefined {
		if (this.state === "closed") return undefined;
		try {
			return this.stream.next();
		} catch (error) {
			if (!(error instanceof MqttDecodeError)) throw error;
			this.fail(error, now);
			return undefined;
		}
	}

	private take(packet: ServerPacket, now: number): void {
		switch (this.apply(eventOf(packet))) {
			case "open":
				this.open(packet as ConnackPacket, now);
				break;
			case "report": {
				const { type, code } = packet as ConnackPacket | DisconnectPacket;
				this.handlers.event({ type: type === "connack" ? "refused" : "disconnected", code, ...reasonOf(packet) });
				break;
			}
			case "deliver":
				if (packet.type === "publish") this.deliver(packet, now);
				else this.settle(packet as PubackPacket | SubackPacket | UnsubackPacket, now);
				break;
			case "violate":
				this.fail(protocolError(`${packet.type} while ${this.state}`), now);
		}
	}

	/** A session after a clean start is nobody's [MQTT-3.2.2-4]. */
	private open(connack: ConnackPacket, now: number): void {
		if (connack.sessionPresent && this.options.cleanStart) {
			this.fail(protocolError("connack: session present"), now);
			return;
		}
		this.granted = connack.properties ?? {};
		this.handlers.event({ type: "connected", connack });
	}

	/** A message is acknowledged after it was handed over, so that it is not lost between the two. */
	private deliver(packet: PublishPacket, now: number): void {
		const { packetId = 0, properties } = packet;
		let violation: MqttError | undefined;
		if (properties?.topicAlias !== undefined) violation = protocolError("publish: topic alias not granted", 0x94);
		else if (packetId > 0) violation = this.exchanges.owe(packetId, this.options.receiveMaximum ?? 0xffff);
		if (violation !== undefined) {
			this.fail(violation, now);
			return;
		}
		this.handlers.event({ type: "message", packet });
		if (packetId === 0 || !this.isConnected) return;
		this.exchanges.settle(packetId);
		this.sendPacket({ type: "puback", packetId, code: 0 }, now);
	}

	private settle(packet: PubackPacket | SubackPacket | UnsubackPacket, now: number): void {
		const { packetId } = packet;
		const codes = packet.type === "puback" ? [] : packet.codes;
		const violation = this.exchanges.end(packet.type, packetId, codes.length);
		if (violation !== undefined) this.fail(violation, now);
		else if (packet.type === "unsuback") this.handlers.event({ type: "unsubscribed", packetId, codes });
		else if (packet.type === "suback") {
			this.handlers.event({ type: "subscribed", packetId, codes, ...reasonOf(packet) });
		} else {
			this.handlers.event({ type: "acknowledged", packetId, code: packet.code, ...reasonOf(packet) });
		}
	}

	/** MQTT 5 section 4.13.1. What is unsupported has codes that no client may send, and is a protocol error there. */
	private fail(error: MqttError, now: number): void {
		const code = error.code === "unsupported" ? 0x82 : error.reasonCode;
		if (this.apply("violation") === "fail-and-tell" && this.options.version === 5) {
			this.sendPacket({ type: "disconnect", code }, now);
		}
		this.handlers.event({ type: "failed", error });
	}

	/** Sends a packet that will be answered, by `codes` codes. */
	private request(packet: PublishPacket | SubscribePacket | UnsubscribePacket, codes: number, now: number): number {
		const packetId = this.exchanges.claim(packet.type, this.receiveMaximum);
		const bytes = this.encode({ ...packet, packetId });
		this.exchanges.begin(packet.type, packetId, codes);
		this.send(bytes, now);
		return packetId;
	}

	/** @throws {MqttError} `packet-too-large` for the server [MQTT-3.2.2-15]. */
	private encode(packet: ClientPacket): Uint8Array {
		const bytes = encodeClientPacket(packet, this.options.version);
		const { maximumPacketSize = bytes.length } = this.granted;
		if (bytes.length <= maximumPacketSize) return bytes;
		throw new MqttError("packet-too-large", `expected ${maximumPacketSize} bytes at most, got ${bytes.length}`);
	}

	private sendPacket(packet: ClientPacket, now: number): void {
		this.send(encodeClientPacket(packet, this.options.version), now);
	}

	private send(bytes: Uint8Array, now: number): void {
		this.sentAt = now;
		this.handlers.send(bytes);
	}
}

/** @throws {MqttError} for a message that the server would disconnect us for [MQTT-3.2.2-11, MQTT-3.2.2-14]. */
function checkMessage(message: PublishMessage, granted: Properties): void {
	const { qos, retain, properties } = message;
	if (granted.maximumQoS === 0 && qos > 0) throw new MqttError("qos-not-supported", `QoS ${qos}`);
	if (granted.retainAvailable === 0 && retain) throw new MqttError("retain-not-supported", "retain");
	if (properties?.topicAlias !== undefined) throw new MqttError("topic-alias-not-supported", "topicAlias");
}

function eventOf(packet: ServerPacket): ClientEventName {
	switch (packet.type) {
		case "connack":
			return packet.code === 0 ? "connack" : "connack-refused";
		case "pingresp":
			return "pingresp";
		case "disconnect":
			return "server-disconnect";
		default:
			return "traffic";
	}
}

function reasonOf(packet: ServerPacket): { reason?: string } {
	const reason = "properties" in packet ? packet.properties?.reasonString : undefined;
	return reason === undefined ? {} : { reason };
}
