/**
 * The MQTT codec in XS, held against itself in Node: whatever comes in, both engines say the same.
 * @module
 */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { encodePacket } from "../../src/device/mqtt/encode.js";
import { toHex } from "../device/case.js";
import { anyPacket } from "../device/mqtt/arbitraries.js";
import { codecOutcome } from "../device/mqtt/codec-outcome.js";
import { engineTest } from "./engine-test.js";
import { fakePorts } from "./fake-ports.js";
import { bundleGuest, XsGuest } from "./index.js";

const test = await engineTest();
const { text: program } = await bundleGuest(fileURLToPath(new URL("guest/codec.ts", import.meta.url)));

/** A packet's bytes, whole or with one byte changed or cut off somewhere. */
function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
	const at = fc.nat({ max: bytes.length - 1 });
	return fc.oneof(
		fc.constant(bytes),
		fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([index, flip]) => bytes.with(index, bytes[index]! ^ flip)),
		at.map((length) => bytes.subarray(0, length)),
	);
}

for (const version of [4, 5] as const)
	test(`packets of MQTT ${version === 4 ? "3.1.1" : "5"}, whole and damaged, mean the same in XS and in Node`, async (t, engine) => {
		const guest = await XsGuest.start({ engine, program, ports: fakePorts(), onEvent: () => {}, onError: () => {} });
		t.teardown(() => guest.close());
		const bytes = anyPacket(version)
			.map((packet) => encodePacket(packet, version))
			.filter(({ length }) => length < 2000);
		await fc.assert(
			fc.asyncProperty(bytes.chain(damaged), async (input) => {
				const hex = toHex(input);
				t.is(await guest.run("outcome", { hex, version }), codecOutcome(hex, version));
			}),
			{ numRuns: 300 },
		);
	});
