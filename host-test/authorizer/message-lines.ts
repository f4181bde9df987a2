/**
 * Lines that a process may write into the pipe of its messages: such as mean something, almost do, or are anything.
 * @module
 */
import fc from "fast-check";

const anyMember = fc.oneof(fc.jsonValue(), fc.constantFrom("__proto__", "toString", "constructor", "function-threw"));
const id = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -1, max: 4 }) }, anyMember);
const text = fc.oneof({ weight: 3, arbitrary: fc.string() }, anyMember);

const nearMessage = fc.record(
	{
		kind: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("ready", "line", "answer", "failure", "crash") }, anyMember),
		id,
		line: text,
		answer: fc.jsonValue(),
		code: fc.oneof(
			fc.constantFrom("function-threw", "not-a-handler", "function-timed-out", "bogus", "toString", "__proto__"),
			anyMember,
		),
		errorType: text,
		errorMessage: text,
	},
	{ requiredKeys: ["kind"] },
);

export const messageLine: fc.Arbitrary<string> = fc.oneof(
	{ weight: 8, arbitrary: nearMessage.map((value) => JSON.stringify(value)) },
	{ weight: 1, arbitrary: fc.json() },
	{ weight: 1, arbitrary: fc.string() },
);
