import test from "ava";
import fc from "fast-check";
import { decodeSntpAnswer, encodeSntpQuestion } from "../../src/firmware/sntp-packet.js";

const nonces = fc.uint8Array({ minLength: 8, maxLength: 8 });

/** A server's answer to a question: RFC 4330 section 5, by other means than the code under test. */
function answerTo(question: Uint8Array, time: number, stratum: number): Uint8Array {
	const packet = Buffer.alloc(48);
	packet.writeUInt8((question[0]! & 0x38) | 4, 0);
	packet.writeUInt8(stratum, 1);
	packet.set(question.subarray(40, 48), 24);
	const since1900 = BigInt(time) + 2_208_988_800_000n;
	const seconds = since1900 / 1000n;
	packet.writeUInt32BE(Number(seconds & 0xffffffffn), 40);
	// The smallest fraction that is not below the millisecond.
	packet.writeUInt32BE(Number(((since1900 % 1000n) * 0x100000000n + 999n) / 1000n), 44);
	return packet;
}

test("every moment from 1970 to 2104 comes back to the millisecond", (t) => {
	// A first bit of 0 means the second era: 1968 to 2036 in the first one, up to 2104 in the second.
	const moments = fc.integer({ min: Date.UTC(1970), max: Date.UTC(2104, 0, 19) });
	fc.assert(
		fc.property(nonces, moments, fc.integer({ min: 1, max: 15 }), (nonce, time, stratum) => {
			const answer = answerTo(encodeSntpQuestion(nonce), time, stratum);
			t.deepEqual(decodeSntpAnswer(answer, nonce), { time });
		}),
	);
});

test("whatever comes, nothing is thrown, and nothing counts that does not echo the question", (t) => {
	fc.assert(
		fc.property(nonces, fc.uint8Array({ maxLength: 80 }), (nonce, packet) => {
			const echoes = Buffer.from(packet.subarray(24, 32)).equals(nonce);
			const answer = decodeSntpAnswer(packet, nonce);
			t.true(answer === undefined || (packet.length >= 48 && echoes));
		}),
	);
});

test("an answer with one bit of the echo changed is none", (t) => {
	fc.assert(
		fc.property(nonces, fc.integer({ min: 0, max: 63 }), (nonce, bit) => {
			const answer = answerTo(encodeSntpQuestion(nonce), Date.UTC(2027), 1);
			answer[24 + (bit >> 3)]! ^= 1 << (bit & 7);
			t.is(decodeSntpAnswer(answer, nonce), undefined);
		}),
	);
});
