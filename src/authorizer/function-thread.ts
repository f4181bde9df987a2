/**
 * One warm thread of a local function, with the calls that are under way in it.
 * @module
 */
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { AuthorizerEvent } from "./event.js";
import { FunctionError, wordsOf } from "./function.js";
import type { RuntimeCall, RuntimeMessage, RuntimeStart } from "./function-runtime.js";

export interface ThreadOptions {
	/** Told of each line that the function prints to stdout or stderr. */
	readonly log: (line: string) => void;
	/** Memory of the function in MB. */
	readonly memory: number;
}

interface PendingCall {
	readonly resolve: (answer: unknown) => void;
	readonly reject: (error: FunctionError) => void;
	/** Milliseconds it may take once the module is loaded. */
	readonly timeout: number;
	timer: NodeJS.Timeout;
}

/** Milliseconds for loading the module: AWS Lambda's init phase, which a call does not pay for (AWS Lambda Developer Guide). */
const INIT_TIMEOUT = 10_000;

/** The thread itself does not keep the process alive; a call under way does. */
export class FunctionThread {
	/** Settles when the thread is gone. */
	readonly ended: Promise<void>;
	private readonly worker: Worker;
	private readonly log: (line: string) => void;
	private readonly calls = new Map<number, PendingCall>();
	private lastId = 0;
	private retired = false;
	private ready = false;

	constructor(file: string, { log, memory }: ThreadOptions) {
		this.log = log;
		this.worker = new Worker(new URL("./function-worker.js", import.meta.url), {
			execArgv: [],
			workerData: { module: pathToFileURL(file).href } satisfies RuntimeStart,
			resourceLimits: { maxOldGenerationSizeMb: memory },
		});
		this.worker.on("message", (message: RuntimeMessage) => this.receive(message));
		this.worker.on("error", (thrown: unknown) => {
			const { errorType, errorMessage } = wordsOf(thrown);
			this.failAll(errorType, errorMessage);
		});
		this.ended = new Promise((resolve) => {
			this.worker.on("exit", (code) => {
				this.failAll("Runtime.ExitError", `the function's thread ended with exit code ${code}`);
				resolve();
			});
		});
		this.worker.unref(); // Last: adding a listener for messages takes it back (Node 20).
	}

	/** Whether new calls may go to this thread. */
	get accepting(): boolean {
		return !this.retired;
	}

	/**
	 * @param timeout milliseconds, from the moment the module is loaded. A call that takes longer retires the thread: what
	 * hangs in it may hang for ever.
	 */
	call(event: AuthorizerEvent, timeout: number): Promise<unknown> {
		const id = ++this.lastId;
		return new Promise((resolve, reject) => {
			const timer = this.limit(id, this.ready ? timeout : INIT_TIMEOUT);
			this.calls.set(id, { resolve, reject, timeout, timer });
			this.worker.postMessage({ id, event } satisfies RuntimeCall);
		});
	}

	private limit(id: number, milliseconds: number): NodeJS.Timeout {
		return setTimeout(() => {
			this.take(id)?.reject(
				new FunctionError("function-timed-out", "Sandbox.Timedout", `no answer in ${milliseconds} ms`),
			);
			this.retire();
		}, milliseconds);
	}

	/** From here on the calls that waited for the module have their own time. */
	private loaded(): void {
		this.ready = true;
		for (const [id, call] of this.calls) {
			clearTimeout(call.timer);
			call.timer = this.limit(id, call.timeout);
		}
	}

	/** Takes no new calls. Those under way have their own time to end in, and the thread goes with the last of them. */
	retire(): void {
		this.retired = true;
		if (this.calls.size === 0) void this.worker.terminate();
	}

	/** Fails what is under way and ends the thread. */
	async end(): Promise<void> {
		this.failAll("Runtime.ExitError", "the function was closed");
		await this.worker.terminate();
	}

	/** The function's own code can post messages as well: what is none of the runtime's is not looked at. */
	private receive(message: RuntimeMessage | null | undefined): void {
		switch (message?.kind) {
			case "ready":
				this.loaded();
				break;
			case "line":
				this.log(message.line);
				break;
			case "answer":
				this.take(message.id)?.resolve(JSON.parse(message.json));
				this.settled();
				break;
			case "failure":
				this.take(message.id)?.reject(new FunctionError(message.code, message.errorType, message.errorMessage));
				this.settled();
				break;
		}
	}

	private settled(): void {
		if (this.retired) this.retire();
	}

	/** The call, taken off the list; undefined where its time was up before the answer came. */
	private take(id: number): PendingCall | undefined {
		const call = this.calls.get(id);
		clearTimeout(call?.timer);
		this.calls.delete(id);
		return call;
	}

	private failAll(errorType: string, errorMessage: string): void {
		for (const id of [...this.calls.keys()]) {
			this.take(id)?.reject(new FunctionError("function-crashed", errorType, errorMessage));
		}
		this.retire();
	}
}
