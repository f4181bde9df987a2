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

/** Properties of MQTT 5 (section 2.2.2.2) that a device of AWS IoT Core meets. Absent on MQTT 3.1.1. */
export interface Properties {
	readonly payloadFormatIndicator?: 0 | 1;
	/** Seconds. */
	readonly messageExpiryInterval?: number;
	readonly contentType?: string;
	readonly responseTopic?: string;
	readonly correlationData?: Uint8Array;
	/** Seconds; 0xFFFFFFFF means never. */
	readonly sessionExpiryInterval?: number;
	readonly assignedClientIdentifier?: string;
	/** Seconds. */
	readonly serverKeepAlive?: number;
	readonly requestProblemInformation?: 0 | 1;
	/** Seconds, in a will only. */
	readonly willDelayInterval?: number;
	readonly requestResponseInformation?: 0 | 1;
	readonly responseInformation?: string;
	readonly serverReference?: string;
	readonly reasonString?: string;
	/** 1..65535. */
	readonly receiveMaximum?: number;
	readonly topicAliasMaximum?: number;
	/** 1..65535. */
	readonly topicAlias?: number;
	readonly maximumQoS?: 0 | 1;
	readonly retainAvailable?: 0 | 1;
	readonly userProperties?: readonly (readonly [string, string])[];
	/** Bytes, at least 1. */
	readonly maximumPacketSize?: number;
	readonly wildcardSubscriptionAvailable?: 0 | 1;
	readonly subscriptionIdentifiersAvailable?: 0 | 1;
	readonly sharedSubscriptionAvailable?: 0 | 1;
}

export interface Will {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly properties?: Properties;
}

export interface ConnectPacket {
	readonly type: "connect";
	readonly cleanStart: boolean;
	/** Seconds, 0..65535; 0 turns the keep-alive off. */
	readonly keepAlive: number;
	readonly clientId: string;
	readonly username?: string;
	readonly password?: Uint8Array;
	readonly will?: Will;
	readonly properties?: Properties;
}

export interface ConnackPacket {
	readonly type: "connack";
	readonly sessionPresent: boolean;
	/** Return code (3.1.1) or reason code (5); 0 is success. */
	readonly code: number;
	readonly properties?: Properties;
}

export interface PublishPacket {
	readonly type: "publish";
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly dup: boolean;
	/** 1..65535 at QoS 1, absent at QoS 0. */
	readonly packetId?: number;
	readonly properties?: Properties;
}

export interface PubackPacket {
	readonly type: "puback";
	readonly packetId: number;
	/** Reason code of MQTT 5; 0 on MQTT 3.1.1. */
	readonly code: number;
	readonly properties?: Properties;
}

export interface Subscription {
	readonly filter: string;
	readonly qos: QoS;
	/** MQTT 5 only (section 3.8.3.1); `false`, `false`, 0 when absent. */
	readonly noLocal?: boolean;
	readonly retainAsPublished?: boolean;
	readonly retainHandling?: 0 | 1 | 2;
}

export interface SubscribePacket {
	readonly type: "subscribe";
	readonly packetId: number;
	readonly subscriptions: readonly Subscription[];
	readonly properties?: Properties;
}

export interface SubackPacket {
	readonly type: "suback";
	readonly packetId: number;
	readonly codes: readonly number[];
	readonly properties?: Properties;
}

export interface UnsubscribePacket {
	readonly type: "unsubscribe";
	readonly packetId: number;
	readonly filters: readonly string[];
	readonly properties?: Properties;
}

export interface UnsubackPacket {
	readonly type: "unsuback";
	readonly packetId: number;
	/** Reason codes of MQTT 5; empty on MQTT 3.1.1. */
	readonly codes: readonly number[];
	readonly properties?: Properties;
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
	readonly properties?: Properties;
}

export type Packet =
	| ConnectPacket
	| ConnackPacket
	| PublishPacket
	| PubackPacket
	| SubscribePacket
	| SubackPacket
	| UnsubscribePacket
	| UnsubackPacket
	| PingreqPacket
	| PingrespPacket
	| DisconnectPacket;
