/**
 * A server that says anything in any order: whatever it is, short of a handshake that is complete, nothing is sent.
 * @module
 */
import { randomBytes } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { type BadServer, genuine } from "./bad-server.js";
import { encounter, leaks, type TlsClientUnderTest } from "./client-under-test.js";
import { nativeClientOrSay } from "./native-client-test.js";
import { nodeClient } from "./node-client.js";
import { HANDSHAKE, message } from "./server/messages.js";
import { CONTENT, record } from "./server/peer.js";
import type { Step, Tamper } from "./server/script.js";

const RUNS = 200;

/** One thing to say: a message of the genuine flight by its place, or something else. */
type Saying = { readonly genuine: number; readonly change?: Tamper | undefined } | { readonly step: Step };

const handshakeTypes = Object.values(HANDSHAKE);
const bytes = fc.uint8Array({ maxLength: 64 });
const raw = (type: number, body: Uint8Array, version?: number): Saying => ({
	step: { kind: "raw", bytes: record(type, body, version) },
});

const saying: fc.Arbitrary<Saying> = fc.oneof(
	{ weight: 6, arbitrary: fc.nat(3).map((index): Saying => ({ genuine: index })) },
	{
		weight: 3,
		arbitrary: fc
			.tuple(fc.nat(3), fc.nat(2000), fc.nat(7))
			.map(
				([index, at, bit]): Saying => ({ genuine: index, change: (bytes) => flipped(bytes, at % bytes.length, bit) }),
			),
	},
	{
		weight: 1,
		arbitrary: fc
			.tuple(fc.nat(3), fc.nat(2000))
			.map(
				([index, count]): Saying => ({ genuine: index, change: (bytes) => bytes.subarray(0, count % bytes.length) }),
			),
	},
	{ weight: 1, arbitrary: fc.constant<Saying>({ step: { kind: "change-cipher-spec" } }) },
	// Protected, where a ChangeCipherSpec went before, under the keys of an empty secret.
	{
		weight: 2,
		arbitrary: fc
			.tuple(fc.constantFrom(...handshakeTypes), bytes)
			.map(
				([type, body]): Saying => ({ step: { kind: "record", type: CONTENT.handshake, body: message(type, body) } }),
			),
	},
	{
		weight: 1,
		arbitrary: fc
			.tuple(fc.constantFrom(...Object.values(CONTENT)), bytes)
			.map(([type, body]): Saying => ({ step: { kind: "record", type, body } })),
	},
	{ weight: 1, arbitrary: fc.tuple(fc.nat(255), bytes).map(([type, body]) => raw(type, body)) },
	{ weight: 1, arbitrary: fc.tuple(fc.nat(3), fc.nat(255)).map(([level, alert]) => raw(21, Buffer.of(level, alert))) },
	{ weight: 1, arbitrary: fc.nat(0xffff).map((version) => raw(22, randomBytes(20), version)) },
	{ weight: 1, arbitrary: bytes.map((body): Saying => ({ step: { kind: "raw", bytes: body } })) },
);

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
	const changed = Buffer.from(bytes);
	changed[at] = changed[at]! ^ (1 << bit);
	return changed;
}

function stepOf(word: Saying, steps: readonly Step[]): Step {
	if ("step" in word) return word.step;
	const step = steps[word.genuine]!;
	return step.kind === "message" ? { ...step, wire: word.change } : step;
}

/** The flight's beginning as it should be, then sayings, then FIN. */
const server = fc.tuple(fc.nat(4), fc.array(saying, { maxLength: 10 })).map(
	([count, sayings]): BadServer => ({
		name: "random-server",
		wrong: "says anything",
		refusedWith: ["protocol"],
		behave: genuine({
			firstFlight: (steps) => [
				...steps.slice(0, count),
				...sayings.map((word) => stepOf(word, steps)),
				{ kind: "close" },
			],
		}),
	}),
);

function declare(client: TlsClientUnderTest): void {
	test(`${client.name} sends nothing to a server that says anything in any order`, async (t) => {
		await fc.assert(
			fc.asyncProperty(server, async (random) => {
				const met = await encounter(client, random);
				return !met.attempt.opened && met.attempt.failure !== undefined && leaks(met).length === 0;
			}),
			{ numRuns: RUNS },
		);
		t.pass();
	});
}

const native = await nativeClientOrSay();
if (native !== undefined) {
	declare(native);
	test.after("the sanitizers have found nothing", () => native.stop());
}
declare(nodeClient);
