/**
 * The MQTT control packets a device sends and receives, as plain values, for MQTT 3.1.1 and 5.
 *
 * What AWS IoT Core does not support (QoS 2, AUTH, subscription identifiers) has no place here and is refused by the codec.
 * @module
 */

/** Protocol level of the CONNECT packet: 4 is MQTT 3.1.1, 5 is MQTT 5. */
export type ProtocolVersion = 4 | 5;

/** Delivery guarantees of AWS IoT Core: at most once, at least once. */
export type QoS = 0 | 1;

/** The side of a connection that sent a packet. */
export type Sender = "client" | "server";

/** Properties of MQTT 5 (section 2.2.2.2) that a device of AWS IoT Core meets. Absent on MQTT 3.1.1. */
export interface Properties {
	readonly payloadFormatIndicator?: 0 | 1 | undefined;
	/** Seconds. */
	readonly messageExpiryInterval?: number | undefined;
	readonly contentType?: string | undefined;
	readonly responseTopic?: string | undefined;
	readonly correlationData?: Uint8Array | undefined;
	/** Seconds; 0xFFFFFFFF means never. */
	readonly sessionExpiryInterval?: number | undefined;
	readonly assignedClientIdentifier?: string | undefined;
	/** Seconds. */
	readonly serverKeepAlive?: number | undefined;
	readonly requestProblemInformation?: 0 | 1 | undefined;
	/** Seconds, in a will only. */
	readonly willDelayInterval?: number | undefined;
	readonly requestResponseInformation?: 0 | 1 | undefined;
	readonly responseInformation?: string | undefined;
	readonly serverReference?: string | undefined;
	readonly reasonString?: string | undefined;
	/** 1..65535. */
	readonly receiveMaximum?: number | undefined;
	readonly topicAliasMaximum?: number | undefined;
	/** 1..65535. */
	readonly topicAlias?: number | undefined;
	readonly maximumQoS?: 0 | 1 | undefined;
	readonly retainAvailable?: 0 | 1 | undefined;
	readonly userProperties?: readonly (readonly [string, string])[] | undefined;
	/** Bytes, at least 1. */
	readonly maximumPacketSize?: number | undefined;
	readonly wildcardSubscriptionAvailable?: 0 | 1 | undefined;
	readonly subscriptionIdentifiersAvailable?: 0 | 1 | undefined;
	readonly sharedSubscriptionAvailable?: 0 | 1 | undefined;
}

export interface Will {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly properties?: Properties | undefined;
}

export interface ConnectPacket {
	readonly type: "connect";
	readonly cleanStart: boolean;
	/** Seconds, 0..65535; 0 turns the keep-alive off. */
	readonly keepAlive: number;
	readonly clientId: string;
	readonly username?: string | undefined;
	readonly password?: Uint8Array | undefined;
	readonly will?: Will | undefined;
	readonly properties?: Properties | undefined;
}

export interface ConnackPacket {
	readonly type: "connack";
	readonly sessionPresent: boolean;
	/** Return code (3.1.1) or reason code (5); 0 is success. */
	readonly code: number;
	readonly properties?: Properties | undefined;
}

export interface PublishPacket {
	readonly type: "publish";
	readonly topic: string;
	/** Of a received packet a view of the received bytes. */
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly dup: boolean;
	/** 1..65535 at QoS 1, absent at QoS 0. */
	readonly packetId?: number | undefined;
	readonly properties?: Properties | undefined;
}

export interface PubackPacket {
	readonly type: "puback";
	readonly packetId: number;
	/** Reason code of MQTT 5; 0 on MQTT 3.1.1. */
	readonly code: number;
	readonly properties?: Properties | undefined;
}

export interface Subscription {
	readonly filter: string;
	readonly qos: QoS;
	/** MQTT 5 only (section 3.8.3.1); `false`, `false`, 0 when absent. */
	readonly noLocal?: boolean | undefined;
	readonly retainAsPublished?: boolean | undefined;
	readonly retainHandling?: 0 | 1 | 2 | undefined;
}

export interface SubscribePacket {
	readonly type: "subscribe";
	readonly packetId: number;
	readonly subscriptions: readonly Subscription[];
	readonly properties?: Properties | undefined;
}

export interface SubackPacket {
	readonly type: "suback";
	readonly packetId: number;
	readonly codes: readonly number[];
	readonly properties?: Properties | undefined;
}

export interface UnsubscribePacket {
	readonly type: "unsubscribe";
	readonly packetId: number;
	readonly filters: readonly string[];
	readonly properties?: Properties | undefined;
}

export interface UnsubackPacket {
	readonly type: "unsuback";
	readonly packetId: number;
	/** Reason codes of MQTT 5; empty on MQTT 3.1.1. */
	readonly codes: readonly number[];
	readonly properties?: Properties | undefined;
}

export interface PingreqPacket {
	readonly type: "pingreq";
}

export interface PingrespPacket {
	readonly type: "pingresp";
}

export interface DisconnectPacket {
	readonly type: "disconnect";
	/** Reason code of MQTT 5; 0 on MQTT 3.1.1. */
	readonly code: number;
	readonly properties?: Properties | undefined;
}

/** What a client sends. */
export type ClientPacket =
	| ConnectPacket
	| PublishPacket
	| PubackPacket
	| SubscribePacket
	| UnsubscribePacket
	| PingreqPacket
	| DisconnectPacket;

/** What a server sends. */
export type ServerPacket =
	| ConnackPacket
	| PublishPacket
	| PubackPacket
	| SubackPacket
	| UnsubackPacket
	| PingrespPacket
	| DisconnectPacket;

export type Packet = ClientPacket | ServerPacket;
