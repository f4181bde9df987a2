/**
 * What signatures take on this machine: in XS, in Node, and by libraries in C.
 * @module
 */
import { sign } from "node:crypto";
import { parseRsaPrivateKey, signEd25519, signToken, storedEd25519KeyPair } from "../../src/device/signing/index.js";
import { nodeDigest } from "../../src/host/ports.js";
import { type XsEngine, XsGuest } from "../xs/index.js";
import { BENCH_TOKEN } from "./bench-credential.js";
import { benchKey } from "./bench-key.js";
import { ownProgram, peerProgram } from "./guests.js";
import { median, type Row, row } from "./rows.js";
import { benchEd25519Key, benchPkcs1, requireRight, workInput } from "./work-input.js";
import { type BenchEngines, benchPorts, type Progress } from "./world.js";

const ROUNDS = 15;
/** Of peers that take a second each. */
const FEW_ROUNDS = 3;

export async function benchTimes({ x64 }: BenchEngines, progress: Progress): Promise<Row[]> {
	progress("signatures in XS, in Node and in C");
	const message = Buffer.from(BENCH_TOKEN);
	const [rsaKey, ed25519Key] = [benchKey(), benchEd25519Key()];
	const rsa = {
		native: await timed(ROUNDS, () => sign("sha256", message, rsaKey).toString("base64"), "rsa-sign"),
		node: await timed(ROUNDS, rsaInNode(), "rsa-sign"),
		xs: await timedInXs(x64, await ownProgram("bench-rsa"), "rsa-sign", ROUNDS),
		own: await timedInXs(x64, await ownProgram("bench-native"), "rsa-sign", ROUNDS, { privateKey: benchPkcs1() }),
		peer: await timedInXs(x64, await peerProgram("bench-jsrsasign"), "rsa-sign", FEW_ROUNDS),
	};
	const ed25519 = {
		native: await timed(ROUNDS, () => sign(null, message, ed25519Key).toString("base64"), "ed25519-sign"),
		node: await timed(ROUNDS, ed25519InNode(), "ed25519-sign"),
		xs: await timedInXs(x64, await ownProgram("bench-ed25519"), "ed25519-sign", ROUNDS),
		peer: await timedInXs(x64, await peerProgram("bench-tweetnacl"), "ed25519-sign", FEW_ROUNDS),
	};
	return [
		row("RSA-2048 sign in XS, beside node:crypto", "ms", rsa.native, rsa.xs),
		row("RSA-2048 sign in Node, beside node:crypto", "ms", rsa.native, rsa.node),
		row("RSA-2048 sign in XS by the device's C (mbedTLS), beside node:crypto", "ms", rsa.native, rsa.own),
		row("RSA-2048 sign in XS, beside jsrsasign in XS", "ms", rsa.peer, rsa.xs),
		row("Ed25519 sign in XS, beside node:crypto", "ms", ed25519.native, ed25519.xs),
		row("Ed25519 sign in Node, beside node:crypto", "ms", ed25519.native, ed25519.node),
		row("Ed25519 sign in XS, beside tweetnacl in XS", "ms", ed25519.peer, ed25519.xs),
	];
}

function rsaInNode(): () => string {
	const key = parseRsaPrivateKey(workInput("rsa-sign").privateKey!);
	return () => signToken(BENCH_TOKEN, key, nodeDigest);
}

function ed25519InNode(): () => string {
	const key = storedEd25519KeyPair(Buffer.from(workInput("ed25519-sign").keyPair!, "base64"), nodeDigest);
	const message = Buffer.from(BENCH_TOKEN);
	return () => Buffer.from(signEd25519(message, key, nodeDigest)).toString("base64");
}

/** Milliseconds of a piece of work, key already read; what the command costs around it is taken off. */
async function timedInXs(
	engine: XsEngine,
	program: string,
	name: string,
	rounds: number,
	given: object = {},
): Promise<number> {
	const input = { ...workInput(name), ...given };
	const guest = await XsGuest.start({
		engine,
		program,
		ports: benchPorts(),
		opcodeLimit: Number.MAX_SAFE_INTEGER,
		onEvent: () => {},
		onError: () => {},
	});
	try {
		const once = () => guest.run("work", { name, rounds: 1, input });
		const none = () => guest.run("work", { name, rounds: 0, input });
		return (await timed(rounds, once, name)) - (await timed(rounds, none));
	} finally {
		await guest.close();
	}
}

/** Milliseconds of the median round, after one that is not counted. */
async function timed(rounds: number, work: () => unknown, name = ""): Promise<number> {
	requireRight(name, await work());
	const times: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const startedAt = performance.now();
		await work();
		times.push(performance.now() - startedAt);
	}
	return median(times);
}
