/**
 * The engine in a process of its own (`driver/driver.c`), built with the address and undefined-behaviour sanitizers.
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { TLS_FAILURE, type TlsFailureName } from "../../src/firmware/native/tls-failure.js";
import { ensureProgram } from "./programs.js";

export interface EngineOptions {
	readonly serverName: string;
	readonly alpn: readonly string[];
	/** DER. */
	readonly roots: readonly Buffer[];
	/** The engine keeps pointers to the roots and does not copy them. */
	readonly lastingRoots?: boolean | undefined;
	/** This allocation, counted from the engine's first, finds no memory; 0 or left out: none. */
	readonly failAllocation?: number | undefined;
}

/** What the engine says of itself after a request. */
export interface EngineState {
	/** One of `TLS_STATE`. */
	readonly state: number;
	/** `none` or a failure's name. */
	readonly failure: "none" | TlsFailureName;
	readonly alert: number;
	readonly depth: number;
	readonly readable: number;
	readonly writable: number;
	readonly pending: number;
	/** Allocations since the engine was made. */
	readonly allocations: number;
	/** Bytes on the heap, and the most there were since the engine was made. */
	readonly heapBytes: number;
	readonly heapBytesPeak: number;
	readonly version: string;
	readonly cipherSuite: string;
	readonly protocol: string;
	/** Such as `mbedtls 2.28.3`. */
	readonly library: string;
}

interface Answer {
	readonly number: number;
	readonly bytes: Buffer;
	readonly state: EngineState;
}

const failureNames = new Map<number, "none" | TlsFailureName>(
	Object.entries(TLS_FAILURE).map(([name, number]) => [number, name as "none" | TlsFailureName]),
);

/** One engine at a time; requests are answered in order. */
export class NativeEngine {
	private readonly process: ChildProcessWithoutNullStreams;
	private readonly waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
	private received: Buffer = Buffer.alloc(0);
	private said = "";
	private ended: Error | undefined;
	private latest: EngineState | undefined;

	private constructor(program: string) {
		this.process = spawn(program, [], { stdio: ["pipe", "pipe", "pipe"] });
		this.process.stdout.on("data", (chunk: Buffer) => this.take(chunk));
		this.process.stderr.setEncoding("utf8").on("data", (text: string) => {
			this.said += text;
		});
		// EPIPE after its end, which `close` tells better.
		this.process.stdin.on("error", () => undefined);
		this.process.once("error", (error) => this.end(error));
		this.process.once("close", (code) => this.end(new Error(`the driver ended with ${code}: ${this.said}`)));
	}

	/** @throws {NativeUnavailableError} where it cannot be built. */
	static async start(): Promise<NativeEngine> {
		return new NativeEngine(await ensureProgram("driver"));
	}

	/** As {@link start}, for an engine that says the same each time: see {@link repeat}. */
	static async startRepeatable(): Promise<NativeEngine> {
		return new NativeEngine(await ensureProgram("repeatable-driver"));
	}

	/** Begins the random numbers of a repeatable engine anew and sets its clock, in seconds since 1970. */
	async repeat(time: number): Promise<void> {
		await this.ask("t", u32(time));
	}

	/** As the last answer told. */
	get state(): EngineState {
		if (this.latest === undefined) throw new Error("no request was answered yet");
		return this.latest;
	}

	/** Makes an engine in place of the one before. */
	async create(options: EngineOptions): Promise<EngineState> {
		const parts: Buffer[] = [u32(options.failAllocation ?? 0), u8(options.lastingRoots === true ? 1 : 0)];
		const put = (bytes: Buffer) => parts.push(u32(bytes.length), bytes);
		put(Buffer.from(options.serverName));
		parts.push(u8(options.alpn.length));
		for (const name of options.alpn) put(Buffer.from(name));
		parts.push(u8(options.roots.length));
		for (const root of options.roots) put(root);
		return (await this.ask("n", Buffer.concat(parts))).state;
	}

	/** @returns how many bytes it took. */
	async receive(bytes: Uint8Array): Promise<number> {
		return (await this.ask("r", bytes)).number;
	}

	/** @returns how many bytes it took. */
	async send(bytes: Uint8Array): Promise<number> {
		return (await this.ask("s", bytes)).number;
	}

	async produced(limit = 65_536): Promise<Buffer> {
		return (await this.ask("p", u32(limit))).bytes;
	}

	async plain(limit = 65_536): Promise<Buffer> {
		return (await this.ask("l", u32(limit))).bytes;
	}

	async tcpEnded(): Promise<void> {
		await this.ask("e");
	}

