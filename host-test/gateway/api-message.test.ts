import test from "ava";
import fc from "fast-check";
import { generate, type IPublishPacket, parser } from "mqtt-packet";
import { AWS_LIMITS } from "../../src/broker/index.js";
import { checkPacket } from "../../src/broker/packet-rules.js";
import { type ApiMessage, PublishError, readApiMessage } from "../../src/gateway/api-message.js";

/** Mostly good text, so that most messages are taken; else half surrogate pairs and null characters. */
const text = fc.oneof(
	{ weight: 30, arbitrary: fc.string({ unit: "grapheme" }) },
	fc.string({ unit: fc.constantFrom("a", "\ud800", "\0", "+") }),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const message: fc.Arbitrary<ApiMessage> = fc.record({
	topic: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("a", "a/b", "é") }, text),
	payload: fc.uint8Array({ maxLength: 64 }),
	qos: fc.constantFrom(0, 1),
	retain: optional(fc.boolean()),
	contentType: optional(text),
	responseTopic: optional(fc.oneof({ weight: 9, arbitrary: fc.constantFrom("r", "r/é") }, text)),
	correlationData: optional(fc.uint8Array({ maxLength: 8 })),
	payloadFormatIndicator: optional(fc.constantFrom(0, 1)),
	messageExpiry: optional(fc.oneof({ weight: 9, arbitrary: fc.nat() }, fc.double())),
	userProperties: optional(fc.array(fc.tuple(text, text), { maxLength: 4 })),
});

/** Index of the packet's body. */
function bodyOf(packet: Buffer): number {
	let at = 1;
	while (packet.readUInt8(at) >= 0x80) at++;
	return at + 1;
}

function decode(packet: Buffer): IPublishPacket {
	const packets: IPublishPacket[] = [];
	const decoder = parser({ protocolVersion: 5 });
	decoder.on("packet", (one) => packets.push(one as IPublishPacket));
	decoder.parse(packet);
	return packets[0]!;
}

test("every message is refused with a PublishError, or makes a PUBLISH that a strict reader takes and reads as it was", (t) => {
	let taken = 0;
	fc.assert(
		fc.property(message, (sent) => {
			let content: ReturnType<typeof readApiMessage>;
			try {
				content = readApiMessage(sent, AWS_LIMITS);
			} catch (error) {
				t.true(error instanceof PublishError, String(error));
				return;
			}
			taken++;
			const packet = generate({ cmd: "publish", dup: false, messageId: 1, ...content }, { protocolVersion: 5 });
			checkPacket(packet, bodyOf(packet), 5);
			const read = decode(packet);
			t.is(read.topic, sent.topic);
			t.deepEqual(new Uint8Array(Buffer.from(read.payload)), sent.payload);
			t.is(read.retain, sent.retain ?? false);
			t.is(read.properties?.contentType, sent.contentType);
			t.is(read.properties?.responseTopic, sent.responseTopic);
			t.true(read.properties?.messageExpiryInterval === sent.messageExpiry);
			const names = new Set((sent.userProperties ?? []).map(([name]) => name));
			// In any order: an object puts names that are numbers first.
			t.deepEqual(Object.keys(read.properties?.userProperties ?? {}).sort(), [...names].sort());
		}),
		{ numRuns: 2000 },
	);
	t.true(taken > 500, `${taken} messages were taken`);
});
