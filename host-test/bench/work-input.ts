/**
 * What the pieces of work are done with, in XS as in Node: the same in every run; and what has to come of it.
 * @module
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { encodeUsername } from "../../src/device/connect-fields.js";
import { encodePacket } from "../../src/device/mqtt/encode.js";
import type { WorkInput } from "../xs/bench-command.js";
import { BENCH_TOKEN, BENCH_USERNAME } from "./bench-credential.js";
import { benchKey } from "./bench-key.js";

/** As AWS IoT Core answers a CONNECT of MQTT 5. */
export const CONNACK = {
	type: "connack",
	sessionPresent: false,
	code: 0,
	properties: { receiveMaximum: 100, maximumQoS: 1, topicAliasMaximum: 8, maximumPacketSize: 149_504 },
} as const;

/** PKCS#8 of an Ed25519 key up to its seed (RFC 8410 section 7). */
const ED25519_HEADER = Buffer.from("302e020100300506032b657004220420", "hex");
/** 32 bytes that count up. */
const SEED = Buffer.from(Array.from({ length: 32 }, (_, at) => at));

/** The Ed25519 key of the benches. */
export function benchEd25519Key(): KeyObject {
	return createPrivateKey({ key: Buffer.concat([ED25519_HEADER, SEED]), format: "der", type: "pkcs8" });
}

/** What each piece of work needs: what it is given counts in the heap. */
const NEEDS: Readonly<Record<string, readonly (keyof WorkInput)[]>> = {
	"rsa-sign": ["privateKey", "token"],
	"rsa-sign-blinded": ["privateKey", "token"],
	"ed25519-sign": ["keyPair", "token"],
	username: ["username"],
	"connect-encode": ["username"],
	"connack-decode": ["username", "connack"],
};

const ALL = allInputs();

/** For the command `work` of a guest. */
export function workInput(name: string): Partial<WorkInput> {
	return Object.fromEntries((NEEDS[name] ?? []).map((field) => [field, ALL[field]]));
}

/** The RSA key as the device's own C takes it: PKCS#1, DER in base64. */
export function benchPkcs1(): string {
	return benchKey().export({ type: "pkcs1", format: "der" }).toString("base64");
}

function allInputs(): WorkInput {
	const publicKey = createPublicKey(benchEd25519Key()).export({ format: "der", type: "spki" }).subarray(-32);
	return {
		privateKey: benchKey().export({ type: "pkcs8", format: "pem" }) as string,
		token: BENCH_TOKEN,
		keyPair: Buffer.concat([SEED, publicKey]).toString("base64"),
		connack: [...encodePacket(CONNACK, 5)],
		username: BENCH_USERNAME,
	};
}

/** What work gives back that gives something back, by its name; made by node:crypto and Node. */
const RESULTS: Readonly<Record<string, string>> = {
	"rsa-sign": sign("sha256", Buffer.from(BENCH_TOKEN), benchKey()).toString("base64"),
	"rsa-sign-blinded": sign("sha256", Buffer.from(BENCH_TOKEN), benchKey()).toString("base64"),
	"ed25519-sign": sign(null, Buffer.from(BENCH_TOKEN), benchEd25519Key()).toString("base64"),
	base64: Buffer.alloc(256, 0xa5).toString("base64"),
	username: encodeUsername(BENCH_USERNAME),
};

/** @throws {Error} where a piece of work has given back something else than it has to. */
export function requireRight(name: string, result: unknown): void {
	const expected = RESULTS[name];
	if (expected !== undefined && result !== expected) throw new Error(`bench: ${name} gave a wrong result`);
}
