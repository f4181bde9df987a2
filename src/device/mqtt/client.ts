/**
 * The MQTT client of one connection, without I/O and without a clock: bytes and moments go in, bytes and events come
 * out. What it does when is the table of `client-table.ts`.
 *
 * Moments are milliseconds of a clock that never goes back. Any method may be called from inside a handler.
 * @module
 */
import type { MqttClientEvent, MqttClientHandlers, MqttClientOptions, PublishMessage } from "./client-interface.js";
import { type ClientAction, type ClientEventName, type ClientState, transition } from "./client-table.js";
import { encodePacket } from "./encode.js";
import { MqttDecodeError, MqttError } from "./errors.js";
import { Exchanges } from "./exchanges.js";
import { PacketStream } from "./packet-stream.js";
import type { ConnackPacket, Packet, Properties, PublishPacket, Subscription } from "./packets.js";
import { checkMessage, type ServerLimits, serverLimits } from "./server-limits.js";

export class MqttClient {
	private readonly options: MqttClientOptions;
	private readonly handlers: MqttClientHandlers;
	private readonly stream: PacketStream;
	private readonly exchanges = new Exchanges();
	private limits: ServerLimits;
	private state: ClientState = "idle";
	private sentAt = 0;
	private receivedAt = 0;
	/** When CONNECT or the PINGREQ that waits for its answer was sent. */
	private askedAt = 0;

	constructor(options: MqttClientOptions, handlers: MqttClientHandlers) {
		const { version, maximumPacketSize } = options;
		this.options = options;
		this.handlers = handlers;
		this.stream = new PacketStream({ version, maximumPacketSize, from: "server" });
		this.limits = serverLimits(options);
	}

	/** Whether a QoS 1 message may be published now: connected, and fewer unacknowledged than the server takes. */
	get canPublish(): boolean {
		return this.isConnected && this.exchanges.unacknowledged < this.limits.receiveMaximum;
	}

