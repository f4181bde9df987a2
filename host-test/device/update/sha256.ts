/**
 * SHA-256 (FIPS 180-4) in TypeScript, piece by piece, for cases: where the device's own C is not there is no other. Slow
 * and plain on purpose.
 * @module
 */
import type { Hash } from "../../../src/device/ports.js";

const BLOCK = 64;

export class TestSha256 implements Hash {
	private readonly state: Uint32Array;
	private readonly constants: Uint32Array;
	private readonly block = new Uint8Array(BLOCK);
	private length = 0;
	private isOver = false;

	constructor() {
		const primes = firstPrimes(64);
		// Sections 4.2.2 and 5.3.3: 32 bits of the fractions of the primes' roots.
		this.constants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
		this.state = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
	}

	update(data: Uint8Array): void {
		if (this.isOver) throw new TypeError("sha256: the digest was taken");
		for (const byte of data) {
			this.block[this.length++ % BLOCK] = byte;
			if (this.length % BLOCK === 0) this.compress();
		}
	}

	digest(): Uint8Array {
		const bits = 8 * this.length;
		this.update(Uint8Array.of(0x80));
		while (this.length % BLOCK !== BLOCK - 8) this.update(Uint8Array.of(0));
		this.update(bigEndian([0, bits]));
		this.isOver = true;
		return bigEndian([...this.state]);
	}

	/** Section 6.2.2. */
	private compress(): void {
		const view = new DataView(this.block.buffer);
		const words = new Uint32Array(BLOCK);
		for (let i = 0; i < 16; i++) words[i] = view.getUint32(4 * i);
		for (let i = 16; i < 64; i++) {
			const old = words[i - 15]!;
			const recent = words[i - 2]!;
			const mixed =
				(turn(old, 7) ^ turn(old, 18) ^ (old >>> 3)) + (turn(recent, 17) ^ turn(recent, 19) ^ (recent >>> 10));
			words[i] = words[i - 16]! + words[i - 7]! + mixed;
		}
		let [a, b, c, d, e, f, g, h] = [...this.state] as [number, number, number, number, number, number, number, number];
		for (let i = 0; i < 64; i++) {
			const choice = (e & f) ^ (~e & g);
			const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + this.constants[i]! + words[i]!;
			const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
			[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) >>> 0, c, b, a, (first + second) >>> 0];
		}
		[a, b, c, d, e, f, g, h].forEach((word, i) => {
			this.state[i] = this.state[i]! + word;
		});
	}
}

/** The digest of one piece. */
export function sha256Of(data: Uint8Array): Uint8Array {
	const hash = new TestSha256();
	hash.update(data);
	return hash.digest();
}

function turn(word: number, by: number): number {
	return (word >>> by) | (word << (32 - by));
}

function fraction(root: number): number {
	return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

function firstPrimes(count: number): number[] {
	const primes: number[] = [];
	for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
	return primes;
}

function bigEndian(words: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(4 * words.length);
	const view = new DataView(bytes.buffer);
	words.forEach((word, i) => {
		view.setUint32(4 * i, word);
	});
	return bytes;
}
