import {
	createHash,
	createPublicKey,
	generateKeyPairSync,
	type KeyObject,
	randomBytes,
	sign,
	verify,
} from "node:crypto";
import fc from "fast-check";
import { nativeTest } from "./native-test.js";

const test = await nativeTest();

const pkcs1 = (key: KeyObject) => key.export({ format: "der", type: "pkcs1" });

for (const bits of [2048, 3072, 4096]) {
	test(`an RSA-${bits} signature is the one of node:crypto`, async (t, engine) => {
		const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
		for (const length of [0, 1, 200, 5000]) {
			const message = randomBytes(length);
			const { status, signature } = await engine.sign(pkcs1(privateKey), message);
			t.is(status, 0);
			t.deepEqual(signature, sign("sha256", message, privateKey));
			t.true(verify("sha256", message, createPublicKey(privateKey), signature));
		}
	});
}

const KEY = 1;

test("what is no RSA key of 2048 to 4096 bits as PKCS#1 is refused", async (t, engine) => {
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
	const curve = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
	const wrong = [
		privateKey.export({ format: "der", type: "pkcs8" }),
		pkcs1(small),
		curve.export({ format: "der", type: "sec1" }),
		Buffer.alloc(0),
		Buffer.from("no key"),
		pkcs1(privateKey).subarray(0, 600),
	];
	for (const key of wrong) {
		const { status, signature } = await engine.sign(key, Buffer.from("message"));
		t.is(status, KEY);
		t.is(signature.length, 0);
	}
});

test("a key with a changed byte gives no wrong signature", async (t, engine) => {
	const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const message = Buffer.from("message");
	for (let at = 9; at < 1150; at += 97) {
		const key = Buffer.from(pkcs1(privateKey));
		key[at]! ^= 0x10;
		const { status, signature } = await engine.sign(key, message);
		t.true(status !== 0 || !verify("sha256", message, publicKey, signature) || signature.length === 256);
	}
});

for (const algorithm of ["sha256", "sha512"] as const) {
	test(`${algorithm} is the one of node:crypto`, async (t, engine) => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (data) => {
				t.deepEqual(await engine.digest(algorithm, data), createHash(algorithm).update(data).digest());
			}),
			{ numRuns: 50 },
		);
	});
}

test("a SHA-256 piece by piece is the one of node:crypto, whatever the pieces", async (t, engine) => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 }), async (pieces) => {
			t.true(await engine.hashBegin());
			for (const piece of pieces) t.true(await engine.hashUpdate(piece));
			t.deepEqual(await engine.hashFinish(), createHash("sha256").update(Buffer.concat(pieces)).digest());
		}),
		{ numRuns: 50 },
	);
});

test("a SHA-256 that is over takes nothing more and gives no second digest", async (t, engine) => {
	t.true(await engine.hashBegin());
	await engine.hashFinish();
	t.false(await engine.hashUpdate(Buffer.from("more")));
	await t.throwsAsync(engine.hashFinish(), { message: "the library refused" });
});

test("a SHA-256 gives its memory back, finished or not", async (t, engine) => {
	// Once before: what the library keeps for good.
	t.true(await engine.hashBegin());
	await engine.hashClose();
	const { heapBytes } = engine.state;
	for (const end of ["finished", "fed", "begun"]) {
		t.true(await engine.hashBegin());
		t.true(engine.state.heapBytes > heapBytes);
		if (end !== "begun") await engine.hashUpdate(randomBytes(1_000));
		if (end === "finished") await engine.hashFinish();
		await engine.hashClose();
		t.is(engine.state.heapBytes, heapBytes, end);
	}
});

test("a SHA-256 for which there is no memory does not begin, and the next one does", async (t, engine) => {
	t.false(await engine.hashBegin(1));
	t.false(await engine.hashUpdate(Buffer.from("abc")));
	t.true(await engine.hashBegin());
	const { allocations } = engine.state;
	for (let at = 1; at <= allocations; at++) t.false(await engine.hashBegin(at), `allocation ${at}`);
	t.true(await engine.hashBegin());
});

test("a SHA-256 goes on beside digests and signatures", async (t, engine) => {
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	t.true(await engine.hashBegin());
	await engine.hashUpdate(Buffer.from("ab"));
	await engine.digest("sha256", Buffer.from("another"));
	t.is((await engine.sign(pkcs1(privateKey), Buffer.from("message"))).status, 0);
	await engine.hashUpdate(Buffer.from("c"));
	t.deepEqual(await engine.hashFinish(), createHash("sha256").update("abc").digest());
});

test("random bytes are as many as asked for, and others each time", async (t, engine) => {
	for (const count of [1, 32, 511, 512, 513, 65_536]) t.is((await engine.random(count)).length, count);
	t.notDeepEqual(await engine.random(32), await engine.random(32));
});
