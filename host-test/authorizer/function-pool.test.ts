import { setImmediate } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { FunctionError } from "../../src/authorizer/function.js";
import { FunctionPool, type PooledProcess, type PoolLimits } from "../../src/authorizer/function-pool.js";
import { failure } from "./opened-function.js";

/** Milliseconds no test gets near to. */
const LONG = 60_000;

/** A process whose calls end when the test says so. */
class PlayedProcess implements PooledProcess {
	readonly ended: Promise<void>;
	readonly events: unknown[] = [];
	accepting = true;
	loading = false;
	/** Ends the call under way. */
	settle: { readonly answer: (value: unknown) => void; readonly fail: (error: FunctionError) => void } | undefined;
	private goes: () => void = () => {};

	constructor() {
		this.ended = new Promise((resolve) => {
			this.goes = resolve;
		});
	}

	get free(): boolean {
		return this.accepting && this.settle === undefined;
	}

	async call(event: unknown): Promise<unknown> {
		this.events.push(event);
		try {
			return await new Promise((answer, fail) => {
				this.settle = { answer, fail };
			});
		} finally {
			this.settle = undefined;
			if (!this.accepting) this.goes();
		}
	}

	answer(value: unknown): void {
		this.settle?.answer(value);
	}

	/** Goes as a process does that exits. */
	crash(): void {
		this.accepting = false;
		this.settle?.fail(new FunctionError("function-crashed", "Runtime.ExitError", "gone"));
		this.goes();
	}

	retire(): Promise<void> {
		this.accepting = false;
		if (this.settle === undefined) this.goes();
		return this.ended;
	}

	end(): Promise<void> {
		this.crash();
		return this.ended;
	}
}

/** A pool, the processes that it started, and who waits for the next one. */
function open(t: ExecutionContext, limits: Partial<PoolLimits> = {}, isLoading = false) {
	const started: PlayedProcess[] = [];
	let told = () => {};
	const pool = new FunctionPool({ processes: 8, wait: LONG, patience: 1, rest: LONG, ...limits }, () => {
		const process = new PlayedProcess();
		process.loading = isLoading;
		started.push(process);
		told();
		return process;
	});
	t.teardown(() => pool.close());
	const untilStarted = async (count: number) => {
		while (started.length < count) {
			await new Promise<void>((resolve) => {
				told = resolve;
			});
		}
	};
	/** A call whose failure nobody waits for. */
	const call = (event: unknown) => {
		const answer = pool.call(event, LONG);
		answer.catch(() => undefined);
		return answer;
	};
	return { pool, started, untilStarted, call };
}

test("calls that follow each other share one process", async (t) => {
	const { started, call } = open(t);
	for (const value of [1, 2, 3]) {
		const answer = call(value);
		started[0]?.answer(value);
		t.is(await answer, value);
	}
	t.is(started.length, 1);
});

test("calls that overlap run in processes of their own", async (t) => {
	const { started, untilStarted, call } = open(t);
	const answers = [call("a"), call("b")];
	await untilStarted(2);
	t.deepEqual(
		started.map(({ events }) => events),
		[["a"], ["b"]],
	);
	for (const [index, process] of started.entries()) process.answer(index);
	t.deepEqual(await Promise.all(answers), [0, 1]);
});

test("calls that are quick wait for the process there is, in their order", async (t) => {
	const { started, call } = open(t, { patience: LONG });
	const answers = ["a", "b", "c"].map(call);
	for (const [index, answer] of answers.entries()) {
		started[0]?.answer(index);
		t.is(await answer, index);
	}
	t.deepEqual(started[0]?.events, ["a", "b", "c"]);
	t.is(started.length, 1);
});

test("the end of a process fails the call in it alone, and who waits gets another one at once", async (t) => {
	const { started, untilStarted, call } = open(t, { patience: LONG });
	const [bad, good] = [call("bad"), call("good")];
	started[0]?.crash();
	t.is((await failure(t, bad)).code, "function-crashed");
	await untilStarted(2);
	started[1]?.answer("fine");
	t.is(await good, "fine");
});

test("no more processes take calls than are allowed, and who waits in vain is told so", async (t) => {
	const { started, call } = open(t, { processes: 2, wait: 50 });
	const [, , third] = ["a", "b", "c"].map(call);
	const { code, errorType, errorMessage } = await failure(t, third!);
	t.deepEqual(
		[code, errorType, errorMessage],
		["function-busy", "TooManyRequestsException", "none of the function's 2 processes got free in 50 ms"],
	);
	t.is(started.length, 2);
	t.false(started.some(({ events }) => events.includes("c")));
});

test("while one process loads no further one is started", async (t) => {
	const { started, call } = open(t, { wait: 50 }, true);
	const [, second] = ["a", "b"].map(call);
	t.is((await failure(t, second!)).code, "function-busy");
	t.is(started.length, 1);
});

test("what cannot be started fails the call that it was for, and the next call tries again", async (t) => {
	let isFull = true;
	const process = new PlayedProcess();
	const pool = new FunctionPool({ processes: 1, wait: LONG, patience: LONG, rest: LONG }, () => {
		if (isFull) throw new FunctionError("function-crashed", "Runtime.StartError", "too many processes");
		return process;
	});
	t.teardown(() => pool.close());
	t.is((await failure(t, pool.call("a", LONG))).errorType, "Runtime.StartError");
	isFull = false;
	const answer = pool.call("b", LONG);
	process.answer(1);
	t.is(await answer, 1);
});

test("processes that have nothing to do end, all but the oldest", async (t) => {
	// The timer of the rest keeps nothing alive, so the test does.
	const alive = setInterval(() => {}, LONG);
	t.teardown(() => clearInterval(alive));
	const { started, untilStarted, call } = open(t, { rest: 1 });
	const answers = ["a", "b", "c"].map(call);
	await untilStarted(3);
	for (const process of started) process.answer(1);
	await Promise.all(answers);
	await Promise.all([started[1]?.ended, started[2]?.ended]);
	t.deepEqual(
		started.map(({ accepting }) => accepting),
		[true, false, false],
	);
});

test("a renewed pool lets the call under way finish, and who waits gets a new process", async (t) => {
	const { pool, started, untilStarted, call } = open(t, { processes: 1 });
	const [old, waiting] = [call("old"), call("waiting")];
	pool.renew();
	const later = call("later");
	await untilStarted(2);
	t.deepEqual(started[1]?.events, ["waiting"]);
	started[0]?.answer(0);
	started[1]?.answer(1);
	t.deepEqual(await Promise.all([old, waiting]), [0, 1]);
	started[1]?.answer(2);
	t.is(await later, 2);
});

test("retiring serves who waits, and then ends all processes", async (t) => {
	const { pool, started, call } = open(t, { processes: 1 });
	const answers = [call("a"), call("b")];
	const retired = pool.retire();
	started[0]?.answer(1);
	await answers[0];
	started[0]?.answer(2);
	t.deepEqual(await Promise.all(answers), [1, 2]);
	await retired;
	t.is(started.length, 1);
});

test("closing fails who waits and starts nothing for it", async (t) => {
	const { pool, started, call } = open(t, { processes: 1 });
	const [, waiting] = [call("a"), call("b")];
	const failed = failure(t, waiting);
	await pool.close();
	await setImmediate();
	t.is((await failed).errorMessage, "the function was closed");
	t.is(started.length, 1);
});
