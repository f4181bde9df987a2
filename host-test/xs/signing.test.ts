/**
 * Token signatures made in XS, held against node:crypto: BigInt, strings and base64 are the engine's own there.
 * @module
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
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

test("a key that is none is refused in XS with the same words as in Node", async (t, engine) => {
	await withGuest(engine, async (guest) => {
		const error = await t.throwsAsync(guest.run("sign", { privateKey: "no key", token: "t" }), {
			instanceOf: XsException,
		});
		t.regex(error?.message ?? "", /no PEM block was found in the private key/);
	});
});
