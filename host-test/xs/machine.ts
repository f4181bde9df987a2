/**
 * One XS machine in a process of its own, driven from Node: programs and commands in, answers out, in order.
 *
 * The machine answers one request at a time. While the guest waits in a host call the whole machine stands still,
 * so the call is synchronous to the guest and may be asynchronous here.
 * @module
 */
import type { XsEngine } from "./engine/engine.js";
import { encodeFrame, type Frame, FrameReader } from "./frames.js";
import { errorOfExit, XsException, XsMachineError } from "./machine-error.js";
import { type Bytecode, bytecodeOf, type Meter, meterOf } from "./machine-meter.js";
import { type MachineEnd, type MachineProcess, startNative } from "./machine-process.js";
import { startEmulated } from "./machine-qemu.js";

/** The sizes a machine is created with (`xsCreation`). Both heaps are fixed, as on the device: full is full. */
export interface HeapSizes {
	/** Bytes for strings, buffers, BigInts, bytecode: the chunk heap. */
	readonly chunkBytes: number;
	/** Slots for objects and properties: 32 bytes each in a 64-bit engine, 16 on the device. */
	readonly slots: number;
	/** The XS stack, in slots. */
	readonly stackSlots: number;
	/** Memory of the compiler, outside of the heap; bounds the longest string literal. */
	readonly parserBytes: number;
}

/** Room for any program of this project. To see what less would do, {@link XsMachine.cap} it after loading. */
const GENEROUS_HEAP: HeapSizes = {
	chunkBytes: 16 * 1024 * 1024,
	slots: 128 * 1024,
	stackSlots: 4096,
	parserBytes: 2 * 1024 * 1024,
};

/** How much the heap may still grow: {@link XsMachine.cap}. */
export interface Allowance {
	readonly chunkBytes: number;
	readonly slots: number;
}

export interface XsMachineOptions {
	readonly engine: XsEngine;
	/** What differs from {@link GENEROUS_HEAP}. */
	readonly heap?: Partial<HeapSizes> | undefined;
	/** XS opcodes that one request may run (default 2,000,000,000: some ten seconds, emulated some minutes), then the machine ends. */
	readonly opcodeLimit?: number | undefined;
	/** Whether rv32 is to count its instructions exactly (default true), for which it takes a quarter more time. */
	readonly countsInstructions?: boolean | undefined;
	/** Answers `host.call(ArrayBuffer)` of the guest; what it throws is thrown there, as a RangeError or an Error. */
	readonly onHostCall?: ((bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>) | undefined;
}

interface Request {
	readonly frame: Uint8Array;
	readonly resolve: (bytes: Uint8Array) => void;
	readonly reject: (error: Error) => void;
}

const NOTHING = new Uint8Array(0);

export class XsMachine {
	private readonly process: MachineProcess;
	private readonly onHostCall: NonNullable<XsMachineOptions["onHostCall"]>;
	private readonly ended: Promise<void>;
	private readonly reader = new FrameReader();
	/** The first one is with the engine. */
	private readonly requests: Request[] = [];
	private rejections: string[] = [];
	private failure: XsMachineError | undefined;

	/**
	 * Starts the process and creates the machine in it.
	 * @throws {XsMachineError} `not-started`, or `memory-full` where the sizes are too small for the built-ins.
	 */
	static async start(options: XsMachineOptions): Promise<XsMachine> {
		const machine = new XsMachine(options, await startProcess(options));
		const heap = { ...GENEROUS_HEAP, ...options.heap };
		const sizes = [heap.chunkBytes, heap.slots, heap.stackSlots, heap.parserBytes];
		await machine.request("i", Buffer.from([...sizes, options.opcodeLimit ?? 2_000_000_000].join(" ")));
		return machine;
	}

	private constructor(options: XsMachineOptions, process: MachineProcess) {
		this.onHostCall = options.onHostCall ?? refuseHostCall;
		this.process = process;
		// A machine that dies while it is written to breaks the pipe; the end of the process says why.
		process.input.on("error", () => undefined);
		process.output.on("data", (chunk: Uint8Array) => this.take(chunk));
		this.ended = process.ended.then((end) => this.fail(errorOfEnd(end)));
	}

	/**
	 * Runs a program in the machine's global scope.
	 * @returns its completion value as text, for people: NUL and lone surrogates come as U+FFFD.
	 * @throws {XsException} when it throws or leaves a rejected promise.
	 * @throws {XsMachineError} when the machine ends.
	 */
	async evaluate(source: string): Promise<string> {
		return textOf(await this.request("e", Buffer.from(source)));
	}

