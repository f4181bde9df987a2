/**
 * What the device's work costs as rv32 instructions, beside peers and budgets.
 *
 * A piece of work is done once, then several times more in another turn of the machine: the difference is what it costs,
 * without the command and without what is made ready before it.
 * @module
 */
import { type HeapSizes, type XsEngine, XsGuest } from "../xs/index.js";
import { ownProgram, peerProgram } from "./guests.js";
import { type Row, row } from "./rows.js";
import { requireRight, workInput } from "./work-input.js";
import { type BenchEngines, benchPorts, type Progress } from "./world.js";

/** Slots of a machine in which a signature is measured, most of them free. */
const SLOTS = 10_000;
/**
 * Of a heap's kibibytes of chunks so many are the engine's and the code's, which on the device is in flash: what is left
 * is what key and signature may take.
 */
const LOADED_KIBIBYTES = 19;

/** Instructions that a signature may cost, by kibibytes of heap. */
const BUDGETS = [
	{ kibibytes: 256, rsa: 165_000_000, ed25519: 12_000_000 },
	{ kibibytes: 64, rsa: 220_000_000, ed25519: 20_000_000 },
] as const;

/** Chunks that a signature may take in the more ample of the two. */
const AMPLE = growthOf(256);

/** Times a small piece of work is done, so that a single growth of something does not decide. */
const ROUNDS = 8;

export async function benchInstructions({ rv32 }: BenchEngines, progress: Progress): Promise<Row[]> {
	const bench = new InstructionBench(rv32, progress);
	// Two at a time: the slow peers beside our own.
	const [own, peers] = await Promise.all([ownCosts(bench), peerCosts(bench)]);
	return [...signingRows(own, peers), ...wireRows(own, peers)];
}

interface SigningCost {
	readonly rsa: number;
	readonly blinded: number;
	readonly ed25519: number;
}

interface WireCosts {
	readonly sha256: number;
	readonly base64: number;
	readonly username: number;
	readonly connectEncode: number;
	readonly connackDecode: number;
}

interface OwnCosts {
	/** In the order of {@link BUDGETS}. */
	readonly signing: readonly SigningCost[];
	readonly wire: WireCosts;
}

interface PeerCosts {
	/** At 256 KiB. */
	readonly rsa: number;
	readonly ed25519: number;
	readonly wire: WireCosts;
}

async function ownCosts(bench: InstructionBench): Promise<OwnCosts> {
	const signing: SigningCost[] = [];
	for (const { kibibytes } of BUDGETS) {
		const rsa = await bench.costs(
			await ownProgram("bench-rsa"),
			["rsa-sign", "rsa-sign-blinded"],
			1,
			growthOf(kibibytes),
		);
		const [ed25519] = await bench.costs(await ownProgram("bench-ed25519"), ["ed25519-sign"], 1, growthOf(kibibytes));
		signing.push({ rsa: rsa[0]!, blinded: rsa[1]!, ed25519: ed25519! });
	}
	const names = ["sha256", "base64", "username", "connect-encode", "connack-decode"];
	const [sha256, base64, username, connect, connack] = await bench.costs(await ownProgram("bench-wire"), names, ROUNDS);
	return { signing, wire: wireCosts(sha256!, base64!, username!, connect!, connack!) };
}

async function peerCosts(bench: InstructionBench): Promise<PeerCosts> {
	const [rsa] = await bench.costs(await ownProgram("bench-rsa-plain"), ["rsa-sign"], 1, AMPLE);
	const [ed25519] = await bench.costs(await peerProgram("bench-tweetnacl"), ["ed25519-sign"], 1, AMPLE);
	const [base64, username] = await bench.costs(await ownProgram("bench-wire-plain"), ["base64", "username"], ROUNDS);
	const [sha256] = await bench.costs(await peerProgram("bench-jsrsasign"), ["sha256"], 2);
	const mqtt = await bench.costs(await peerProgram("bench-mqtt-packet"), ["connect-encode", "connack-decode"], ROUNDS);
	return { rsa: rsa!, ed25519: ed25519!, wire: wireCosts(sha256!, base64!, username!, mqtt[0]!, mqtt[1]!) };
}

