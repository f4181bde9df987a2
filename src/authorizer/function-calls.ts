/**
 * The calls that are under way in the process of a local function, and their time.
 * @module
 */
import { FunctionError, type FunctionErrorCode } from "./function.js";
import type { RuntimeMessage } from "./function-messages.js";

/** What ends calls, or the time of their loading; the other messages are about no call. */
export type CallMessage = Extract<RuntimeMessage, { readonly kind: "ready" | "answer" | "failure" }>;

interface PendingCall {
	readonly resolve: (answer: unknown) => void;
	readonly reject: (error: FunctionError) => void;
	/** Milliseconds it may take once the module is loaded. */
	readonly timeout: number;
	timer: NodeJS.Timeout;
}

/** A call under way keeps Latchkey's process alive. */
export class FunctionCalls {
	private readonly initTimeout: number;
	private readonly onTimeout: () => void;
	private readonly underWay = new Map<number, PendingCall>();
	/** Ids of calls whose time was up; an answer to each may still come, and counts for nothing. */
	private readonly late = new Set<number>();
	private lastId = 0;
	private isLoaded = false;

	/**
	 * @param initTimeout milliseconds that a call waits for the module to be loaded.
	 * @param onTimeout told when the time of a call is up, after the call has failed.
	 */
	constructor(initTimeout: number, onTimeout: () => void) {
		this.initTimeout = initTimeout;
		this.onTimeout = onTimeout;
	}

	/** How many are under way. */
	get size(): number {
		return this.underWay.size;
	}

	/**
	 * @param timeout milliseconds, from the moment the module is loaded.
	 * @param send sends the call; what it throws fails the call.
	 * @throws {FunctionError}
	 */
	begin(timeout: number, send: (id: number) => void): Promise<unknown> {
		const id = ++this.lastId;
		return new Promise((resolve, reject) => {
			send(id);
			const timer = this.isLoaded ? this.limitCall(id, timeout) : this.limitLoading(id);
			this.underWay.set(id, { resolve, reject, timeout, timer });
		});
	}

	/** @returns false for what the process cannot mean: a module is loaded once, and a call that was made is answered once. */
	take(message: CallMessage): boolean {
		if (message.kind === "ready") return this.loaded();
		if (this.late.delete(message.id)) return true;
		const call = this.remove(message.id);
		if (call === undefined) return false;
		if (message.kind === "answer") call.resolve(message.answer);
		else call.reject(new FunctionError(message.code, message.errorType, message.errorMessage));
		return true;
	}

	/** Fails all that are under way, each with an error of its own. */
	fail(error: () => FunctionError): void {
		for (const id of [...this.underWay.keys()]) this.remove(id)?.reject(error());
	}

	/** From here on the calls that waited for the module have their own time. */
	private loaded(): boolean {
		if (this.isLoaded) return false;
		this.isLoaded = true;
		for (const [id, call] of this.underWay) {
			clearTimeout(call.timer);
			call.timer = this.limitCall(id, call.timeout);
		}
		return true;
	}

	private limitLoading(id: number): NodeJS.Timeout {
		const message = `the function's code was not loaded in ${this.initTimeout} ms`;
		return this.limit(id, this.initTimeout, "function-load-timed-out", message);
	}

	private limitCall(id: number, timeout: number): NodeJS.Timeout {
		return this.limit(id, timeout, "function-timed-out", `no answer in ${timeout} ms`);
	}

	private limit(id: number, milliseconds: number, code: FunctionErrorCode, message: string): NodeJS.Timeout {
		return setTimeout(() => {
			this.remove(id)?.reject(new FunctionError(code, "Sandbox.Timedout", message));
			this.late.add(id);
			this.onTimeout();
		}, milliseconds);
	}

	private remove(id: number): PendingCall | undefined {
		const call = this.underWay.get(id);
		clearTimeout(call?.timer);
		this.underWay.delete(id);
		return call;
	}
}
