/**
 * One warm process of a local function, with the calls that are under way in it.
 * @module
 */
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { FunctionError, wordsOf } from "./function.js";
import {
	LONGEST_LINE,
	LONGEST_MESSAGE,
	type RuntimeCall,
	type RuntimeMessage,
	type RuntimeStart,
} from "./function-messages.js";
import { killFunction, type SpawnedFunction, spawnFunction } from "./function-spawn.js";
import { LineReader } from "./line-reader.js";

export interface FunctionProcessOptions {
	readonly start: RuntimeStart;
	/** The function's own variables. */
	readonly environment: Readonly<Record<string, string>>;
	/** Told of each line that the function prints to stdout or stderr. */
	readonly log: (line: string) => void;
}

interface PendingCall {
	readonly resolve: (answer: unknown) => void;
	readonly reject: (error: FunctionError) => void;
	/** Milliseconds it may take once the module is loaded. */
	readonly timeout: number;
	timer: NodeJS.Timeout;
}

interface LastWords {
	readonly errorType: string;
	readonly errorMessage: string;
}

/** Milliseconds for loading the module: AWS Lambda's init phase, which a call does not pay for (AWS Lambda Developer Guide). */
const INIT_TIMEOUT = 10_000;

/** What V8 prints when its heap is full, before it aborts. */
const HEAP_FULL = "heap out of memory";

/** The process does not keep Latchkey's alive; a call under way does. */
export class FunctionProcess {
	/** Settles when the process is gone. */
	readonly ended: Promise<void>;
	private readonly child: ChildProcess;
	private readonly messages: Socket;
	private readonly memory: number;
	private readonly log: (line: string) => void;
	private readonly calls = new Map<number, PendingCall>();
	private lastId = 0;
	private retired = false;
	private gone = false;
	private ready = false;
	/** Why it ends, where somebody said so; the first reason counts. */
	private lastWords: LastWords | undefined;

	/** @throws {FunctionError} where no process can be started. */
	constructor({ start, environment, log }: FunctionProcessOptions) {
		this.log = log;
		this.memory = start.memory;
		const spawned = spawnFunction(start, environment);
		this.child = spawned.child;
		this.messages = spawned.messages;
		this.listen(spawned);
		this.ended = new Promise((resolve) => {
			this.child.on("exit", () => {
				this.retired = true;
				this.kill(); // What it started and left behind would hold its pipes open.
				this.gone = true;
				resolve();
			});
		});
		this.child.on("close", (code: number | null, signal: NodeJS.Signals | null) => {
			const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
			const { errorType, errorMessage } = this.lastWords ?? {
				errorType: "Runtime.ExitError",
				errorMessage: `the function's process ${how}`,
			};
			this.failAll(errorType, errorMessage);
		});
	}

	/** Whether new calls may go to this process. */
	get accepting(): boolean {
		return !this.retired;
	}

	/**
	 * @param timeout milliseconds, from the moment the module is loaded. A call that takes longer retires the process: what
	 * hangs in it may hang for ever.
	 * @throws {FunctionError}
	 */
	call(event: unknown, timeout: number): Promise<unknown> {
		const id = ++this.lastId;
		return new Promise((resolve, reject) => {
			const line = `${messageOf({ id, timeout, event })}\n`;
			const timer = this.limit(id, this.ready ? timeout : INIT_TIMEOUT);
			this.calls.set(id, { resolve, reject, timeout, timer });
			this.messages.write(line);
		});
	}

	/** Takes no new calls. Those under way have their own time to end in, and the process goes with the last of them. */
	retire(): void {
		this.retired = true;
		if (this.calls.size === 0) this.kill();
	}

	/** Fails what is under way and ends the process. */
	async end(): Promise<void> {
		this.failAll("Runtime.ExitError", "the function was closed");
		this.child.ref(); // Who waits for the end shall see it.
		this.retire();
		await this.ended;
	}

	private listen({ messages, lifeline, stdout, stderr }: SpawnedFunction): void {
		const lines = new LineReader(LONGEST_MESSAGE, (line, cut) => this.receive(line, cut));
		messages.on("data", (chunk: Buffer) => lines.push(chunk));
		lifeline.on("data", () => this.outOfMemory());
		for (const stream of [stdout, stderr]) {
			const printed = new LineReader(LONGEST_LINE, (line, cut) => {
				if (line.includes(HEAP_FULL)) this.outOfMemory();
				this.log(cut ? `${line}...` : line);
			});
			stream.on("data", (chunk: Buffer) => printed.push(chunk));
			stream.on("end", () => printed.end());
		}
	}

	private outOfMemory(): void {
		this.lastWords ??= {
			errorType: "Runtime.OutOfMemory",
			errorMessage: `the function took more than its ${this.memory} MB of memory`,
		};
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

	/** The function's own code can write to the pipe as well: what makes no sense ends the process and nothing else. */
	private receive(line: string, cut: boolean): void {
		const message = cut ? undefined : readMessage(line);
		switch (message?.kind) {
			case "ready":
				this.loaded();
				break;
			case "line":
				this.log(message.line);
				break;
			case "answer":
				this.take(message.id)?.resolve(message.answer);
				this.settled();
				break;
			case "failure":
				this.take(message.id)?.reject(new FunctionError(message.code, message.errorType, message.errorMessage));
				this.settled();
				break;
			case "crash":
				this.lastWords ??= { errorType: message.errorType, errorMessage: message.errorMessage };
				break;
			default:
				this.lastWords ??= { errorType: "Runtime.ExitError", errorMessage: "it wrote into a pipe that is not its own" };
				this.kill();
		}
	}

	/** Once it is gone its id may be somebody else's. */
	private kill(): void {
		if (!this.gone) killFunction(this.child);
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
	}
}

/** A call as text; an event may be nested deeper than the stack is high. */
function messageOf(call: RuntimeCall): string {
	try {
		return JSON.stringify(call);
	} catch (error) {
		const { errorMessage } = wordsOf(error);
		throw new FunctionError("function-threw", "Runtime.UnmarshalError", `the event is no JSON: ${errorMessage}`);
	}
}

function readMessage(line: string): RuntimeMessage | null | undefined {
	try {
		return JSON.parse(line) as RuntimeMessage | null;
	} catch {
		return undefined; // The caller ends whoever wrote it.
	}
}