/** A CONNACK is decoded by a client that has sent a CONNECT: what that costs is taken off. */
function wireCosts(sha256: number, base64: number, username: number, connect: number, connack: number): WireCosts {
	return { sha256, base64, username, connectEncode: connect, connackDecode: connack - connect };
}

function signingRows(own: OwnCosts, peers: PeerCosts): Row[] {
	const rows = BUDGETS.flatMap(({ kibibytes, rsa, ed25519 }, index) => {
		const cost = own.signing[index]!;
		return [
			instructions(`RSA-2048 sign at ${kibibytes} KiB, beside the budget`, rsa, cost.rsa),
			instructions(`RSA-2048 sign at ${kibibytes} KiB, exponents blinded, beside the budget`, rsa, cost.blinded),
			instructions(`Ed25519 sign at ${kibibytes} KiB, beside the budget`, ed25519, cost.ed25519),
		];
	});
	const [ample] = own.signing;
	return [
		...rows,
		instructions("RSA-2048 sign at 256 KiB, beside plain BigInt with %", peers.rsa, ample!.rsa),
		instructions("Ed25519 sign at 256 KiB, beside tweetnacl", peers.ed25519, ample!.ed25519),
	];
}

function wireRows({ wire: own }: OwnCosts, { wire: peer }: PeerCosts): Row[] {
	return [
		instructions("SHA-256 of 1 KiB, the way to the digest port, beside jsrsasign's CryptoJS", peer.sha256, own.sha256),
		instructions("base64 of 256 bytes, beside a plain +=", peer.base64, own.base64),
		instructions("username, beside bare encodeURIComponent", peer.username, own.username),
		instructions("CONNECT encoded, beside mqtt-packet", peer.connectEncode, own.connectEncode),
		instructions("CONNACK decoded, beside mqtt-packet", peer.connackDecode, own.connackDecode),
	];
}

function growthOf(kibibytes: number): number {
	return (kibibytes - LOADED_KIBIBYTES) * 1024;
}

function instructions(name: string, baseline: number, ours: number): Row {
	return row(name, "instructions", baseline, ours);
}

class InstructionBench {
	private readonly engine: XsEngine;
	private readonly progress: Progress;

	constructor(engine: XsEngine, progress: Progress) {
		this.engine = engine;
		this.progress = progress;
	}

	/**
	 * What each of the named pieces of work costs, all in one machine, one after the other.
	 * @param growth bytes of chunks that they may take; when omitted nothing is ever collected.
	 */
	async costs(program: string, names: readonly string[], rounds: number, growth?: number): Promise<number[]> {
		const heap = growth === undefined ? {} : { slots: SLOTS, chunkBytes: (await this.loaded(program)) + growth };
		const guest = await this.start(program, heap);
		try {
			const costs: number[] = [];
			for (const name of names) {
				this.progress(`rv32: ${name}`);
				const first = await this.instructionsOf(guest, name, 1);
				const more = await this.instructionsOf(guest, name, rounds + 1);
				costs.push((more - first) / rounds);
			}
			return costs;
		} finally {
			await guest.close();
		}
	}

	/** Bytes of chunks that the engine and the loaded program hold: on the device they are in flash. */
	private async loaded(program: string): Promise<number> {
		const guest = await this.start(program, {});
		try {
			return (await guest.machine.measure()).chunkBytes;
		} finally {
			await guest.close();
		}
	}

	private start(program: string, heap: Partial<HeapSizes>): Promise<XsGuest> {
		const world = { ports: benchPorts(), onEvent: () => {}, onError: () => {} };
		return XsGuest.start({ engine: this.engine, program, heap, ...world });
	}

	private async instructionsOf(guest: XsGuest, name: string, rounds: number): Promise<number> {
		requireRight(name, await guest.run("work", { name, rounds, input: workInput(name) }));
		return (await guest.machine.measure()).instructions!;
	}
}
