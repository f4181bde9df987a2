import test from "ava";
import fc from "fast-check";
import { readRuntimeMessage } from "../../src/authorizer/function-message-reader.js";
import { messageLine } from "./message-lines.js";

const failure = { kind: "failure", id: 1, code: "function-threw", errorType: "Error", errorMessage: "no" };

for (const message of [
	{ kind: "ready" },
	{ kind: "line", line: "" },
	{ kind: "line", line: `${"x".repeat(16 * 1024)}...` },
	{ kind: "answer", id: 1, answer: null },
	{ kind: "answer", id: 7, answer: { kind: "ready" } },
	failure,
	{ ...failure, code: "not-a-handler" },
	{ kind: "crash", errorType: "Error", errorMessage: "no" },
]) {
	test(`reads ${JSON.stringify(message).slice(0, 60)}`, (t) => {
		t.deepEqual(readRuntimeMessage(JSON.stringify(message)), message as ReturnType<typeof readRuntimeMessage>);
	});
}

test("members that a message does not have are left behind", (t) => {
	t.deepEqual(readRuntimeMessage('{"kind":"ready","id":1,"__proto__":{"line":"x"}}'), { kind: "ready" });
});

for (const line of [
	"",
	"{",
	"null",
	"7",
	'"ready"',
	"[]",
	"{}",
	'{"kind":"toString"}',
	'{"kind":"line"}',
	'{"kind":"line","line":42}',
	'{"kind":"line","line":"one\\ntwo"}',
	JSON.stringify({ kind: "line", line: "x".repeat(16 * 1024 + 4) }),
	'{"kind":"answer","id":1}',
	'{"kind":"answer","answer":1}',
	'{"kind":"answer","id":"1","answer":1}',
	'{"kind":"answer","id":0,"answer":1}',
	'{"kind":"answer","id":1.5,"answer":1}',
	'{"kind":"answer","id":1e999,"answer":1}',
	JSON.stringify({ ...failure, id: "1" }),
	JSON.stringify({ ...failure, code: "bogus" }),
	JSON.stringify({ ...failure, code: "toString" }),
	JSON.stringify({ ...failure, code: "function-timed-out" }),
	JSON.stringify({ ...failure, errorType: undefined }),
	JSON.stringify({ ...failure, errorMessage: 7 }),
	'{"kind":"crash"}',
	'{"kind":"crash","errorType":{"a":1},"errorMessage":"no"}',
	'{"kind":"crash","errorType":"Error","errorMessage":null}',
]) {
	test(`takes ${line.slice(0, 90) || "an empty line"} for no message`, (t) => {
		t.is(readRuntimeMessage(line), undefined);
	});
}

/** Whether this is a message as the type says, told member by member. */
function isMessage(message: Record<string, unknown>): boolean {
	const { kind, id, answer, code, line, errorType, errorMessage } = message;
	const isText = [errorType, errorMessage].every((member) => typeof member === "string");
	const isAnId = Number.isSafeInteger(id);
	switch (kind) {
		case "ready":
			return true;
		case "line":
			return typeof line === "string";
		case "answer":
			return isAnId && answer !== undefined;
		case "failure":
			return isAnId && isText && (code === "function-threw" || code === "not-a-handler");
		default:
			return kind === "crash" && isText;
	}
}

test("any line is a whole message or none", (t) => {
	const seen = new Set<unknown>();
	fc.assert(
		fc.property(messageLine, (line) => {
			const message = readRuntimeMessage(line);
			seen.add(message?.kind);
			return message === undefined || isMessage({ ...message });
		}),
		{ numRuns: 5000 },
	);
	t.is(seen.size, 6, "each kind, and none, was met");
});
