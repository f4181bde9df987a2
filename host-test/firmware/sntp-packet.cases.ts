/**
 * The packets of SNTP: what is asked, and which answers count.
 * @module
 */
import { decodeSntpAnswer, encodeSntpQuestion } from "../../src/firmware/sntp-packet.js";
import { type Cases, fromHex } from "../device/case.js";

const NONCE = fromHex("0123456789abcdef");

/** 2026-11-28T12:00:00.5Z in seconds since 1900. */
const TRANSMITTED = "eeb540c0 80000000";
const TIME = 1_795_867_200_500;

/** An answer of a good server, with what a case puts into it. */
function answer({ head = "24", stratum = "02", originate = "0123456789abcdef", transmit = TRANSMITTED } = {}) {
	const rest = "03e9 00000010 00000020 c0000201 eeb54000 00000000";
	return fromHex(`${head}${stratum}${rest} ${originate} eeb540c0 7fffffff ${transmit}`);
}

export const cases: Cases = {
	"a question is 48 bytes: a client's of version 4, and a random number where the time would be"(check) {
		const question = encodeSntpQuestion(NONCE);
		check.hex(question, `23${"00".repeat(39)}0123456789abcdef`);
	},

	"a random number of another size is refused"(check) {
		check.throws(() => encodeSntpQuestion(NONCE.subarray(1)), { name: "RangeError" });
	},

	"an answer tells when it left the server, to the millisecond"(check) {
		check.is(answer().length, 48);
		check.same(decodeSntpAnswer(answer(), NONCE), { time: TIME });
	},

	"what follows an answer's 48 bytes is passed over"(check) {
		const longer = Uint8Array.from([...answer(), ...new Uint8Array(20)]);
		check.same(decodeSntpAnswer(longer, NONCE), { time: TIME });
	},

	"an answer to somebody else's question is none"(check) {
		for (const originate of ["0123456789abcdee", "8123456789abcdef", "0000000000000000"])
			check.is(decodeSntpAnswer(answer({ originate }), NONCE), undefined, originate);
	},

	"only a server answers"(check) {
		for (const head of ["23", "21", "25", "26", "20", "22", "27"])
			check.is(decodeSntpAnswer(answer({ head }), NONCE), undefined, head);
	},

	"a packet that is too short is none"(check) {
		check.is(decodeSntpAnswer(answer().subarray(0, 47), NONCE), undefined);
		check.is(decodeSntpAnswer(new Uint8Array(0), NONCE), undefined);
	},

	"stratum 0 is the kiss of death"(check) {
		check.same(decodeSntpAnswer(answer({ stratum: "00" }), NONCE), { refusal: "kiss-of-death" });
	},

	"a server that is not synchronized says so, by its alarm, its stratum or no time at all"(check) {
		const refusal = { refusal: "unsynchronized" };
		check.same(decodeSntpAnswer(answer({ head: "e4" }), NONCE), refusal);
		check.same(decodeSntpAnswer(answer({ stratum: "10" }), NONCE), refusal);
		check.same(decodeSntpAnswer(answer({ stratum: "ff" }), NONCE), refusal);
		check.same(decodeSntpAnswer(answer({ transmit: "00000000 00000000" }), NONCE), refusal);
		check.same(decodeSntpAnswer(answer({ stratum: "0f" }), NONCE), { time: TIME });
	},

	"a leap second that is announced changes nothing"(check) {
		for (const head of ["64", "a4"]) check.same(decodeSntpAnswer(answer({ head }), NONCE), { time: TIME });
	},

	"the protocol's second era begins in 2036"(check) {
		const last = decodeSntpAnswer(answer({ transmit: "ffffffff 00000000" }), NONCE);
		check.same(last, { time: Date.UTC(2036, 1, 7, 6, 28, 15) });
		const first = decodeSntpAnswer(answer({ transmit: "00000000 00000001" }), NONCE);
		check.same(first, { time: Date.UTC(2036, 1, 7, 6, 28, 16) });
	},
};
