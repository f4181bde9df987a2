import test from "ava";
import fc from "fast-check";
import { LineReader } from "../../src/authorizer/line-reader.js";

/** What a reader tells of these pieces and the end after them. */
function read(pieces: readonly Uint8Array[], longest = Number.POSITIVE_INFINITY) {
	const told: [line: string, cut: boolean][] = [];
	const reader = new LineReader(longest, (line, cut) => told.push([line, cut]));
	for (const piece of pieces) reader.push(piece);
	reader.end();
	return told;
}

const bytes = (text: string) => new TextEncoder().encode(text);

test("tells each line once, and what stands after the last", (t) => {
	t.deepEqual(read([bytes("a\n\nb"), bytes("c\nd")]), [
		["a", false],
		["", false],
		["bc", false],
		["d", false],
	]);
});

test("of a line too long the beginning is told once, and the next line whole", (t) => {
	t.deepEqual(read([bytes("abc"), bytes("defgh"), bytes("ij\nkl\n")], 4), [
		["abcd", true],
		["kl", false],
	]);
});

test("a line of just the longest length is whole", (t) => {
	t.deepEqual(read([bytes("abcd\n")], 4), [["abcd", false]]);
});

test("how the bytes are cut into pieces changes nothing", (t) => {
	const text = fc.array(fc.constantFrom("a", "é", "\n", "😀"), { maxLength: 40 }).map((parts) => parts.join(""));
	const longest = fc.constantFrom(1, 4, 7, Number.POSITIVE_INFINITY);
	fc.assert(
		fc.property(text, fc.array(fc.nat({ max: 80 }), { maxLength: 6 }), longest, (given, cuts, most) => {
			const whole = bytes(given);
			const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((one, other) => one - other), whole.length];
			const pieces = places.slice(1).map((end, index) => whole.subarray(places[index], end));
			t.deepEqual(read(pieces, most), read([whole], most));
		}),
	);
});

test("lines come out as they went in", (t) => {
	const lines = fc.array(
		fc.string({ unit: "grapheme" }).filter((line) => !line.includes("\n")),
		{ minLength: 1 },
	);
	fc.assert(
		fc.property(lines, (given) => {
			const told = read([bytes(`${given.join("\n")}\n`)]);
			t.deepEqual(
				told.map(([line]) => line),
				given,
			);
		}),
	);
});
