/**
 * Frames are found again however the pipe cuts them.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { encodeFrame, type Frame, FrameReader } from "./frames.js";

const anyFrame = fc.record({
	kind: fc.constantFrom(..."ie?gpcq/|<.!~"),
	bytes: fc.uint8Array({ maxLength: 300 }),
});

test("any frames come back in order, whatever the cuts", (t) => {
	fc.assert(
		fc.property(fc.array(anyFrame), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (frames, cuts) => {
			const stream = Buffer.concat(frames.map(({ kind, bytes }) => encodeFrame(kind, bytes)));
			const reader = new FrameReader();
			const found: Frame[] = [];
			for (let at = 0, i = 0; at < stream.length; i++) {
				const end = at + cuts[i % cuts.length]!;
				found.push(...reader.push(stream.subarray(at, end)));
				at = end;
			}
			t.deepEqual(found, frames);
		}),
	);
});

test("a frame that was given out does not change when more comes", (t) => {
	const reader = new FrameReader();
	const chunk = Buffer.from("3:.ab,");
	const [frame] = reader.push(chunk);
	chunk.fill(0);
	t.deepEqual(frame, { kind: ".", bytes: Uint8Array.from(Buffer.from("ab")) });
});

for (const [what, bytes] of [
	["without a length", ":.x,"],
	["of length 0", "0:,"],
	["with another sign for a digit", "1x:.,"],
	["with a leading zero", "02:.x,"],
	["longer than nine digits", "1234567890:"],
	["that does not end in a comma", "2:.x;"],
] as const) {
	test(`a frame ${what} is refused`, (t) => {
		t.throws(() => new FrameReader().push(Buffer.from(bytes)), { instanceOf: RangeError });
	});
}
