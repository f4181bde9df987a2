/**
 * UTF-8 in both directions; the ill-formed sequences are those of the Unicode Standard, section 3.9, tables 3-7 and 3-8.
 * @module
 */
import { utf8Decode, utf8Encode, utf8Length } from "../../../src/device/encoding/utf8.js";
import { type Cases, fromHex } from "../case.js";

/** The first and last scalar of each length, the edges of the surrogate range, and some of the middle. */
const SCALARS: readonly (readonly [number, string])[] = [
	[0x0, "00"],
	[0x41, "41"],
	[0x7f, "7f"],
	[0x80, "c280"],
	[0xe9, "c3a9"],
	[0x7ff, "dfbf"],
	[0x800, "e0a080"],
	[0x20ac, "e282ac"],
	[0xfff, "e0bfbf"],
	[0x1000, "e18080"],
	[0xcfff, "ecbfbf"],
	[0xd000, "ed8080"],
	[0xd7ff, "ed9fbf"],
	[0xe000, "ee8080"],
	[0xfdd0, "efb790"],
	[0xfeff, "efbbbf"],
	[0xfffd, "efbfbd"],
	[0xffff, "efbfbf"],
	[0x10000, "f0908080"],
	[0x1f600, "f09f9880"],
	[0x3ffff, "f0bfbfbf"],
	[0x40000, "f1808080"],
	[0xfffff, "f3bfbfbf"],
	[0x100000, "f4808080"],
	[0x10ffff, "f48fbfbf"],
];

/** Bytes, and the index of the first byte of the bad sequence. */
type IllFormed = readonly (readonly [string, number])[];

const OVERLONG: IllFormed = [
	["c080", 0],
	["c1bf", 0],
	["e08080", 0],
	["e09fbf", 0],
	["f0808080", 0],
	["f08fbfbf", 0],
	["41c0af", 1],
];

const SURROGATES: IllFormed = [
	["eda080", 0],
	["edadbf", 0],
	["edae80", 0],
	["edbfbf", 0],
	["eda080edb080", 0],
	["c3a9eda080", 2],
];

const TOO_LARGE: IllFormed = [
	["f4908080", 0],
	["f5808080", 0],
	["f7bfbfbf", 0],
	["f888808080", 0],
	["fc8480808080", 0],
	["fe", 0],
	["ff", 0],
];

const TRUNCATED: IllFormed = [
	["c2", 0],
	["e0a0", 0],
	["e2", 0],
	["e282", 0],
	["f0", 0],
	["f09f", 0],
	["f09f98", 0],
	["f48f", 0],
	["e282ace282", 3],
];

const BAD_CONTINUATION: IllFormed = [
	["c241", 0],
	["c2c2", 0],
	["e28241", 0],
	["e241ac", 0],
	["e282c0", 0],
	["f09f9841", 0],
	["f09f4180", 0],
	["f0419880", 0],
	["c27f", 0],
	["c200", 0],
];

const STRAY_CONTINUATION: IllFormed = [
	["80", 0],
	["bf", 0],
	["4180", 1],
	["c2a980", 2],
];

export const cases: Cases = {
	"every boundary scalar is encoded as the standard says": (check) => {
		for (const [scalar, hex] of SCALARS) check.hex(utf8Encode(String.fromCodePoint(scalar)), hex, name(scalar));
	},
	"every boundary scalar is decoded": (check) => {
		for (const [scalar, hex] of SCALARS) {
			check.is(utf8Decode(fromHex(hex)), String.fromCodePoint(scalar), name(scalar));
		}
	},
	"the length is that of the encoding": (check) => {
		for (const [scalar, hex] of SCALARS)
			check.is(utf8Length(String.fromCodePoint(scalar)), hex.length / 2, name(scalar));
	},
	"nothing is encoded as nothing": (check) => {
		check.is(utf8Length(""), 0);
		check.hex(utf8Encode(""), "");
		check.is(utf8Decode(new Uint8Array(0)), "");
	},
	"a text of all lengths goes there and back": (check) => {
		const text = SCALARS.map(([scalar]) => String.fromCodePoint(scalar)).join("x");
		check.is(utf8Decode(utf8Encode(text)), text);
		check.is(utf8Encode(text).length, utf8Length(text));
	},
	"a byte order mark is kept": (check) => {
		check.is(utf8Decode(fromHex("efbbbf41")), "\uFEFFA");
	},
	"a lone surrogate is encoded as U+FFFD": (check) => {
		check.hex(utf8Encode("\uD800"), "efbfbd");
		check.hex(utf8Encode("\uDFFF"), "efbfbd");
		check.hex(utf8Encode("a\uD83Db"), "61efbfbd62");
		check.hex(utf8Encode("\uDE00\uD83D"), "efbfbdefbfbd");
		check.is(utf8Length("a\uD83Db"), 5);
	},
	"a part of a larger buffer is decoded as that part": (check) => {
		check.is(utf8Decode(fromHex("ff e2 82 ac ff").subarray(1, 4)), "€");
	},
	"a part that cuts a sequence is refused, whatever lies behind it": (check) => {
		check.throws(() => utf8Decode(fromHex("41 e2 82 ac").subarray(0, 3)), { code: "bad-utf8", offset: 1 });
	},
	"an overlong form is refused": refuses(OVERLONG),
	"an encoded surrogate is refused": refuses(SURROGATES),
	"a value above U+10FFFF is refused": refuses(TOO_LARGE),
	"a truncated sequence is refused": refuses(TRUNCATED),
	"a sequence broken off by another byte is refused": refuses(BAD_CONTINUATION),
	"a continuation byte without a beginning is refused": refuses(STRAY_CONTINUATION),
};

function refuses(list: IllFormed): Cases[string] {
	return (check) => {
		for (const [hex, offset] of list) {
			check.throws(() => utf8Decode(fromHex(hex)), { name: "Utf8Error", code: "bad-utf8", offset }, hex);
		}
	};
}

function name(scalar: number): string {
	return `U+${scalar.toString(16).toUpperCase().padStart(4, "0")}`;
}
