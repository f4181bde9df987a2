/**
 * The processes of a local function, each of which takes one call at a time, and the calls that wait for a free one. So
 * does AWS Lambda (AWS Lambda Developer Guide, "Understanding Lambda function scaling"): whatever a call does to its
 * process, no other call is in it.
 * @module
 */
import { FunctionError, functionClosed } from "./function.js";

/** A process as the pool needs it. */
export interface PooledProcess {
	/** Whether calls may go to it, now or later. */
	readonly accepting: boolean;
	/** Whether a call may go to it now. */
	readonly free: boolean;
	/** Whether it still loads the function's code. */
	readonly loading: boolean;
	/** Settles when the process is gone. */
	readonly ended: Promise<void>;
	/** Only where it is free, also while it loads the code for its first call. */
	call(event: unknown, timeout: number): Promise<unknown>;
	/** Takes no new calls, and goes with the one under way. */
	retire(): Promise<void>;
	/** Fails the call under way and goes at once. */
	end(): Promise<void>;
}

export interface PoolLimits {
	/** Most processes that take calls; at least 1. */
	readonly processes: number;
	/** Milliseconds that a call waits for a free process. */
	readonly wait: number;
	/** Milliseconds that a call waits at least before a further process is started for it, and twice that at most. */
	readonly patience: number;
	/** Milliseconds that a further process has nothing to do at least before it is ended, and twice that at most. */
	readonly rest: number;
}

interface WaitingCall {
	/** Sends it to this process. */
	readonly begin: (process: PooledProcess) => void;
	readonly fail: (error: unknown) => void;
}

/** Calls that are quick share one warm process, one after the other; further processes are for calls that take long. */
export class FunctionPool {
	private readonly limits: PoolLimits;
	private readonly start: () => PooledProcess;
	/** Those that still run, the oldest first: such as take calls, and such as only finish theirs. */
	private readonly processes = new Set<PooledProcess>();
	private readonly waiting = new Set<WaitingCall>();
	/** The call that was first in the queue at the last look. */
	private longestWaiting: WaitingCall | undefined;
	/** Processes without a call since the last look. */
	private resting = new Set<PooledProcess>();
	private growing: NodeJS.Timeout | undefined;
	private shrinking: NodeJS.Timeout | undefined;
	private retired = false;

	/** @param start starts a process, or throws {@link FunctionError}, which fails the call that it was for. */
	constructor(limits: PoolLimits, start: () => PooledProcess) {
		this.limits = limits;
		this.start = start;
	}

	/**
	 * @param timeout milliseconds; waiting for a process does not count.
	 * @throws {FunctionError} `function-busy` where no process gets free in time.
	 */
	call(event: unknown, timeout: number): Promise<unknown> {
		const free = this.waiting.size === 0 ? this.takers().find((process) => process.free) : undefined;
		if (free !== undefined) return this.begin(free, event, timeout);
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => call.fail(this.busy()), this.limits.wait);
			const leave = () => {
				clearTimeout(timer);
				this.waiting.delete(call);
			};
			const call: WaitingCall = {
				begin: (process) => {
					leave();
					this.begin(process, event, timeout).then(resolve, reject);
				},
				fail: (error) => {
					leave();
					reject(error);
				},
			};
			this.waiting.add(call);
			this.serve();
		});
	}

	/** Calls from now on, and those that wait, go to new processes; those under way finish where they are. */
	renew(): void {
		for (const process of this.processes) void process.retire();
	}

	/**
	 * Lets the calls under way and those that wait come to their end; none may follow.
	 * @returns settles when no process runs any more.
	 */
	async retire(): Promise<void> {
		this.retired = true;
		this.serve();
		// A call that waits may still start another one.
		while (this.processes.size > 0) await Promise.all([...this.processes].map(({ ended }) => ended));
	}

	/** Fails the calls under way and those that wait, and ends all processes; no call may follow. */
	async close(): Promise<void> {
		for (const call of this.waiting) call.fail(functionClosed());
		await Promise.all([...this.processes].map((process) => process.end()));
	}

	private takers(): readonly PooledProcess[] {
		return [...this.processes].filter(({ accepting }) => accepting);
	}

	private begin(process: PooledProcess, event: unknown, timeout: number): Promise<unknown> {
		this.resting.delete(process);
		const call = process.call(event, timeout);
		const serve = () => this.serve();
		call.then(serve, serve);
		return call;
	}

	/** Hands waiting calls to free processes, the longest waiting first; where there is no process, one is started at once. */
	private serve(): void {
		for (const call of this.waiting) {
			const takers = this.takers();
			const free = takers.find((process) => process.free);
			if (free !== undefined) call.begin(free);
			else if (takers.length === 0) this.startFor(call);
			else break;
		}
		if (this.waiting.size > 0) this.growing ??= setTimeout(() => this.grow(), this.limits.patience);
		else if (this.retired) this.renew();
		else if (this.processes.size > 1) this.shrinking ??= setTimeout(() => this.shrink(), this.limits.rest).unref();
	}

	private startFor(call: WaitingCall): void {
		try {
			const started = this.start();
			this.processes.add(started);
			void started.ended.then(() => {
				this.processes.delete(started);
				this.serve();
			});
			call.begin(started);
		} catch (error) {
			call.fail(error);
		}
	}

	/** One after the other: several that load at the same time slow each other down, and the first may serve all that wait. */
	private grow(): void {
		this.growing = undefined;
		const [first] = this.waiting;
		const takers = this.takers();
		const mayStart = takers.length < this.limits.processes && !takers.some(({ loading }) => loading);
		if (first !== undefined && first === this.longestWaiting && mayStart) this.startFor(first);
		[this.longestWaiting] = this.waiting;
		this.serve();
	}

	/** Ends those that had nothing to do since the last look, the youngest first; one stays warm. */
	private shrink(): void {
		this.shrinking = undefined;
		const takers = this.takers();
		const free = takers.filter((process) => process.free);
		const unneeded = free.filter((process) => this.resting.has(process)).reverse();
		for (const process of unneeded.slice(0, takers.length - 1)) void process.retire();
		this.resting = new Set(free);
		this.serve();
	}

	private busy(): FunctionError {
		const message = `none of the function's ${this.limits.processes} processes got free in ${this.limits.wait} ms`;
		return new FunctionError("function-busy", "TooManyRequestsException", message);
	}
}
