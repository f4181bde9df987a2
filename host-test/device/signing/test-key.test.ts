/**
 * The key of the portable cases is the published one that it says it is.
 * @module
 */
import { createPrivateKey } from "node:crypto";
import test from "ava";
import { benchKey } from "../../bench/bench-key.js";
import { testKeyPem, testKeyPkcs1, testKeyPkcs8Pem } from "./test-key.js";

test("in every form it is the key that is made of a published word", (t) => {
	const expected = benchKey().export({ type: "pkcs1", format: "der" });
	t.deepEqual(Buffer.from(testKeyPkcs1()), expected);
	for (const pem of [testKeyPem(), testKeyPkcs8Pem()])
		t.deepEqual(createPrivateKey(pem).export({ type: "pkcs1", format: "der" }), expected);
});
