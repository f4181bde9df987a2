/** @module */
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { canonicalText, decodeDataMessage, encodeDataMessage, parseOffer } from "../../../src/device/update/offer.js";
import { type Cases, fromHex } from "../case.js";

const SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const MEMBERS = { version: 2, size: 40, sha256: SHA256, signature: "AAEC" };
const json = (value: unknown) => utf8Encode(JSON.stringify(value));
const withChange = (changes: object) => json({ ...MEMBERS, ...changes });

export const cases: Cases = {
	"an offer is read": (check) => {
		const signature = Uint8Array.of(0, 1, 2);
		check.same(parseOffer(json(MEMBERS)), { ...MEMBERS, signature });
		const largest = { version: 4294967295, size: 4294967295 };
		check.same(parseOffer(withChange(largest)), { ...MEMBERS, ...largest, signature });
	},
	"the signed text has a line for each of prefix, version, size and hash": (check) => {
		check.is(canonicalText(MEMBERS), `latchkey-update\n2\n40\n${SHA256}\n`);
		check.is(
			canonicalText({ version: 4294967295, size: 1e6, sha256: SHA256 }),
			`latchkey-update\n4294967295\n1000000\n${SHA256}\n`,
		);
	},
	"what is no JSON in UTF-8 is refused by name": (check) => {
		for (const text of ["", "{", "version", `${JSON.stringify(MEMBERS)}x`, "\u0000"])
			check.throws(() => parseOffer(utf8Encode(text)), { code: "not-json", step: "update" }, text);
		check.throws(() => parseOffer(fromHex("7b22ff227d")), { code: "not-json" });
	},
	"what is no object is refused by name": (check) => {
		for (const text of ["1", "null", "[]", '"offer"', "true"])
			check.throws(() => parseOffer(utf8Encode(text)), { code: "wrong-type", field: undefined }, text);
	},
	"a member that is not there is named": (check) => {
		for (const field of Object.keys(MEMBERS))
			check.throws(() => parseOffer(withChange({ [field]: undefined })), { code: "missing", field }, field);
	},
	"a member more is refused: no signature would cover it": (check) => {
		check.throws(() => parseOffer(withChange({ url: "http://x" })), { code: "unknown-member" });
		const text = JSON.stringify(MEMBERS).replace("{", '{"__proto__":{},');
		check.throws(() => parseOffer(utf8Encode(text)), { code: "unknown-member" });
	},
	"a member of another type is named": (check) => {
		for (const value of ["2", null, true, [2], {}])
			for (const field of ["version", "size"])
				check.throws(() => parseOffer(withChange({ [field]: value })), { code: "wrong-type", field }, field);
		for (const value of [2, null, true, ["AAEC"], {}])
			for (const field of ["sha256", "signature"])
				check.throws(() => parseOffer(withChange({ [field]: value })), { code: "wrong-type", field }, field);
	},
	"version and size are integers of 1..4294967295": (check) => {
		for (const value of [0, -1, 1.5, 4294967296, 1e300])
			for (const field of ["version", "size"])
				check.throws(() => parseOffer(withChange({ [field]: value })), { code: "out-of-bounds", field }, `${value}`);
		const text = JSON.stringify(MEMBERS).replace("40", "1e999");
		check.throws(() => parseOffer(utf8Encode(text)), { code: "out-of-bounds", field: "size" });
	},
	"a hash is 64 lower-case hex digits": (check) => {
		for (const sha256 of [
			"",
			SHA256.slice(1),
			`${SHA256}0`,
			SHA256.toUpperCase(),
			`${SHA256.slice(1)}g`,
			`${SHA256}\n`,
		])
			check.throws(() => parseOffer(withChange({ sha256 })), { code: "wrong-form", field: "sha256" }, sha256);
	},
	"a signature is standard base64, and no longer than one of 4096 bits": (check) => {
		for (const signature of ["A", "AA-_", "AAEC\n", "AAE"])
			check.throws(() => parseOffer(withChange({ signature })), { code: "wrong-form", field: "signature" }, signature);
		check.is(parseOffer(withChange({ signature: "A".repeat(684) })).signature.length, 513);
		check.throws(() => parseOffer(withChange({ signature: "A".repeat(688) })), {
			code: "wrong-length",
			field: "signature",
		});
	},
	"an offer of more than 2048 bytes is refused unread": (check) => {
		const blanks = (length: number) => utf8Encode(JSON.stringify(MEMBERS).padEnd(length));
		check.is(parseOffer(blanks(2048)).version, 2);
		check.throws(() => parseOffer(blanks(2049)), { code: "wrong-length", field: undefined });
	},
	"a data message is version, offset and bytes": (check) => {
		const message = { version: 0x01020304, offset: 0xfffffffe, bytes: Uint8Array.of(9, 8) };
		check.hex(encodeDataMessage(message), "01020304 fffffffe 0908");
		check.same(decodeDataMessage(fromHex("01020304 fffffffe 0908")), message);
		check.hex(encodeDataMessage({ version: 0, offset: 0, bytes: new Uint8Array() }), "0000000000000000");
	},
	"a data message is read where it lies": (check) => {
		const around = fromHex("aaaa 00000002 00000010 0708 bb");
		check.same(decodeDataMessage(around.subarray(2, 12)), { version: 2, offset: 16, bytes: Uint8Array.of(7, 8) });
	},
	"what is shorter than a header is no data message": (check) => {
		for (let length = 0; length < 8; length++) check.is(decodeDataMessage(new Uint8Array(length)), undefined);
		check.same(decodeDataMessage(new Uint8Array(8)), { version: 0, offset: 0, bytes: new Uint8Array() });
	},
	"a version or an offset beyond 32 bits is not encoded": (check) => {
		const bytes = new Uint8Array();
		for (const wrong of [-1, 0.5, 4294967296, Number.NaN]) {
			check.throws(() => encodeDataMessage({ version: wrong, offset: 0, bytes }), { name: "RangeError" });
			check.throws(() => encodeDataMessage({ version: 1, offset: wrong, bytes }), { name: "RangeError" });
		}
	},
};