	async closeNotify(): Promise<void> {
		await this.ask("c");
	}

	/** Frees the engine; what is asked of it later is answered as a failed one would. */
	async close(): Promise<void> {
		await this.ask("x");
	}

	/** @returns the status of `rsa_sign.h` (0: done) and the signature. */
	async sign(pkcs1: Buffer, message: Buffer): Promise<{ status: number; signature: Buffer }> {
		const { number, bytes } = await this.ask("k", Buffer.concat([u32(pkcs1.length), pkcs1, message]));
		return { status: number, signature: bytes };
	}

	async digest(algorithm: "sha256" | "sha512", data: Uint8Array): Promise<Buffer> {
		return checked((await this.ask(algorithm === "sha256" ? "h" : "H", data)).bytes);
	}

	/**
	 * Begins a SHA-256 that is fed piece by piece, in place of the one before.
	 * @param failAllocation this allocation finds no memory, counted from here; 0: none.
	 * @returns whether it could begin.
	 */
	async hashBegin(failAllocation = 0): Promise<boolean> {
		return (await this.ask("b", u32(failAllocation))).number === 1;
	}

	/** @returns whether it took the bytes. */
	async hashUpdate(data: Uint8Array): Promise<boolean> {
		return (await this.ask("u", data)).number === 1;
	}

	/** @throws {Error} where there is no digest. */
	async hashFinish(): Promise<Buffer> {
		return checked((await this.ask("f")).bytes);
	}

	/** Frees it, finished or not. */
	async hashClose(): Promise<void> {
		await this.ask("d");
	}

	async random(count: number): Promise<Buffer> {
		return checked((await this.ask("g", u32(count))).bytes);
	}

	/** Whether a certificate's DNS name stands for `serverName`. */
	async nameMatches(serverName: string, presented: Uint8Array): Promise<boolean> {
		const name = Buffer.from(serverName);
		return (await this.ask("m", Buffer.concat([u32(name.length), name, presented]))).number === 1;
	}

	/**
	 * Ends the process in its own time, so that the sanitizers look for leaks.
	 * @throws {Error} with what they found.
	 */
	async stop(): Promise<void> {
		this.process.stdin.end();
		if (this.ended === undefined) await once(this.process, "close");
		if (this.process.exitCode !== 0) throw this.ended ?? new Error("the driver did not end well");
	}

	private ask(kind: string, bytes: Uint8Array = Buffer.alloc(0)): Promise<Answer> {
		return new Promise((resolve, reject) => {
			if (this.ended !== undefined) {
				reject(this.ended);
				return;
			}
			this.waiting.push({ resolve, reject });
			this.process.stdin.write(Buffer.concat([u32(bytes.length + 1), Buffer.from(kind), bytes]));
		});
	}

	private take(chunk: Buffer): void {
		this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
		while (this.received.length >= 4 && this.received.length >= 4 + this.received.readUInt32BE(0)) {
			const end = 4 + this.received.readUInt32BE(0);
			const answer = readAnswer(this.received.subarray(4, end));
			this.received = this.received.subarray(end);
			this.latest = answer.state;
			this.waiting.shift()?.resolve(answer);
		}
	}

	private end(error: Error): void {
		this.ended ??= error;
		for (const { reject } of this.waiting.splice(0)) reject(error);
	}
}

function readAnswer(frame: Buffer): Answer {
	const length = frame.readUInt32BE(frame.length - 4);
	const state = frame.subarray(length, -4);
	let at = 34;
	const text = () => {
		const end = at + 1 + state[at]!;
		const value = state.toString("utf8", at + 1, end);
		at = end;
		return value;
	};
	return {
		number: frame.readUInt32BE(0),
		bytes: Buffer.from(frame.subarray(4, length)),
		state: {
			state: state[0]!,
			failure: failureNames.get(state[1]!)!,
			alert: state.readInt32BE(2),
			depth: state.readInt32BE(6),
			readable: state.readUInt32BE(10),
			writable: state.readUInt32BE(14),
			pending: state.readUInt32BE(18),
			allocations: state.readUInt32BE(22),
			heapBytes: state.readUInt32BE(26),
			heapBytesPeak: state.readUInt32BE(30),
			version: text(),
			cipherSuite: text(),
			protocol: text(),
			library: text(),
		},
	};
}

/** Bytes whose last one says whether the call succeeded. */
function checked(bytes: Buffer): Buffer {
	if (bytes[bytes.length - 1] !== 1) throw new Error("the library refused");
	return bytes.subarray(0, -1);
}

function u8(value: number): Buffer {
	return Buffer.from([value]);
}

function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}
