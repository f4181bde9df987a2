/** @module */
import {
	type CredentialRecord,
	decodeCredentialRecord,
	encodeCredentialRecord,
	parseCredential,
} from "../../../src/device/credential/index.js";
import { crc32 } from "../../../src/device/encoding/crc32.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import type { Cases } from "../case.js";
import { ED25519, PRESIGNED, playedDigest, RSA, SAMPLES, UNSIGNED } from "./samples.js";

function recordOf(sample: object, sequence = 1): CredentialRecord {
	return { ...parseCredential(JSON.stringify(sample), playedDigest()), origin: "provisioned", sequence };
}

/** What a test does to the bytes of a record, with the checksum made right again. */
function resealed(bytes: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array {
	change(bytes);
	const end = bytes.length - 4;
	new DataView(bytes.buffer).setUint32(end, crc32(bytes.subarray(0, end)));
	return bytes;
}

/** Small: every byte of it is changed. */
const SMALL = { version: 1, mode: "unsigned", clientId: "SECRET", endpoint: { host: "h" } };

function small(): Uint8Array {
	return encodeCredentialRecord(recordOf(SMALL));
}

function codeOf(bytes: Uint8Array): string {
	try {
		decodeCredentialRecord(bytes);
	} catch (error) {
		const { name, code, step, message, remedy } = error as Error & Record<"code" | "step" | "remedy", string>;
		if (name !== "DeviceError" || step !== "credential" || remedy === "") return `untyped: ${error}`;
		return message.includes("SECRET") ? "told a secret" : code;
	}
	return "read";
}

export const cases: Cases = {
	"a record keeps credential, key, number and origin": (check) => {
		for (const sample of SAMPLES)
			for (const origin of ["provisioned", "rotated"] as const) {
				const record = { ...recordOf(sample, 0xffff_ffff), origin };
				const { checksum, ...read } = decodeCredentialRecord(encodeCredentialRecord(record));
				check.same(read, record, sample.mode);
				check.is(checksum > 0, true);
			}
	},
	"its bytes are what the layout says": (check) => {
		const json =
			'{"version":1,"mode":"unsigned","endpoint":{"host":"h","port":443,"serverName":"h"},"clientId":"SECRET"}';
		const bytes = small();
		check.hex(bytes.subarray(0, 14), "4c4b6372 01 01 00000001 00000067");
		check.same(bytes.subarray(14, 14 + 0x67), utf8Encode(json));
		check.hex(bytes.subarray(14 + 0x67, -4), "0000");
		check.is(new DataView(bytes.buffer).getUint32(bytes.length - 4), crc32(bytes.subarray(0, -4)));
		check.is(decodeCredentialRecord(bytes).checksum, crc32(bytes.subarray(0, -4)));
	},
	"the key is no part of the JSON, and lies at the end": (check) => {
		const record = recordOf(ED25519);
		const bytes = encodeCredentialRecord(record);
		check.same(bytes.subarray(-68, -4), record.privateKey);
		check.hex(bytes.subarray(-70, -68), "0040");
	},
	"a key that was read is a part of the record, so that wiping it wipes the record's": (check) => {
		const bytes = encodeCredentialRecord(recordOf(ED25519));
		decodeCredentialRecord(bytes).privateKey?.fill(0);
		check.same(bytes.subarray(-68, -4), new Uint8Array(64));
	},
	"a record in the middle of a larger buffer is read": (check) => {
		const bytes = small();
		const larger = new Uint8Array(bytes.length + 7).fill(0xff);
		larger.set(bytes, 3);
		check.is(decodeCredentialRecord(larger.subarray(3, 3 + bytes.length)).credential.clientId, "SECRET");
	},
	"a record with any one bit turned over is refused by name": (check) => {
		const bytes = small();
		const codes = new Set<string>();
		for (let bit = 0; bit < 8 * bytes.length; bit++) {
			bytes[bit >> 3]! ^= 1 << (bit & 7);
			codes.add(codeOf(bytes));
			bytes[bit >> 3]! ^= 1 << (bit & 7);
		}
		check.same([...codes].sort(), ["record-damaged", "record-foreign", "record-truncated"]);
		check.is(codeOf(bytes), "read");
	},
	"a record cut short anywhere is refused as such": (check) => {
		for (const bytes of [small(), encodeCredentialRecord(recordOf({ ...ED25519, clientId: "SECRET" }))])
			for (let length = 0; length < bytes.length; length++)
				check.is(codeOf(bytes.subarray(0, length)), "record-truncated", `${length} bytes`);
	},
	"bytes behind a record are damage": (check) => {
		const bytes = small();
		const longer = new Uint8Array(bytes.length + 4);
		longer.set(bytes);
		check.is(codeOf(longer), "record-damaged");
		check.is(codeOf(resealed(longer, () => {})), "record-damaged");
		const withKey = encodeCredentialRecord(recordOf(RSA));
		const longerKey = new Uint8Array(withKey.length + 4);
		longerKey.set(withKey);
		check.is(codeOf(resealed(longerKey, () => {})), "record-damaged");
	},
	"what is no record is foreign": (check) => {
		for (const bytes of [utf8Encode(JSON.stringify(PRESIGNED)), Uint8Array.of(0), new Uint8Array(64).fill(0xff)])
			check.is(codeOf(bytes), "record-foreign");
	},
	"a record of a newer layout is told from damage, with both layouts": (check) => {
		const newer = resealed(small(), (bytes) => {
			bytes[4] = 2;
		});
		check.throws(() => decodeCredentialRecord(newer), {
			code: "record-version",
			message: "the stored record has layout 2, this firmware reads layout 1",
		});
		// However short it is.
		check.is(codeOf(resealed(Uint8Array.of(0x4c, 0x4b, 0x63, 0x72, 9, 0, 0, 0, 0), () => {})), "record-version");
	},
	"a whole record whose content is none is refused by what is wrong with it": (check) => {
		const text = (from: string, to: string) => (bytes: Uint8Array) => {
			const at = String.fromCharCode(...bytes).indexOf(from);
			bytes.set(utf8Encode(to), at);
		};
		for (const [what, change, code] of [
			["no origin", (bytes: Uint8Array) => bytes.fill(0, 5, 6), "record-damaged"],
			["an unknown origin", (bytes: Uint8Array) => bytes.fill(3, 5, 6), "record-damaged"],
			["no number", (bytes: Uint8Array) => bytes.fill(0, 6, 10), "record-damaged"],
			["JSON that is not UTF-8", (bytes: Uint8Array) => bytes.fill(0xff, 20, 21), "record-damaged"],
			["JSON that is none", text("{", "?"), "not-json"],
			["another version of the document", text('"version":1', '"version":2'), "wrong-version"],
			["a mode that wants a key", text('"unsigned"', '"ed25519" '), "record-damaged"],
			["a member that is none", text("clientId", "clientID"), "unknown-member"],
		] as const)
			check.is(codeOf(resealed(small(), change)), code, what);
	},
	"a private key in the JSON of a record is refused": (check) => {
		const json = JSON.stringify({ ...SMALL, mode: "ed25519", privateKey: "SECRET" });
		const bytes = new Uint8Array(14 + json.length + 2 + 64 + 4);
		bytes.set(encodeCredentialRecord(recordOf(ED25519)).subarray(0, 10));
		bytes.set(utf8Encode(json), 14);
		const view = new DataView(bytes.buffer);
		view.setUint32(10, json.length);
		view.setUint16(14 + json.length, 64);
		check.is(codeOf(resealed(bytes, () => {})), "unknown-member");
	},
	"a record that could not be read again is not made": (check) => {
		const refused = { name: "RangeError" };
		for (const sequence of [0, -1, 1.5, 2 ** 32, Number.NaN])
			check.throws(() => encodeCredentialRecord(recordOf(SMALL, sequence)), refused, String(sequence));
		const { privateKey, ...keyless } = recordOf(RSA);
		check.is(privateKey !== undefined, true);
		check.throws(() => encodeCredentialRecord(keyless), refused, "no key");
		check.throws(() => encodeCredentialRecord({ ...keyless, privateKey: new Uint8Array(4097) }), refused);
		check.throws(() => encodeCredentialRecord({ ...recordOf(UNSIGNED), privateKey: new Uint8Array(1) }), refused);
		check.throws(() => encodeCredentialRecord({ ...recordOf(ED25519), privateKey: new Uint8Array(32) }), refused);
	},
};
