/** @module */
import test from "ava";
import { handler } from "../../examples/authorizer.js";
import { checkAuthorizerAnswer } from "../../src/authorizer/index.js";
import { evaluatePolicies } from "../../src/policy/index.js";

const TOMORROW = Math.floor(Date.now() / 1000) + 86_400;

function call(claims: object, clientId?: string, signatureVerified = true) {
	const token = Buffer.from(JSON.stringify(claims)).toString("base64url");
	return handler({
		token,
		signatureVerified,
		...(clientId === undefined ? {} : { protocolData: { mqtt: { clientId } } }),
	});
}

async function allows(claims: { sub: string; role: string; exp: number }, action: string, resource: string) {
	const answer = checkAuthorizerAnswer(await call(claims, claims.sub));
	const request = { action: `iot:${action}`, resource: `arn:aws:iot:eu-west-1:123456789012:${resource}`, context: {} };
	return evaluatePolicies(answer.policies, request).outcome === "ALLOWED";
}

test("a device is let at its own topics and nothing else", async (t) => {
	const claims = { sub: "dev-1", role: "device", exp: TOMORROW };
	t.true(await allows(claims, "Connect", "client/dev-1"));
	t.true(await allows(claims, "Publish", "topic/devices/dev-1/readings"));
	t.true(await allows(claims, "Subscribe", "topicfilter/devices/dev-1/commands"));
	t.true(await allows(claims, "Receive", "topic/devices/dev-1/commands"));
	t.false(await allows(claims, "Connect", "client/dev-2"));
	t.false(await allows(claims, "Publish", "topic/devices/dev-2/readings"));
	t.false(await allows(claims, "Publish", "topic/devices/dev-1/commands"));
	t.false(await allows(claims, "Subscribe", "topicfilter/devices/+/commands"));
	t.false(await allows(claims, "Subscribe", "topicfilter/#"));
});

test("an operator commands every device", async (t) => {
	const claims = { sub: "op", role: "operator", exp: TOMORROW };
	t.true(await allows(claims, "Publish", "topic/devices/dev-1/commands"));
	t.false(await allows(claims, "Publish", "topic/devices/dev-1/readings"));
});

test("what does not hold is refused: unverified, expired, another client id, not a token", async (t) => {
	const good = { sub: "dev-1", role: "device", exp: TOMORROW };
	t.true((await call(good, "dev-1")).isAuthenticated);
	t.true((await call(good)).isAuthenticated, "a test call may have no client id");
	t.false((await call(good, "dev-1", false)).isAuthenticated);
	t.false((await call({ ...good, exp: 1 }, "dev-1")).isAuthenticated);
	t.false((await call(good, "dev-2")).isAuthenticated);
	for (const bad of [
		{},
		{ ...good, role: "root" },
		{ ...good, sub: "a/b" },
		{ ...good, sub: "*" },
		{ ...good, exp: "never" },
		[],
	])
		t.false((await call(bad)).isAuthenticated, JSON.stringify(bad));
	t.false((await handler({ signatureVerified: true })).isAuthenticated);
	t.false((await handler({ signatureVerified: true, token: "%%%" })).isAuthenticated);
});
