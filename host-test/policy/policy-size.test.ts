import test from "ava";
import { checkPolicySize, MalformedPolicyError } from "../../src/policy/index.js";

test("2048 characters are the most", (t) => {
	t.notThrows(() => checkPolicySize("x".repeat(2048)));
	const error = t.throws(() => checkPolicySize("x".repeat(2049)), { instanceOf: MalformedPolicyError });
	t.is(error.code, "policy-too-large");
	t.is(error.message, "Size of a policy document cannot exceeds hard limit of 2048");
	t.is(error.detail, "the document has 2049 characters without white space, the most are 2048");
});

test("white space does not count, a no-break space does", (t) => {
	t.notThrows(() => checkPolicySize(`${" \t\r\n".repeat(5000)}${"x".repeat(2048)}`));
	t.throws(() => checkPolicySize("\u00a0".repeat(2049)), { instanceOf: MalformedPolicyError });
});