	/**
	 * Calls the guest's global `handleCommand(ArrayBuffer)`, which must return an ArrayBuffer.
	 * @throws as {@link evaluate}.
	 */
	command(bytes: Uint8Array): Promise<Uint8Array> {
		return this.request("?", bytes);
	}

	/** Collects garbage, then tells the memory in use. */
	async measure(): Promise<Meter> {
		return meterOf(textOf(await this.request("g", NOTHING)));
	}

	/**
	 * Compiles a source text, runs nothing of it, and tells its size as bytecode. A module's imports are not looked for.
	 * @throws {XsException} where it does not compile.
	 */
	async bytecode(source: string, kind: "program" | "module"): Promise<Bytecode> {
		return bytecodeOf(textOf(await this.request(kind === "module" ? "m" : "b", Buffer.from(source))));
	}

	/** From now on the peaks of {@link measure} are those since this moment. */
	async resetPeaks(): Promise<void> {
		await this.request("p", NOTHING);
	}

	/**
	 * Lets the heap grow by no more than this above what it holds now; beyond it the machine ends, `memory-full`.
	 * Can be called again with less. The slots it takes out of use count as used in {@link measure}.
	 * @throws {XsException} where less than that is free.
	 */
	async cap(allowance: Allowance): Promise<void> {
		await this.request("c", Buffer.from(`${allowance.chunkBytes} ${allowance.slots}`));
	}

	/** Ends the machine; requests not answered yet are rejected with code `closed`. Any number of times. */
	async close(): Promise<void> {
		this.fail(new XsMachineError("closed", "closed"));
		this.process.stop();
		await this.ended;
	}

	private request(kind: string, bytes: Uint8Array): Promise<Uint8Array> {
		return new Promise((resolve, reject) => {
			if (this.failure !== undefined) return reject(this.failure);
			this.requests.push({ frame: encodeFrame(kind, bytes), resolve, reject });
			if (this.requests.length === 1) this.sendFirst();
		});
	}

	private sendFirst(): void {
		const first = this.requests[0];
		if (first !== undefined) this.process.input.write(first.frame);
	}

	private take(chunk: Uint8Array): void {
		let frames: Frame[] = [];
		try {
			frames = this.reader.push(chunk);
		} catch (error) {
			this.fail(new XsMachineError("crashed", `not understood: ${(error as Error).message}`));
			this.process.kill();
		}
		for (const frame of frames) {
			if (frame.kind === "?") void this.answerHostCall(frame.bytes);
			else if (frame.kind === "~") this.rejections.push(textOf(frame.bytes));
			else this.settleFirst(frame);
		}
	}

	private async answerHostCall(bytes: Uint8Array): Promise<void> {
		let frame: Uint8Array;
		try {
			frame = encodeFrame("/", await this.onHostCall(bytes));
		} catch (error) {
			const kind = error instanceof RangeError ? "<" : "|";
			frame = encodeFrame(kind, Buffer.from(error instanceof Error ? error.message : String(error)));
		}
		if (this.failure === undefined) this.process.input.write(frame);
	}

	private settleFirst(frame: Frame): void {
		const first = this.requests.shift();
		const rejections = this.rejections.splice(0);
		if (frame.kind === "!")
			first?.reject(new XsException("exception", [textOf(frame.bytes), ...rejections].join("\n")));
		else if (rejections.length > 0) first?.reject(new XsException("unhandled-rejection", rejections.join("\n")));
		else first?.resolve(frame.bytes);
		this.sendFirst();
	}

	/** The first reason stands. */
	private fail(failure: XsMachineError): void {
		this.failure ??= failure;
		for (const request of this.requests.splice(0)) request.reject(this.failure);
	}
}

async function startProcess({ engine, countsInstructions = true }: XsMachineOptions): Promise<MachineProcess> {
	const { target, program } = engine;
	if (target !== "rv32") return startNative(program);
	try {
		return await startEmulated(program, countsInstructions);
	} catch (error) {
		throw new XsMachineError("not-started", (error as Error).message);
	}
}

function errorOfEnd(end: MachineEnd): XsMachineError {
	if ("notStarted" in end) return new XsMachineError("not-started", end.notStarted.message);
	return errorOfExit(end.exitCode, end.signal);
}

function refuseHostCall(): never {
	throw new Error("host.call: this machine was started without onHostCall");
}

function textOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString();
}
