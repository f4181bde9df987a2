/**
 * Signatures made in XS, held against node:crypto and tweetnacl: BigInt, strings and base64 are the engine's own there.
 * @module
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import nacl from "tweetnacl";
import { engineTest } from "./engine-test.js";
import { fakePorts } from "./fake-ports.js";
import { bundleGuest, type XsEngine, XsException, XsGuest } from "./index.js";

const test = await engineTest();
const { text: program } = await bundleGuest(fileURLToPath(new URL("guest/sign.ts", import.meta.url)));

async function withGuest(engine: XsEngine, run: (guest: XsGuest) => Promise<void>): Promise<void> {
	const guest = await XsGuest.start({ engine, program, ports: fakePorts(), onEvent: () => {}, onError: () => {} });
	try {
		await run(guest);
	} finally {
		await guest.close();
	}
}

for (const bits of [2048, 3072])
	for (const type of ["pkcs1", "pkcs8"] as const)
		test(`any token is signed in XS as node:crypto signs it, ${bits} bits, ${type}`, async (t, engine) => {
			const pair = generateKeyPairSync("rsa", { modulusLength: bits });
			const privateKey = pair.privateKey.export({ type, format: "pem" });
			await withGuest(engine, (guest) =>
				fc.assert(
					fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (token) => {
						const expected = sign("sha256", Buffer.from(token), pair.privateKey).toString("base64");
						t.is(await guest.run("sign", { privateKey, token }), expected);
					}),
					{ numRuns: 15 },
				),
			);
		});

test("a token signed with blinded exponents has the same signature", async (t, engine) => {
	const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" });
	await withGuest(engine, async (guest) => {
		const expected = sign("sha256", Buffer.from("a token"), pair.privateKey).toString("base64");
		t.is(await guest.run("sign", { privateKey, token: "a token", blinded: true }), expected);
	});
});

test("any message is signed in XS by Ed25519 as tweetnacl signs it", async (t, engine) => {
	const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
	await withGuest(engine, (guest) =>
		fc.assert(
			fc.asyncProperty(seeds, fc.uint8Array({ maxLength: 200 }), async (seed, message) => {
				const { secretKey } = nacl.sign.keyPair.fromSeed(seed);
				const keyPair = await guest.run("ed25519KeyPair", base64(seed));
				t.is(keyPair, base64(secretKey));
				const signature = await guest.run("signEd25519", { keyPair, message: base64(message) });
				t.is(signature, base64(nacl.sign.detached(message, secretKey)));
			}),
			{ numRuns: 25 },
		),
	);
});

test("a key that is none is refused in XS with the same words as in Node", async (t, engine) => {
	await withGuest(engine, async (guest) => {
		const error = await t.throwsAsync(guest.run("sign", { privateKey: "no key", token: "t" }), {
			instanceOf: XsException,
		});
		t.regex(error?.message ?? "", /no PEM block was found in the private key/);
	});
});

function base64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64");
}
