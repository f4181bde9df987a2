/**
 * One warm process of a local function: its start, what it says, its end.
 * @module
 */
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { CurrentCall } from "./current-call.js";
import { FUNCTION_INIT_TIMEOUT, FunctionError, functionClosed, wordsOf } from "./function.js";
import { readRuntimeMessage } from "./function-message-reader.js";
import { LONGEST_LINE, LONGEST_MESSAGE, type RuntimeCall, type RuntimeStart } from "./function-messages.js";
import type { PooledProcess } from "./function-pool.js";
import { killFunction, type SpawnedFunction, spawnFunction } from "./function-spawn.js";
import { LineReader } from "./line-reader.js";

export interface FunctionProcessOptions {
	readonly start: RuntimeStart;
	/** The function's own variables. */
	readonly environment: Readonly<Record<string, string>>;
	/** Told of each line that the function prints to stdout or stderr. */
	readonly log: (line: string) => void;
}

interface LastWords {
	readonly errorType: string;
	readonly errorMessage: string;
}

/** What V8 prints when its heap is full, before it aborts. */
const HEAP_FULL = "heap out of memory";

/** Takes one call at a time. The process does not keep Latchkey's alive; a call under way does. */
export class FunctionProcess implements PooledProcess {
	readonly ended: Promise<void>;
	private readonly child: ChildProcess;
	private readonly messages: Socket;
	private readonly memory: number;
	private readonly log: (line: string) => void;
	private readonly current = new CurrentCall(FUNCTION_INIT_TIMEOUT, () => void this.retire());
	private retired = false;
	private gone = false;
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
			this.current.fail(new FunctionError("function-crashed", errorType, errorMessage));
		});
	}

	get accepting(): boolean {
		return !this.retired;
	}

	get free(): boolean {
		return !(this.retired || this.current.underWay);
	}

	get loading(): boolean {
		return !this.current.loaded;
	}

	/**
	 * @param timeout milliseconds, from the moment the module is loaded. A call that takes longer retires the process: what
	 * hangs in it may hang for ever.
	 * @throws {FunctionError}
	 */
	call(event: unknown, timeout: number): Promise<unknown> {
		return this.current.begin(timeout, (id) => {
			this.messages.write(`${messageOf({ id, timeout, event })}\n`);
		});
	}

	/**
	 * Takes no new calls. The one under way has its own time to end in, and the process goes with it.
	 * @returns settles when the process is gone.
	 */
	retire(): Promise<void> {
		this.retired = true;
		if (!this.current.underWay) this.kill();
		return this.ended;
	}

	end(): Promise<void> {
		this.current.fail(functionClosed());
		return this.retire();
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

	/** The function's own code can write to the pipe as well: what makes no sense ends the process and nothing else. */
	private receive(line: string, cut: boolean): void {
		const message = cut ? undefined : readRuntimeMessage(line);
		if (message === undefined) this.breach();
		else if (message.kind === "line") this.log(message.line);
		else if (message.kind === "crash") this.lastWords ??= message;
		else if (!this.current.take(message)) this.breach();
		else if (this.retired) void this.retire();
	}

	private breach(): void {
		this.lastWords ??= { errorType: "Runtime.ExitError", errorMessage: "it wrote into a pipe that is not its own" };
		this.retired = true;
		this.kill();
	}

	/** Once it is gone its id may be somebody else's. Who waits for the end shall see it, so until then it keeps Latchkey's. */
	private kill(): void {
		if (this.gone) return;
		this.child.ref();
		killFunction(this.child);
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
