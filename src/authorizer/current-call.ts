/**
 * The call that is under way in the process of a local function, and its time: there is one at a time, as in an execution
 * environment of AWS Lambda.
 * @module
 */
import { FunctionError, type FunctionErrorCode } from "./function.js";
import type { RuntimeMessage } from "./function-messages.js";

/** What ends a call, or the time of its loading; the other messages are about no call. */
type CallMessage = Extract<RuntimeMessage, { readonly kind: "ready" | "answer" | "failure" }>;

interface PendingCall {
	/** One process's calls have different ones: an answer that somebody repeats is not taken for the next call's. */
	readonly id: number;
	readonly resolve: (answer: unknown) => void;
	readonly reject: (error: FunctionError) => void;
	/** Milliseconds it may take once the module is loaded. */
	readonly timeout: number;
	timer: NodeJS.Timeout;
}

/** A call under way keeps Latchkey's process alive. */
export class CurrentCall {
	private readonly initTimeout: number;
	private readonly onTimeout: () => void;
	private pending: PendingCall | undefined;
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

	get underWay(): boolean {
		return this.pending !== undefined;
	}

	/** Whether the process has said that the module is loaded. */
	get loaded(): boolean {
		return this.isLoaded;
	}

	/**
	 * Begins a call; none may be under way.
	 * @param timeout milliseconds, from the moment the module is loaded.
	 * @param send sends the call; what it throws fails the call.
	 * @throws {FunctionError}
	 */
	begin(timeout: number, send: (id: number) => void): Promise<unknown> {
		const id = ++this.lastId;
		return new Promise((resolve, reject) => {
			send(id);
			const timer = this.isLoaded ? this.limitCall(timeout) : this.limitLoading();
			this.pending = { id, resolve, reject, timeout, timer };
		});
	}

	/** @returns false for what the process cannot mean: a module is loaded once, and a call that was made is answered once. */
	take(message: CallMessage): boolean {
		if (message.kind === "ready") return this.load();
		if (message.id !== this.pending?.id) return false;
		const call = this.finish();
		if (message.kind === "answer") call?.resolve(message.answer);
		else call?.reject(new FunctionError(message.code, message.errorType, message.errorMessage));
		return true;
	}

	/** Fails the call under way, if there is one. */
	fail(error: FunctionError): void {
		this.finish()?.reject(error);
	}

	/** From here on a call that waited for the module has its own time. */
	private load(): boolean {
		if (this.isLoaded) return false;
		this.isLoaded = true;
		if (this.pending !== undefined) {
			clearTimeout(this.pending.timer);
			this.pending.timer = this.limitCall(this.pending.timeout);
		}
		return true;
	}

	private limitLoading(): NodeJS.Timeout {
		const message = `the function's code was not loaded in ${this.initTimeout} ms`;
		return this.limit(this.initTimeout, "function-load-timed-out", message);
	}

	private limitCall(timeout: number): NodeJS.Timeout {
		return this.limit(timeout, "function-timed-out", `no answer in ${timeout} ms`);
	}

	private limit(milliseconds: number, code: FunctionErrorCode, message: string): NodeJS.Timeout {
		return setTimeout(() => {
			this.fail(new FunctionError(code, "Sandbox.Timedout", message));
			this.onTimeout();
		}, milliseconds);
	}

	private finish(): PendingCall | undefined {
		const call = this.pending;
		clearTimeout(call?.timer);
		this.pending = undefined;
		return call;
	}
}
