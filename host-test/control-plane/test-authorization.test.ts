/**
 * TestAuthorization of many resources: what is asked twice is decided once, a long call lets others go between, and one that
 * is too long is refused.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { Account } from "../../src/account/index.js";
import { ApiError } from "../../src/control-plane/errors.js";
import { testAuthorization } from "../../src/control-plane/iot/test-authorization.js";

const TOPIC = "arn:aws:iot:eu-west-1:123456789012:topic/";

/** An account with policies, each of one statement on these topics. */
function accountWith(policies: Readonly<Record<string, readonly ["Allow" | "Deny", string, number?]>>): Account {
	const account = new Account();
	for (const [policyName, [effect, topic, count = 1]] of Object.entries(policies)) {
		const statement = { Effect: effect, Action: "iot:Publish", Resource: `${TOPIC}${topic}` };
		const Statement = Array.from({ length: count }, () => statement);
		account.policies.create({ policyName, policyDocument: JSON.stringify({ Version: "2012-10-17", Statement }) });
	}
	return account;
}

function topics(count: number): readonly string[] {
	return Array.from({ length: count }, (_none, index) => `${TOPIC}${index}`);
}

const PUBLISH = { actionType: "PUBLISH" } as const;

test("resources that are named often count once, and come back as they were named", async (t) => {
	const account = accountWith({ Ten: ["Allow", "*", 10] });
	const resources = Array.from({ length: 200_000 }, () => `${TOPIC}a`);
	const authInfos = [{ ...PUBLISH, resources }];
	const [result] = await testAuthorization(account, { authInfos, policyNamesToAdd: ["Ten"] });
	t.is(result?.authDecision, "ALLOWED");
	t.is(result?.authInfo.resources, resources);
});

test("250,000 pairs of a resource and a statement are evaluated, and no more", async (t) => {
	const account = accountWith({ Nine: ["Allow", "*", 9] });
	const ask = (count: number) =>
		testAuthorization(account, {
			authInfos: [
				{ ...PUBLISH, resources: topics(count / 2) },
				{ ...PUBLISH, resources: topics(count / 2) },
			],
			policyNamesToAdd: ["Nine"],
		});
	t.is((await ask(25_000)).length, 2);
	const error = await t.throwsAsync(ask(25_002), { instanceOf: ApiError });
	t.is(error?.type, "InvalidRequestException");
	t.is(
		error?.message,
		"The request asks about 25002 different resources and 9 statements; Latchkey evaluates 250000 pairs of them at most: ask in several calls",
	);
});

test("a long call lets others go between, a short one is done at once", async (t) => {
	const account = accountWith({ Nine: ["Allow", "*", 9] });
	const turnsOf = async (count: number) => {
		let turns = 0;
		let counting = true;
		const countTurn = () => {
			turns += 1;
			if (counting) setImmediate(countTurn);
		};
		setImmediate(countTurn);
		await testAuthorization(account, {
			authInfos: [{ ...PUBLISH, resources: topics(count) }],
			policyNamesToAdd: ["Nine"],
		});
		counting = false;
		return turns;
	};
	t.is(await turnsOf(100), 0);
	t.true((await turnsOf(20_000)) >= 99);
});

test("the answer to many resources is made of the answers to each", async (t) => {
	const account = accountWith({
		Some: ["Allow", "a*"],
		// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
		Own: ["Allow", "${iot:ClientId}"],
		Never: ["Deny", "ab"],
	});
	const names = ["Some", "Own", "Never"];
	const resource = fc.constantFrom("a", "ab", "b", "c").map((topic) => `${TOPIC}${topic}`);
	const clientId = fc.option(fc.constantFrom("b", "ab"), { nil: undefined });
	const property = fc.asyncProperty(fc.array(resource, { maxLength: 5 }), clientId, async (resources, id) => {
		const ask = async (asked: readonly string[]) => {
			const authInfos = [{ ...PUBLISH, resources: asked }];
			const [result] = await testAuthorization(account, { authInfos, clientId: id, policyNamesToAdd: names });
			if (result === undefined) throw new Error("no result");
			return result;
		};
		const whole = await ask(resources);
		const each = await Promise.all(resources.map((one) => ask([one])));
		const decisions: readonly string[] = each.map(({ authDecision }) => authDecision);
		const expected = ["EXPLICIT_DENY", "IMPLICIT_DENY", "ALLOWED"].find((one) => decisions.includes(one));
		t.is<string, string>(whole.authDecision, expected ?? "IMPLICIT_DENY");
		const union = (namesOf: (result: (typeof each)[number]) => readonly { readonly policyName: string }[]) =>
			names.filter((name) => each.some((result) => namesOf(result).some(({ policyName }) => policyName === name)));
		for (const namesOf of [
			(result: typeof whole) => result.allowed.policies,
			(result: typeof whole) => result.denied.implicitDeny.policies,
			(result: typeof whole) => result.denied.explicitDeny.policies,
		]) {
			t.deepEqual(
				namesOf(whole).map(({ policyName }) => policyName),
				union(namesOf),
			);
		}
		t.deepEqual(
			new Set(whole.missingContextValues),
			new Set(each.flatMap(({ missingContextValues }) => missingContextValues)),
		);
	});
	await fc.assert(property, { numRuns: 300 });
});

test("an authInfo without an action is refused before anything is evaluated", async (t) => {
	const account = accountWith({ One: ["Allow", "*"] });
	const authInfos = [{ ...PUBLISH, resources: topics(1) }, { resources: topics(1) }];
	await t.throwsAsync(testAuthorization(account, { authInfos, policyNamesToAdd: ["One"] }), {
		instanceOf: ApiError,
		message: "authInfos[1]: actionType must be given",
	});
});
