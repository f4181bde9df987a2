import test from "ava";
import fc from "fast-check";
import { Account } from "../../src/account/index.js";
import { refused } from "./refused.js";

const POLICY = '{"Version":"2012-10-17","Statement":[]}';

function createAccount() {
	const account = new Account();
	const { policyArn } = account.policies.create({ policyName: "P", policyDocument: POLICY });
	return { account, tags: account.tags, arn: policyArn };
}

test("tags are added, replaced by key, and taken off", (t) => {
	const { tags, arn } = createAccount();
	tags.tag(arn, [{ Key: "a", Value: "1" }, { Key: "b" }]);
	tags.tag(arn, [{ Key: "a", Value: "2" }]);
	t.deepEqual(tags.list(arn), [
		{ Key: "a", Value: "2" },
		{ Key: "b", Value: "" },
	]);
	tags.untag(arn, ["a", "unknown"]);
	t.deepEqual(tags.list(arn), [{ Key: "b", Value: "" }]);
	tags.untag(arn, ["b"]);
	t.deepEqual(tags.list(arn), []);
});

test("authorizers, policies, domain configurations and functions can be tagged", (t) => {
	const { account, tags, arn } = createAccount();
	const run = account.functions.create({ functionName: "F", source: { module: "/f.ts" } });
	const authorizer = account.authorizers.create({
		authorizerName: "a=,@",
		authorizerFunctionArn: run.functionArn,
		signingDisabled: true,
	});
	const domain = account.domainConfigurations.create({ domainConfigurationName: "d" });
	for (const one of [arn, run.functionArn, authorizer.arn, domain.arn]) tags.tag(one, [{ Key: "k", Value: one }]);
	for (const one of [arn, run.functionArn, authorizer.arn, domain.arn]) t.is(tags.list(one)[0]?.Value, one);
});

test("what does not exist has no tags and can be given none", (t) => {
	const { tags, arn } = createAccount();
	const unknown = `${arn}2`;
	t.deepEqual(tags.list(unknown), []);
	t.is(refused(t, () => tags.tag(unknown, [{ Key: "k" }]))[0], "ResourceNotFoundException");
	t.is(refused(t, () => tags.untag(unknown, ["k"]))[0], "ResourceNotFoundException");
	t.is(refused(t, () => tags.tag(`${arn}/x`, [{ Key: "k" }]))[0], "ResourceNotFoundException");
});

test("what is no ARN is refused", (t) => {
	const { tags } = createAccount();
	t.is(refused(t, () => tags.list("P"))[0], "InvalidRequestException");
});

test("keys and values have AWS's bounds", (t) => {
	const { tags, arn } = createAccount();
	const tag = (Key: string, Value = "") => refused(t, () => tags.tag(arn, [{ Key, Value }]))[0];
	for (const [key, value] of [
		["", ""],
		["k".repeat(129), ""],
		["k", "v".repeat(257)],
		["aws:k", ""],
		["k!", ""],
	]) {
		t.is(tag(key ?? "", value), "InvalidRequestException", `${key}=${value}`);
	}
	t.notThrows(() => tags.tag(arn, [{ Key: "k".repeat(128), Value: "ä!\n.:/=+-@_1".repeat(10) }]));
});

test("a key that is given twice is refused, and nothing of the call is kept", (t) => {
	const { tags, arn } = createAccount();
	t.is(refused(t, () => tags.tag(arn, [{ Key: "a" }, { Key: "a" }]))[0], "InvalidRequestException");
	t.deepEqual(tags.list(arn), []);
});

test("a resource has fifty tags at most", (t) => {
	const { tags, arn } = createAccount();
	const many = Array.from({ length: 50 }, (_, number) => ({ Key: `k${number}` }));
	tags.tag(arn, many);
	t.is(refused(t, () => tags.tag(arn, [{ Key: "one more" }]))[0], "LimitExceededException");
	t.notThrows(() => tags.tag(arn, [{ Key: "k0", Value: "again" }]));
});

test("any allowed key is kept, also one that objects have of their own", (t) => {
	const key = fc.oneof(
		fc.constantFrom("__proto__", "constructor", "toString", "1"),
		fc.stringMatching(/^[\w.:/=+@-]{1,20}$/),
	);
	fc.assert(
		fc.property(fc.uniqueArray(key, { maxLength: 5 }), (keys) => {
			const { tags, arn } = createAccount();
			const given = keys.filter((one) => !/^aws:/i.test(one));
			tags.tag(
				arn,
				given.map((Key) => ({ Key, Value: Key })),
			);
			t.deepEqual(
				tags
					.list(arn)
					.map(({ Key, Value }) => `${Key}=${Value}`)
					.sort(),
				given.map((one) => `${one}=${one}`).sort(),
			);
			tags.untag(arn, given.slice(1));
			t.deepEqual(
				tags.list(arn).map(({ Key }) => Key),
				given.slice(0, 1),
			);
		}),
	);
});
