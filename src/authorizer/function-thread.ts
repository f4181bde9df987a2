/**
 * One warm thread of a local function, with the calls that are under way in it.
 * @module
 */
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { AuthorizerEvent } from "./event.js";
import { FunctionError } from "./function.js";
import type { WorkerCall, WorkerReply, WorkerStart } from "./function-runtime.js";

export interface ThreadOptions {
	/** Told of each line that the function prints to stdout or stderr. */
	readonly log: (line: string) => void;
	/** Memory of the function in MB. */
	readonly memory: number;
}

interface PendingCall {
	readonly resolve: (answer: unknown) => void;
	readonly reject: (error: FunctionError) => void;
	readonly timer: NodeJS.Timeout;
}

/** The thread does not keep the process alive; a call under way does. */
export class FunctionThread {
	/** Settles when the thread is gone. */
	readonly ended: Promise<void>;
	private readonly worker: Worker;
	private readonly calls = new Map<number, PendingCall>();
	private lastId = 0;
	private retired = false;

	constructor(file: string, { log, memory }: ThreadOptions) {
		this.worker = new Worker(new URL("./function-worker.js", import.meta.url), {
			execArgv: [],
			workerData: { module: pathToFileURL(file).href } satisfies WorkerStart,
			resourceLimits: { maxOldGenerationSizeMb: memory },
			stdout: true,
			stderr: true,
		});
		this.worker.unref();
		for (const output of [this.worker.stdout, this.worker.stderr]) readLines(output, log);
		this.worker.on("message", (reply: WorkerReply) => this.settle(reply));
		this.worker.on("error", (error) => this.failAll(error.name, error.message));
		this.ended = new Promise((resolve) => {
			this.worker.on("exit", (code) => {
				this.failAll("Runtime.ExitError", `the function's thread ended with exit code ${code}`);
				resolve();
			});
		});
	}

	/** Whether new calls may go to this thread. */
	get accepting(): boolean {
		return !this.retired;
	}

	/** @param timeout milliseconds. A call that takes longer retires the thread: what hangs in it may hang for ever. */
	call(event: AuthorizerEvent, timeout: number): Promise<unknown> {
		const id = ++this.lastId;
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.calls.delete(id);
				reject(new FunctionError("function-timed-out", "Sandbox.Timedout", `no answer within ${timeout} ms`));
				this.retire();
			}, timeout);
			this.calls.set(id, { resolve, reject, timer });
			this.worker.postMessage({ id, event } satisfies WorkerCall);
		});
	}

	/** Fails what is under way and ends the thread. */
	async end(): Promise<void> {
		this.failAll("Runtime.ExitError", "the function was closed");
		await this.worker.terminate();
	}

	private settle(reply: WorkerReply): void {
		const call = this.calls.get(reply.id);
		if (call === undefined) return; // It answers after its time was up.
		this.forget(reply.id, call);
		if ("json" in reply) call.resolve(JSON.parse(reply.json));
		else call.reject(new FunctionError(reply.code, reply.errorType, reply.errorMessage));
	}

	/** Calls under way have their own time to end in; the thread goes with the last of them. */
	private retire(): void {
		this.retired = true;
		if (this.calls.size === 0) void this.worker.terminate();
	}

	private failAll(errorType: string, errorMessage: string): void {
		for (const [id, call] of this.calls) {
			this.forget(id, call);
			call.reject(new FunctionError("function-crashed", errorType, errorMessage));
		}
		this.retire();
	}

	private forget(id: number, call: PendingCall): void {
		clearTimeout(call.timer);
		this.calls.delete(id);
		if (this.retired) this.retire();
	}
}

function readLines(output: Readable, log: (line: string) => void): void {
	createInterface({ input: output }).on("line", log);
}
