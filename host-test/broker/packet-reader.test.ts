import test from "ava";
import fc from "fast-check";
import { generate, type Packet } from "mqtt-packet";
import { PacketReader } from "../../src/broker/packet-reader.js";
import { Violation } from "../../src/broker/violation.js";

const LIMIT = 4096;

const CONNECT = generate({ cmd: "connect", clientId: "dev1", protocolVersion: 5, clean: true, keepalive: 60 });
const PUBLISH = bytes({ cmd: "publish", topic: "a/b", payload: "hello", qos: 0, dup: false, retain: false });
const SUBSCRIBE = bytes({ cmd: "subscribe", messageId: 7, subscriptions: [{ topic: "a/#", qos: 1 }] });
const DISCONNECT = bytes({ cmd: "disconnect", reasonCode: 0 });
const STREAM = Buffer.concat([CONNECT, PUBLISH, Buffer.from("c000", "hex"), SUBSCRIBE, PUBLISH, DISCONNECT]);

function bytes(packet: Packet): Buffer {
	return generate(packet, { protocolVersion: 5 });
}

/** Every packet of the pieces, in words; the code of the violation last, where there is one. */
function readAll(pieces: readonly Uint8Array[]): string[] {
	const reader = new PacketReader(LIMIT);
	const words: string[] = [];
	try {
		for (const piece of pieces) {
			reader.push(piece);
			for (let next = reader.next(); next !== undefined; next = reader.next()) {
				words.push(`${next.packet.cmd} ${next.bytes}`);
			}
		}
	} catch (error) {
		if (!(error instanceof Violation)) throw error;
		words.push(error.code);
	}
	return words;
}

function split(stream: Buffer, cuts: readonly number[]): Buffer[] {
	const at = [...new Set(cuts.map((cut) => cut % stream.length))].sort((a, b) => a - b);
	return [0, ...at].map((from, index) => stream.subarray(from, at[index] ?? stream.length));
}

test("packets come out whole however the bytes are cut", (t) => {
	const whole = readAll([STREAM]);
	t.deepEqual(
		whole.map((word) => word.split(" ")[0]),
		["connect", "publish", "pingreq", "subscribe", "publish", "disconnect"],
	);
	fc.assert(
		fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
			t.deepEqual(readAll(split(STREAM, cuts)), whole);
		}),
	);
	t.deepEqual(readAll([...STREAM].map((byte) => Buffer.from([byte]))), whole);
});

test("any bytes end in packets or in a violation, never in another error", (t) => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), (pieces) => {
			t.notThrows(() => readAll(pieces));
			t.notThrows(() => readAll([CONNECT, ...pieces]));
		}),
		{ numRuns: 1000 },
	);
});

test("a stream with changed bytes ends in packets or in a violation, never in another error", (t) => {
	const change = fc.tuple(fc.nat(STREAM.length - 1), fc.nat(255));
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
			const changed = Buffer.from(STREAM);
			for (const [at, value] of changes) changed[at] = value;
			t.notThrows(() => readAll([changed]));
		}),
		{ numRuns: 2000 },
	);
});

test("a stream that ends inside a packet gives the packets before it and waits", (t) => {
	const whole = readAll([STREAM]);
	for (let length = 0; length < STREAM.length; length++) {
		const words = readAll([STREAM.subarray(0, length)]);
		t.deepEqual(words, whole.slice(0, words.length), `after ${length} bytes`);
	}
});

test("a first packet that is not CONNECT is refused at its first byte", (t) => {
	t.deepEqual(readAll([Buffer.from([0x30])]), ["first-packet-not-connect"]);
	t.deepEqual(readAll([Buffer.from("GET / HTTP/1.1\r\n")]), ["first-packet-not-connect"]);
});

test("a second CONNECT is refused at its first byte", (t) => {
	t.deepEqual(readAll([CONNECT, CONNECT.subarray(0, 1)]).at(-1), "second-connect");
});

test("a packet over the limit is refused when its length is known", (t) => {
	t.is(readAll([CONNECT, Buffer.from([0x30, 0xff, 0x7f])]).at(-1), "packet-too-large");
	t.is(readAll([Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])]).at(-1), "packet-too-large");
});

test("a packet of exactly the limit is taken", (t) => {
	const publish = (payload: number) =>
		bytes({ cmd: "publish", topic: "a", payload: Buffer.alloc(payload), qos: 0, dup: false, retain: false });
	const overhead = publish(1000).length - 1000;
	t.is(readAll([CONNECT, publish(LIMIT - overhead)]).at(-1), `publish ${LIMIT}`);
	t.is(readAll([CONNECT, publish(LIMIT - overhead + 1)]).at(-1), "packet-too-large");
});

test("a remaining length of five bytes is malformed", (t) => {
	t.deepEqual(readAll([Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01])]), ["malformed-packet"]);
});

test("a payload keeps its bytes when more packets follow", (t) => {
	const reader = new PacketReader(LIMIT);
	reader.push(Buffer.concat([CONNECT, PUBLISH]));
	reader.next();
	const first = reader.next()?.packet;
	reader.push(bytes({ cmd: "publish", topic: "a/b", payload: "XXXXX", qos: 0, dup: false, retain: false }));
	reader.next();
	t.is(first?.cmd === "publish" && first.payload.toString(), "hello");
});
