/**
 * What can go wrong in MQTT, as errors with a stable `code`.
 *
 * Messages name the packet, the field, what was expected or got; never the content of a field, since a user name here
 * carries a token and its signature. They are short because they live in the device's flash.
 * @module
 */

/** Why bytes are no packet this codec takes. */
type MqttDecodeErrorCode = "malformed-packet" | "protocol-error" | "packet-too-large" | "unsupported";

/** Why a packet has no bytes. */
type MqttEncodeErrorCode =
	| "bad-string"
	| "out-of-range"
	| "bad-flags"
	| "bad-packet-id"
	| "bad-topic"
	| "bad-topic-filter"
	| "bad-client-id"
	| "bad-reason-code"
	| "property-not-allowed"
	| "not-in-3.1.1"
	| "nothing-to-send"
	| "packet-too-large";

/** Why a connection failed, or why a call of the client was refused. */
type MqttErrorCode =
	| MqttDecodeErrorCode
	| MqttEncodeErrorCode
	| "connack-timed-out"
	| "keep-alive-timed-out"
	| "not-connected"
	| "already-used"
	| "receive-maximum"
	| "too-many-requests"
	| "qos-not-supported"
	| "retain-not-supported"
	| "topic-alias-not-supported";

export class MqttError<Code extends MqttErrorCode = MqttErrorCode> extends Error {
	override name = "MqttError";
	readonly code: Code;
	/** What a DISCONNECT of MQTT 5 says about it (section 3.14.2.1); 0 where the peer is not to blame. */
	readonly reasonCode: number;

	constructor(code: Code, message: string, reasonCode = 0) {
		super(message);
		this.code = code;
		this.reasonCode = reasonCode;
	}
}

/** Thrown for bytes that are refused. `reasonCode` is always an error of MQTT 5, 0x80 or above. */
export class MqttDecodeError extends MqttError<MqttDecodeErrorCode> {
	override name = "MqttDecodeError";
}

/** Thrown for packets that cannot be sent. Nothing was written. */
export class MqttEncodeError extends MqttError<MqttEncodeErrorCode> {
	override name = "MqttEncodeError";
}

/** The peer sent what it must not (MQTT 5 section 1.2, Protocol Error), in a packet that is well-formed by itself. */
export function protocolError(message: string, reasonCode = 0x82): MqttError {
	return new MqttError("protocol-error", message, reasonCode);
}
