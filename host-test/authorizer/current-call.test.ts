import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { CurrentCall } from "../../src/authorizer/current-call.js";
import { FunctionError, functionClosed } from "../../src/authorizer/function.js";
import { readRuntimeMessage } from "../../src/authorizer/function-message-reader.js";
import { messageLine } from "./message-lines.js";
import { failure } from "./opened-function.js";

const LONG = 60_000;

/** Calls whose time is none of the test's concern; they are over when the test is. */
function open(t: ExecutionContext, onTimeout: () => void = () => undefined): CurrentCall {
	const calls = new CurrentCall(LONG, onTimeout);
	t.teardown(() => calls.fail(functionClosed()));
	return calls;
}

const answer = (id: number, value: unknown = id) => ({ kind: "answer", id, answer: value }) as const;

test("an answer ends its call, and another one may follow", async (t) => {
	const calls = open(t);
	for (const id of [1, 2]) {
		const call = calls.begin(LONG, () => undefined);
		t.true(calls.underWay);
		t.true(calls.take(answer(id)));
		t.false(calls.underWay);
		t.is(await call, id);
	}
});

test("an answer to an earlier call is not taken for the present one's", async (t) => {
	const calls = open(t);
	const first = calls.begin(LONG, () => undefined);
	calls.take(answer(1));
	const second = calls.begin(LONG, () => undefined);
	t.false(calls.take(answer(1, "again")));
	calls.take(answer(2));
	t.deepEqual(await Promise.all([first, second]), [1, 2]);
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
	t.false(calls.underWay);
});

test("a module is loaded once", (t) => {
	const calls = open(t);
	t.true(calls.take({ kind: "ready" }));
	t.false(calls.take({ kind: "ready" }));
});

test("a module that is not loaded in time is told apart from a call that takes too long", async (t) => {
	const calls = new CurrentCall(1, () => undefined);
	const { code, errorMessage } = await failure(
		t,
		calls.begin(LONG, () => undefined),
	);
	t.deepEqual([code, errorMessage], ["function-load-timed-out", "the function's code was not loaded in 1 ms"]);
});

test("once the module is loaded its time counts no more, only the call's", async (t) => {
	const calls = new CurrentCall(LONG, () => undefined);
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

test("a call that takes too long has failed when that is told", async (t) => {
	const underWay: boolean[] = [];
	const calls = open(t, () => underWay.push(calls.underWay));
	calls.take({ kind: "ready" });
	const { code, errorMessage } = await failure(
		t,
		calls.begin(1, () => undefined),
	);
	t.deepEqual([code, errorMessage, underWay], ["function-timed-out", "no answer in 1 ms", [false]]);
});

/** How three calls end, one after the other, whose process writes these lines in each and is then closed. */
async function endsOf(lines: readonly string[]): Promise<PromiseSettledResult<unknown>[]> {
	const calls = new CurrentCall(LONG, () => undefined);
	const begun = [1, 2, 3].map(() => {
		const call = calls.begin(LONG, () => undefined);
		for (const message of lines.map(readRuntimeMessage)) {
			if (message?.kind === "ready" || message?.kind === "answer" || message?.kind === "failure") calls.take(message);
		}
		calls.fail(functionClosed());
		return call;
	});
	return Promise.allSettled(begun);
}

/** What an end is called, where it is an answer or a whole error. */
function nameOf(end: PromiseSettledResult<unknown>): string | undefined {
	if (end.status === "fulfilled") return "answered";
	const { code, errorType, errorMessage } = end.reason as Partial<FunctionError>;
	const isWhole = end.reason instanceof FunctionError && [errorType, errorMessage].every((x) => typeof x === "string");
	return isWhole ? code : undefined;
}

/** Lines by which a call ends in each way that a process can say. */
const SAID = [
	{ kind: "answer", id: 1, answer: 1 },
	{ kind: "failure", id: 1, code: "function-threw", errorType: "E", errorMessage: "m" },
	{ kind: "failure", id: 1, code: "not-a-handler", errorType: "E", errorMessage: "m" },
].map((message) => JSON.stringify(message));

test("whatever lines come, nothing throws and each call ends in an answer or in a whole error", async (t) => {
	const seen = new Set<string | undefined>();
	await fc.assert(
		fc.asyncProperty(fc.array(messageLine, { maxLength: 12 }), async (lines) => {
			for (const end of await endsOf(lines)) seen.add(nameOf(end));
		}),
		{ numRuns: 500, examples: SAID.map((line) => [[line]]) },
	);
	t.deepEqual([...seen].sort(), ["answered", "function-crashed", "function-threw", "not-a-handler"]);
});