	/**
	 * Sends CONNECT, once, as soon as the transport is up.
	 * @throws {MqttEncodeError} where the options do not make a CONNECT; `MqttError` `already-used` the second time.
	 */
	connect(now: number): void {
		const bytes = encodePacket(connectPacket(this.options), this.options.version);
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
	 * @throws {MqttError} `not-connected`, `receive-maximum` (see {@link MqttClient.canPublish}), `packet-too-large`,
	 *   `qos-not-supported`, `retain-not-supported`, `topic-alias-not-supported`; {@link MqttEncodeError}. Nothing is
	 *   sent then, and the connection goes on.
	 */
	publish(message: PublishMessage, now: number): number {
		this.apply("request");
		checkMessage(message, this.limits);
		const { topic, payload, qos, retain = false, properties } = message;
		const packetId = qos === 0 ? 0 : this.exchanges.claim("send-publish", this.limits.receiveMaximum);
		const bytes = this.encode({
			type: "publish",
			topic,
			payload,
			qos,
			retain,
			dup: false,
			packetId: packetId || undefined,
			properties,
		});
		if (packetId > 0) this.exchanges.begin("send-publish", packetId, 0);
		this.send(bytes, now);
		return packetId;
	}

	/**
	 * @returns the packet id that `subscribed` will bear.
	 * @throws {MqttError} `not-connected`, `too-many-requests`, `packet-too-large`; {@link MqttEncodeError}.
	 */
	subscribe(subscriptions: readonly Subscription[], now: number): number {
		this.apply("request");
		const packetId = this.exchanges.claim("send-subscribe", 0);
		const bytes = this.encode({ type: "subscribe", packetId, subscriptions });
		this.exchanges.begin("send-subscribe", packetId, subscriptions.length);
		this.send(bytes, now);
		return packetId;
	}

	/** As {@link MqttClient.subscribe}, with `unsubscribed`. */
	unsubscribe(filters: readonly string[], now: number): number {
		this.apply("request");
		const packetId = this.exchanges.claim("send-unsubscribe", 0);
		const bytes = this.encode({ type: "unsubscribe", packetId, filters });
		this.exchanges.begin("send-unsubscribe", packetId, this.options.version === 5 ? filters.length : 0);
		this.send(bytes, now);
		return packetId;
	}

	/**
	 * Says goodbye, where connected, and closes the client; no event follows. Safe at any moment, any number of times.
	 * @param code reason code of MQTT 5: 0, or 4 to have the will sent all the same.
	 * @throws {MqttEncodeError} `bad-reason-code`.
	 */
	disconnect(now: number, code = 0): void {
		const bytes = encodePacket({ type: "disconnect", code }, this.options.version);
		if (this.apply("disconnect") === "send") this.send(bytes, now);
	}

	/** To be called at {@link MqttClient.deadline}; before it nothing happens. */
	tick(now: number): void {
		const deadline = this.deadline();
		if (deadline === undefined || now < deadline) return;
		const action = this.apply("timeout");
		if (action === "send") {
			this.askedAt = now;
			this.sendPacket({ type: "pingreq" }, now);
		} else if (action === "connack-timed-out" || action === "keep-alive-timed-out") {
			const error = new MqttError(action, `no answer from the server after ${now - this.askedAt} ms`);
			this.handlers.event({ type: "failed", error });
		}
	}

	/**
	 * The moment {@link MqttClient.tick} must be called, `undefined` for never; it may be later after every call.
	 * A PINGREQ is due when nothing was sent for the keep-alive, and when nothing was received for as long: a device
	 * that only publishes at QoS 0 would not notice a dead server otherwise.
	 */
	deadline(): number | undefined {
		const { connackTimeout } = this.options;
		const { keepAlive } = this.limits;
		switch (this.state) {
			case "connecting":
				return this.askedAt + connackTimeout;
			case "connected":
				return keepAlive === 0 ? undefined : Math.min(this.sentAt, this.receivedAt) + keepAlive;
			case "pinging":
				return this.askedAt + Math.min(connackTimeout, keepAlive);
			default:
				return undefined;
		}
	}

	private get isConnected(): boolean {
		return this.state === "connected" || this.state === "pinging";
	}

	/** @throws {MqttError} where the application must not do this now. */
	private apply(event: ClientEventName): ClientAction {
		const [next, action] = transition(this.state, event);
		if (action === "not-connected" || action === "already-used") {
			throw new MqttError(action, `${event}: the client is ${this.state}`);
		}
		this.state = next;
		return action;
	}

	/** The next packet received; none once the client is closed. Only the stream's own errors are the server's fault. */
	private next(now: number): Packet | undefined {
		if (this.state === "closed") return undefined;
		try {
			return this.stream.next();
		} catch (error) {
			if (!(error instanceof MqttDecodeError)) throw error;
			this.fail(error, now);
			return undefined;
		}
	}

	private take(packet: Packet, now: number): void {
		const state = this.state;
		switch (this.apply(eventOf(packet))) {
			case "open":
				this.open(packet as ConnackPacket, now);
				break;
			case "report":
				this.report(packet);
				break;
			case "deliver":
				this.deliver(packet, now);
				break;
			case "violate":
				this.fail(new MqttError("protocol-error", `${packet.type}: not while ${state}`, 0x82), now);
				break;
		}
	}

	private open(connack: ConnackPacket, now: number): void {
		if (connack.sessionPresent && this.options.cleanStart) {
			this.fail(new MqttError("protocol-error", "connack: a session after a clean start [MQTT-3.2.2-4]", 0x82), now);
			return;
		}
		this.limits = serverLimits(this.options, connack.properties);
		this.handlers.event({ type: "connected", connack });
	}

	private report(packet: Packet): void {
		if (packet.type === "connack") {
			this.handlers.event({ type: "refused", code: packet.code, ...reasonOf(packet) });
		} else if (packet.type === "disconnect") {
			this.handlers.event({ type: "disconnected", code: packet.code, ...reasonOf(packet) });
		}
	}

	private deliver(packet: Packet, now: number): void {
		switch (packet.type) {
			case "publish":
				this.deliverMessage(packet, now);
				break;
			case "puback": {
				const { type, packetId, code } = packet;
				if (this.isAnswered(type, packetId, 0, now)) {
					this.handlers.event({ type: "acknowledged", packetId, code, ...reasonOf(packet) });
				}
				break;
			}
			case "suback": {
				const { type, packetId, codes } = packet;
				if (this.isAnswered(type, packetId, codes.length, now)) {
					this.handlers.event({ type: "subscribed", packetId, codes, ...reasonOf(packet) });
				}
				break;
			}
			case "unsuback": {
				const { type, packetId, codes } = packet;
				if (this.isAnswered(type, packetId, codes.length, now)) {
					this.handlers.event({ type: "unsubscribed", packetId, codes });
				}
				break;
			}
		}
	}

	private deliverMessage(packet: PublishPacket, now: number): void {
		const { packetId, properties } = packet;
		if (properties?.topicAlias !== undefined) {
			this.fail(new MqttError("protocol-error", "publish: a topic alias, where none was granted", 0x94), now);
			return;
		}
		if (packetId === undefined) {
			this.handlers.event({ type: "message", packet });
			return;
		}
		const violation = this.exchanges.owe(packetId, this.options.receiveMaximum ?? 0xffff);
		if (violation !== undefined) {
			this.fail(violation, now);
			return;
		}
		this.handlers.event({ type: "message", packet });
		if (!this.isConnected) return;
		this.exchanges.settle(packetId);
		this.sendPacket({ type: "puback", packetId, code: 0 }, now);
	}

	private isAnswered(type: "puback" | "suback" | "unsuback", packetId: number, codes: number, now: number): boolean {
		const violation = this.exchanges.answer(type, packetId, codes);
		if (violation !== undefined) this.fail(violation, now);
		return violation === undefined;
	}

	/** MQTT 5 section 4.13.1. What is unsupported here has codes that no client may send, and is a protocol error there. */
	private fail(error: MqttError, now: number): void {
		const code = error.code === "unsupported" ? 0x82 : error.reasonCode;
		if (this.apply("violation") === "fail-and-tell" && this.options.version === 5) {
			this.sendPacket({ type: "disconnect", code }, now);
		}
		this.handlers.event({ type: "failed", error });
	}

	/** @throws {MqttError} `packet-too-large` for the server. */
	private encode(packet: Packet): Uint8Array {
		const bytes = encodePacket(packet, this.options.version);
		const { maximumPacketSize } = this.limits;
		if (bytes.length > maximumPacketSize) {
			throw new MqttError(
				"packet-too-large",
				`${packet.type}: the server takes ${maximumPacketSize} bytes, this has ${bytes.length}`,
			);
		}
		return bytes;
	}

	private sendPacket(packet: Packet, now: number): void {
		this.send(encodePacket(packet, this.options.version), now);
	}

	private send(bytes: Uint8Array, now: number): void {
		this.sentAt = now;
		this.handlers.send(bytes);
	}
}

/** On MQTT 5 the server is told what this client can take. */
function connectPacket(options: MqttClientOptions): Packet {
	const { version, clientId, username, password, keepAlive, cleanStart, will } = options;
	const { sessionExpiryInterval, receiveMaximum, maximumPacketSize } = options;
	const properties = version === 5 ? { sessionExpiryInterval, receiveMaximum, maximumPacketSize } : undefined;
	return { type: "connect", cleanStart, keepAlive, clientId, username, password, will, properties };
}

function eventOf(packet: Packet): ClientEventName {
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

function reasonOf(packet: { readonly properties?: Properties | undefined }): { reason?: string } {
	const reason = packet.properties?.reasonString;
	return reason === undefined ? {} : { reason };
}
