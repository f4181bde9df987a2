/** @module */
import test from "ava";
import {
	ed25519KeyPair,
	parseRsaPrivateKey,
	signEd25519,
	signToken,
	storedEd25519KeyPair,
} from "../../src/device/signing/index.js";
import { nodeDigest } from "../../src/host/ports.js";
import { requireRight, workInput } from "./work-input.js";

test("the keys of the benches are the same each time, and the device takes them", (t) => {
	const { privateKey, token, keyPair } = { ...workInput("rsa-sign"), ...workInput("ed25519-sign") };
	requireRight("rsa-sign", signToken(token!, parseRsaPrivateKey(privateKey!), nodeDigest));
	const stored = Buffer.from(keyPair!, "base64");
	t.deepEqual(Buffer.from(ed25519KeyPair(stored.subarray(0, 32), nodeDigest).publicKey), stored.subarray(32));
	const signature = signEd25519(Buffer.from(token!), storedEd25519KeyPair(stored, nodeDigest), nodeDigest);
	requireRight("ed25519-sign", Buffer.from(signature).toString("base64"));
});

test("a piece of work is given what it needs and no more", (t) => {
	t.deepEqual(Object.keys(workInput("ed25519-sign")), ["keyPair", "token"]);
	t.deepEqual(workInput("base64"), {});
});

test("a wrong result is told, and work without a result is right", (t) => {
	t.throws(() => requireRight("rsa-sign", "something else"), { message: "bench: rsa-sign gave a wrong result" });
	t.notThrows(() => requireRight("connect-encode", undefined));
});
