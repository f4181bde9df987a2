import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { FunctionError, functionClosed } from "../../src/authorizer/function.js";
import { FunctionCalls } from "../../src/authorizer/function-calls.js";
import { readRuntimeMessage } from "../../src/authorizer/function-message-reader.js";
import { messageLine } from "./message-lines.js";
import { failure } from "./opened-function.js";

const LONG = 60_000;

/** Calls whose time is none of the test's concern; they are over when the test is. */
function open(t: ExecutionContext, onTimeout: () => void = () => undefined): FunctionCalls {
	const calls = new FunctionCalls(LONG, onTimeout);
	t.teardown(() => calls.fail(functionClosed));
	return calls;
}

const answer = (id: number, value: unknown = id) => ({ kind: "answer", id, answer: value }) as const;

test("an answer ends its call and no other", async (t) => {
	const calls = open(t);
	const [, second] = [calls.begin(LONG, () => undefined).catch(() => "closed"), calls.begin(LONG, () => undefined)];
	t.true(calls.take(answer(2)));
	t.is(await second, 2);
	t.is(calls.size, 1);
});

test("a failure ends its call in its words", async (t) => {
	const calls = open(t);
	const call = failure(
		t,
		calls.begin(LONG, () => undefined),
	);
	t.true(calls.take({ kind: "failure", id: 1, code: "not-a-handler", errorType: "T", errorMessage: "m" }));
	const { code, errorType, errorMessage } = await call;
	t.deepEqual([code, errorType, errorMessage], ["not-a-handler", "T", "m"]);
});

test("what cannot be sent is no call", async (t) => {
	const calls = open(t);
	await failure(
		t,
		calls.begin(LONG, () => {
			throw functionClosed();
		}),
	);
	t.is(calls.size, 0);
});

test("a module is loaded once", (t) => {
	const calls = open(t);
	t.true(calls.take({ kind: "ready" }));
	t.false(calls.take({ kind: "ready" }));
});

test("a module that is not loaded in time is told apart from a call that takes too long", async (t) => {
	const calls = new FunctionCalls(1, () => undefined);
	const { code, errorMessage } = await failure(
		t,
		calls.begin(LONG, () => undefined),
	);
	t.deepEqual([code, errorMessage], ["function-load-timed-out", "the function's code was not loaded in 1 ms"]);
});

test("once the module is loaded its time counts no more, only the call's", async (t) => {
	const calls = new FunctionCalls(LONG, () => undefined);
	const call = failure(
		t,
		calls.begin(1, () => undefined),
	);
	calls.take({ kind: "ready" });
	t.is((await call).code, "function-timed-out");
});

test("who says again and again that it is ready does not get its calls more time", async (t) => {
	const calls = open(t);
	calls.take({ kind: "ready" });
	const call = failure(
		t,
		calls.begin(20, () => undefined),
	);
	const again = setInterval(() => calls.take({ kind: "ready" }), 1);
	t.teardown(() => clearInterval(again));
	t.is((await call).code, "function-timed-out");
});

test("an answer to a call that nobody made makes no sense, nor does a second one", async (t) => {
	const calls = open(t);
	t.false(calls.take(answer(1)));
	const call = calls.begin(LONG, () => undefined);
	t.true(calls.take(answer(1)));
	t.false(calls.take(answer(1)));
	t.is(await call, 1);
});

test("an answer that comes late counts for nothing, once", async (t) => {
	let timeouts = 0;
	const calls = open(t, () => timeouts++);
	calls.take({ kind: "ready" });
	const { code, errorMessage } = await failure(
		t,
		calls.begin(1, () => undefined),
	);
	t.deepEqual([code, errorMessage, timeouts], ["function-timed-out", "no answer in 1 ms", 1]);
	t.true(calls.take(answer(1)));
	t.false(calls.take(answer(1)));
});

/** How three calls end whose process writes these lines and is then closed. */
function endsOf(lines: readonly string[]): Promise<PromiseSettledResult<unknown>[]> {
	const calls = new FunctionCalls(LONG, () => undefined);
	const begun = [1, 2, 3].map(() => calls.begin(LONG, () => undefined));
	for (const message of lines.map(readRuntimeMessage)) {
		if (message?.kind === "ready" || message?.kind === "answer" || message?.kind === "failure") calls.take(message);
	}
	calls.fail(functionClosed);
	return Promise.allSettled(begun);
}

/** What an end is called, where it is an answer or a whole error. */
function nameOf(end: PromiseSettledResult<unknown>): string | undefined {
	if (end.status === "fulfilled") return "answered";
	const { code, errorType, errorMessage } = end.reason as Partial<FunctionError>;
	const isWhole = end.reason instanceof FunctionError && [errorType, errorMessage].every((x) => typeof x === "string");
	return isWhole ? code : undefined;
}

test("whatever lines come, nothing throws and each call ends in an answer or in a whole error", async (t) => {
	const seen = new Set<string | undefined>();
	await fc.assert(
		fc.asyncProperty(fc.array(messageLine, { maxLength: 12 }), async (lines) => {
			for (const end of await endsOf(lines)) seen.add(nameOf(end));
		}),
		{ numRuns: 500 },
	);
	t.deepEqual([...seen].sort(), ["answered", "function-crashed", "function-threw", "not-a-handler"]);
});
