/**
 * Messages of the API (AWS IoT data plane, "Publish" and "GetRetainedMessage"): from its words to the broker's and back.
 *
 * What a client's packet cannot hold by its very form, a caller of the API can: every text is checked here before it is
 * put into a packet.
 * @module
 */
import {
	type BrokerLimits,
	type Content,
	checkMessage,
	type Message,
	type QoS,
	sizeOf,
	Violation,
} from "../broker/index.js";

/** A message to publish. */
export interface ApiMessage {
	/** At most 256 bytes and 7 slashes, no wildcards; of topics that start with `$` only AWS's own, `$aws/...`. */
	readonly topic: string;
	/** At most 128 KB. Empty together with `retain`: the retained message of the topic is deleted. */
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain?: boolean | undefined;
	readonly contentType?: string | undefined;
	/** A topic name without wildcards. */
	readonly responseTopic?: string | undefined;
	readonly correlationData?: Uint8Array | undefined;
	/** 1 for a payload that is UTF-8. */
	readonly payloadFormatIndicator?: 0 | 1 | undefined;
	/** Seconds, a whole number from 0 to 4,294,967,295; none when absent. */
	readonly messageExpiry?: number | undefined;
	/** Names and values; a name may come several times. */
	readonly userProperties?: readonly (readonly [name: string, value: string])[] | undefined;
}

/** A retained message (AWS IoT data plane, "GetRetainedMessage"). */
export interface RetainedMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: QoS;
	/** Whole milliseconds since 1970-01-01T00:00:00Z. */
	readonly lastModifiedTime: number;
	/** None when the message has none; values of one name in their order. */
	readonly userProperties: readonly (readonly [name: string, value: string])[];
}

/** A retained message without its payload (AWS IoT data plane, "RetainedMessageSummary"). */
export interface RetainedMessageSummary {
	readonly topic: string;
	/** Bytes. */
	readonly payloadSize: number;
	readonly qos: QoS;
	/** Whole milliseconds since 1970-01-01T00:00:00Z. */
	readonly lastModifiedTime: number;
}

export type PublishErrorCode =
	| "topic-name-invalid"
	| "payload-too-large"
	| "property-invalid"
	/** There are too many retained messages, or they are too large together. */
	| "retained-quota-exceeded";

/** A message that is not published; `message` says what was expected and what came. */
export class PublishError extends Error {
	override readonly name = "PublishError";
	readonly code: PublishErrorCode;

	constructor(code: PublishErrorCode, message: string) {
		super(message);
		this.code = code;
	}
}

const LONGEST_EXPIRY = 0xffff_ffff;
/** Bytes of a string or of binary data in MQTT (MQTT 5 section 1.5.4). */
const LONGEST_TEXT = 0xffff;

/**
 * The message as the broker takes it; the payload is copied.
 * @throws {PublishError}
 */
export function readApiMessage(message: ApiMessage, limits: BrokerLimits): Content {
	const { topic, qos, retain = false } = message;
	const payload = Buffer.from(message.payload);
	checkText("topic-name-invalid", "topic name", topic);
	try {
		checkMessage({ topic, payload }, { limits, dialect: "aws" });
	} catch (error) {
		throw error instanceof Violation ? publishError(error) : error;
	}
	const content = { topic, payload, qos, retain, properties: readProperties(message) };
	const bytes = sizeOf(content);
	if (bytes > limits.packetBytes) {
		const text = `topic, payload and properties: expected at most ${limits.packetBytes} bytes, got ${bytes}`;
		throw new PublishError("property-invalid", text);
	}
	return content;
}

/** The broker's objection in the words of the API. */
export function publishError({ code, message }: Violation): PublishError {
	if (code === "topic-name-invalid" || code === "retained-quota-exceeded") return new PublishError(code, message);
	return new PublishError("payload-too-large", message);
}

export function retainedMessage({ topic, payload, qos, properties, receivedAt }: Message): RetainedMessage {
	const userProperties = Object.entries(properties.userProperties ?? {}).flatMap(([name, values]) =>
		[values].flat().map((value) => [name, value] as const),
	);
	return { topic, payload: new Uint8Array(payload), qos, lastModifiedTime: Math.floor(receivedAt), userProperties };
}

/** Sorted by topic, by UTF-16 code units. */
export function summarizeRetained(messages: readonly Message[]): readonly RetainedMessageSummary[] {
	return [...messages]
		.sort((a, b) => (a.topic < b.topic ? -1 : 1))
		.map(({ topic, payload, qos, receivedAt }) => ({
			topic,
			payloadSize: payload.length,
			qos,
			lastModifiedTime: Math.floor(receivedAt),
		}));
}

function readProperties(message: ApiMessage): Content["properties"] {
	const {
		contentType,
		responseTopic,
		correlationData,
		payloadFormatIndicator,
		messageExpiry,
		userProperties = [],
	} = message;
	checkExpiry(messageExpiry);
	if (contentType !== undefined) checkText("property-invalid", "content type", contentType);
	if (responseTopic !== undefined) checkResponseTopic(responseTopic);
	if (correlationData !== undefined) checkLength("property-invalid", "correlation data", correlationData.length);
	return {
		...(payloadFormatIndicator === undefined ? {} : { payloadFormatIndicator: payloadFormatIndicator === 1 }),
		...(messageExpiry === undefined ? {} : { messageExpiryInterval: messageExpiry }),
		...(contentType === undefined ? {} : { contentType }),
		...(responseTopic === undefined ? {} : { responseTopic }),
		...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
		...(userProperties.length === 0 ? {} : { userProperties: readUserProperties(userProperties) }),
	};
}

/** By name, as packets have them; names of the caller's choice are no property of an object's prototype. */
function readUserProperties(pairs: NonNullable<ApiMessage["userProperties"]>): Record<string, string[]> {
	const byName: Record<string, string[]> = Object.create(null);
	for (const [name, value] of pairs) {
		checkText("property-invalid", "name of a user property", name);
		checkText("property-invalid", "value of a user property", value);
		byName[name] ??= [];
		byName[name].push(value);
	}
	return byName;
}

function checkExpiry(seconds: number | undefined): void {
	if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_EXPIRY)) return;
	throw new PublishError("property-invalid", `message expiry: expected 0..${LONGEST_EXPIRY} seconds, got ${seconds}`);
}

function checkResponseTopic(topic: string): void {
	checkText("property-invalid", "response topic", topic);
	if (topic !== "" && !/[+#]/.test(topic)) return;
	throw new PublishError("property-invalid", "response topic: expected a topic name without wildcards");
}

/** A UTF-8 string of MQTT [MQTT-1.5.4-1] [MQTT-1.5.4-2]. */
function checkText(code: PublishErrorCode, what: string, text: string): void {
	if (/\p{Surrogate}/u.test(text)) throw new PublishError(code, `${what}: a surrogate without its other half`);
	if (text.includes("\0")) throw new PublishError(code, `${what}: the null character`);
	checkLength(code, what, Buffer.byteLength(text));
}

function checkLength(code: PublishErrorCode, what: string, bytes: number): void {
	if (bytes > LONGEST_TEXT)
		throw new PublishError(code, `${what}: expected at most ${LONGEST_TEXT} bytes, got ${bytes}`);
}
