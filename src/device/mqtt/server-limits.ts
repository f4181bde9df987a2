/**
 * What a server allows its client, as CONNACK tells it (MQTT 5 section 3.2.2.3).
 * @module
 */
import type { MqttClientOptions, PublishMessage } from "./client-interface.js";
import { MqttError } from "./errors.js";
import type { Properties } from "./packets.js";
import { MAXIMUM_VARIABLE } from "./wire.js";

export interface ServerLimits {
	/** Milliseconds; 0: none. */
	readonly keepAlive: number;
	/** Messages of ours that may wait for PUBACK. */
	readonly receiveMaximum: number;
	/** Bytes a packet of ours may have. */
	readonly maximumPacketSize: number;
	readonly maximumQoS: number;
	readonly retainAvailable: boolean;
}

/** Messages of ours that may wait for PUBACK where the options do not say. */
const RECEIVE_MAXIMUM = 8;

/** @param granted the properties of CONNACK; what they leave out is unlimited, on MQTT 3.1.1 everything. */
export function serverLimits(options: MqttClientOptions, granted: Properties = {}): ServerLimits {
	return {
		keepAlive: 1000 * (granted.serverKeepAlive ?? options.keepAlive),
		receiveMaximum: Math.min(options.receiveMaximum ?? RECEIVE_MAXIMUM, granted.receiveMaximum ?? 0xffff),
		maximumPacketSize: granted.maximumPacketSize ?? MAXIMUM_VARIABLE + 5,
		maximumQoS: granted.maximumQoS ?? 1,
		retainAvailable: granted.retainAvailable !== 0,
	};
}

/** @throws {MqttError} for a message that the server would disconnect us for. */
export function checkMessage(message: PublishMessage, limits: ServerLimits): void {
	if (message.qos > limits.maximumQoS) {
		throw new MqttError("qos-not-supported", `publish: the server takes QoS ${limits.maximumQoS} at most`);
	}
	if (message.retain && !limits.retainAvailable) {
		throw new MqttError("retain-not-supported", "publish: the server retains no messages");
	}
	if (message.properties?.topicAlias !== undefined) {
		throw new MqttError("topic-alias-not-supported", "publish: this client sends no topic alias");
	}
}
