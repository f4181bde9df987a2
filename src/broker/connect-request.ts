/**
 * CONNECT as the broker understands it, and the CONNACK that says truthfully what the client gets.
 * @module
 */
import type { IConnackPacket, IConnectPacket } from "mqtt-packet";
import { type BrokerLimits, effectiveKeepAlive } from "./limits.js";
import { forwardedProperties, type PublishProperties, type QoS } from "./message.js";
import type { ProtocolVersion } from "./packet-rules.js";
import { checkMessage } from "./publish-rules.js";
import type { Dialect } from "./topics.js";
import { Violation } from "./violation.js";

/** The message that the broker publishes for a client which goes without a DISCONNECT. */
export interface Will {
	readonly topic: string;
	readonly payload: Buffer;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly properties: PublishProperties;
}

export interface ConnectRequest {
	/** Rises from one CONNECT at the broker to the next. */
	readonly arrival: number;
	readonly version: ProtocolVersion;
	readonly clientId: string;
	/** True when the client sent none and `clientId` is the broker's choice (MQTT 5 section 3.1.3.1). */
	readonly clientIdAssigned: boolean;
	/** Absent when the client sent none. */
	readonly username: string | undefined;
	/** Absent when the client sent none. */
	readonly password: Uint8Array | undefined;
	readonly will: Will | undefined;
	/** Seconds, as the client asked; 0 for none. */
	readonly requestedKeepAlive: number;
	/** Seconds that hold. */
	readonly keepAlive: number;
	/** Clean Start; Clean Session on MQTT 3.1.1. */
	readonly cleanStart: boolean;
	/** Seconds, as the client asked; 0 on MQTT 3.1.1. */
	readonly requestedSessionExpiry: number;
	/** QoS 1 messages that the client takes at once. */
	readonly receiveMaximum: number;
	/** Bytes; the client takes no larger packet. */
	readonly maximumPacketSize: number;
	/** Whether reason strings are welcome beyond CONNACK and DISCONNECT [MQTT-3.1.2-29]. */
	readonly problemInformation: boolean;
	/** Size of the CONNECT packet. */
	readonly bytes: number;
}

interface ConnectRules {
	readonly limits: BrokerLimits;
	readonly dialect: Dialect;
	readonly arrival: number;
	/** Makes an identifier for a client that sent none; it must not be in use. */
	readonly assignClientId: () => string;
}

/**
 * Reads a CONNECT that has passed the packet rules.
 * @param bytes size of the packet.
 * @throws {Violation} on a client identifier, a will or an authentication method that this broker does not take.
 */
export function readConnect(
	packet: IConnectPacket,
	version: ProtocolVersion,
	bytes: number,
	rules: ConnectRules,
): ConnectRequest {
	const sent = packet.properties ?? {};
	if (sent.authenticationMethod !== undefined) {
		throw new Violation("enhanced-authentication-unsupported", "CONNECT with an Authentication Method");
	}
	checkClientId(packet.clientId, version, rules.limits);
	const requestedKeepAlive = packet.keepalive ?? 0;
	return {
		arrival: rules.arrival,
		version,
		clientId: packet.clientId === "" ? rules.assignClientId() : packet.clientId,
		clientIdAssigned: packet.clientId === "",
		username: packet.username,
		password: packet.password,
		will: packet.will === undefined ? undefined : readWill(packet.will, rules),
		requestedKeepAlive,
		keepAlive: effectiveKeepAlive(requestedKeepAlive, rules.limits),
		cleanStart: packet.clean ?? false,
		requestedSessionExpiry: sent.sessionExpiryInterval ?? 0,
		receiveMaximum: Math.min(sent.receiveMaximum ?? 0xffff, rules.limits.receiveMaximum),
		maximumPacketSize: sent.maximumPacketSize ?? Number.POSITIVE_INFINITY,
		problemInformation: sent.requestProblemInformation ?? true,
		bytes,
	};
}

/**
 * The CONNACK of an accepted client: sessions end with their connection, and what the client asked for and does not
 * get is said (MQTT 5 section 3.2.2.3).
 */
export function acceptance(request: ConnectRequest, limits: BrokerLimits): IConnackPacket {
	if (request.version === 4) return { cmd: "connack", sessionPresent: false, returnCode: 0 };
	return {
		cmd: "connack",
		sessionPresent: false,
		reasonCode: 0,
		properties: {
			...(request.requestedSessionExpiry === 0 ? {} : { sessionExpiryInterval: 0 }),
			receiveMaximum: limits.receiveMaximum,
			maximumQoS: 1,
			retainAvailable: true,
			maximumPacketSize: limits.packetBytes,
			...(request.clientIdAssigned ? { assignedClientIdentifier: request.clientId } : {}),
			subscriptionIdentifiersAvailable: false,
			sharedSubscriptionAvailable: false,
			...(request.keepAlive === request.requestedKeepAlive ? {} : { serverKeepAlive: request.keepAlive }),
		},
	};
}

function checkClientId(clientId: string, version: ProtocolVersion, limits: BrokerLimits): void {
	if (clientId === "" && version === 4) {
		throw new Violation("client-id-missing", "client identifier: expected one on MQTT 3.1.1, got none");
	}
	if (clientId.startsWith("$")) throw new Violation("client-id-reserved", "client identifier: it starts with $");
	const bytes = Buffer.byteLength(clientId);
	if (bytes > limits.clientIdBytes) {
		const message = `client identifier: expected at most ${limits.clientIdBytes} bytes, got ${bytes}`;
		throw new Violation("client-id-too-long", message);
	}
}

function readWill(sent: NonNullable<IConnectPacket["will"]>, rules: ConnectRules): Will {
	if (sent.qos === 2) throw new Violation("qos-2-unsupported", "will QoS: expected 0 or 1, got 2");
	const payload = Buffer.from(sent.payload);
	checkMessage({ topic: sent.topic, payload }, rules, "will ");
	const { topic, qos = 0, retain = false } = sent;
	return { topic, payload, qos, retain, properties: forwardedProperties(sent.properties) };
}
