/** What the gateway takes from the account at each connection, and what it leaves there. */
import test from "ava";
import { FunctionError } from "../../src/authorizer/index.js";
import { answer, DOMAIN_NAME, Site, statement } from "./site.js";

const DOMAIN = {
	name: "Custom",
	serverName: DOMAIN_NAME,
	allowAuthorizerOverride: true,
	authenticationType: "DEFAULT",
	applicationProtocol: "DEFAULT",
} as const;

test("a disabled domain configuration refuses its clients by AWS's reason; enabled again it lets them in", async (t) => {
	const site = await Site.start(t, { domain: { status: "DISABLED" } });
	const refused = await site.connect("dev1", { serverName: DOMAIN_NAME });
	t.is((await refused.next("connack")).reasonCode, 0x87);
	const { refusal } = await site.told("refused", "dev1");
	t.like(refusal, { code: "domain-configuration-disabled", reason: "DOMAIN_CONFIGURATION_DISABLED" });
	t.is(site.function.calls.length, 0);
	site.account.putDomainConfiguration({ ...DOMAIN, status: "ENABLED" });
	const client = await site.connect("dev2", { serverName: DOMAIN_NAME });
	t.is((await client.next("connack")).reasonCode, 0);
});

test("disabled is said before anything else about a domain configuration", async (t) => {
	const site = await Site.start(t, { domain: { status: "DISABLED", authenticationType: "AWS_X509" } });
	await site.connect("dev1", { serverName: DOMAIN_NAME });
	t.is((await site.told("refused", "dev1")).refusal.code, "domain-configuration-disabled");
});

test("a domain configuration that is disabled ends its clients' connections at their next refresh", async (t) => {
	const site = await Site.start(t, { domain: {} });
	const client = await site.join("dev1", { serverName: DOMAIN_NAME, packet: { keepalive: 1200 } });
	site.account.putDomainConfiguration({ ...DOMAIN, status: "DISABLED" });
	await client.roundTrip();
	site.clock.advance(300_000);
	t.is((await client.next("disconnect")).reasonCode, 0x87);
	t.is((await site.told("refused", "dev1")).refusal.code, "domain-configuration-disabled");
});

test("a function that AWS IoT may not invoke is not called; the permission lets the next client in", async (t) => {
	const site = await Site.start(t, { signingDisabled: true });
	const { account } = site;
	const functionArn = account.functionArn("guarded");
	account.functions.create({ functionName: "guarded", source: { module: "/functions/guarded.js" } });
	const signing = { tokenSigningPublicKeys: {}, signingDisabled: true };
	const { arn } = account.putAuthorizer({ name: "Guarded", functionArn, ...signing });
	const packet = { username: "?x-amz-customauthorizer-name=Guarded" };
	await site.connect("dev1", { packet });
	const { refusal } = await site.told("refused", "dev1");
	t.is(refusal.code, "function-not-permitted");
	t.regex(refusal.remedy, /add-permission/);
	t.is(site.function.calls.length, 0);
	account.functions.addPermission("guarded", {
		statementId: "iot",
		action: "lambda:InvokeFunction",
		principal: "iot.amazonaws.com",
		sourceArn: arn,
	});
	const client = await site.connect("dev2", { packet });
	t.is((await client.next("connack")).reasonCode, 0);
});

test("a function that takes longer than its own timeout is told by that, not by AWS IoT's limit", async (t) => {
	const site = await Site.start(t, { signingDisabled: true });
	const { account } = site;
	account.functions.create({ functionName: "slow", source: { module: "/functions/slow.js" }, timeout: 2 });
	const signing = { tokenSigningPublicKeys: {}, signingDisabled: true };
	const { arn } = account.putAuthorizer({ name: "Slow", functionArn: account.functionArn("slow"), ...signing });
	const grant = { statementId: "iot", action: "lambda:InvokeFunction", principal: "iot.amazonaws.com" };
	account.functions.addPermission("slow", { ...grant, sourceArn: arn });
	site.function.respond = () => {
		throw new FunctionError("function-timed-out", "Sandbox.Timedout", "late");
	};
	await site.connect("dev1", { packet: { username: "?x-amz-customauthorizer-name=Slow" } });
	const { refusal } = await site.told("refused", "dev1");
	t.is(refusal.cause, "The function did not answer within 2 s, its own timeout.");
});

test("the principal of a client that was let in is remembered with its policies", async (t) => {
	const site = await Site.start(t, { respond: () => answer([statement("Allow", "iot:Connect", "client/*")]) });
	await site.join("dev1");
	const found = site.account.customPrincipals.find("Devices", "principal1");
	t.like(found, { authorizerName: "Devices", principalId: "principal1", at: site.clock.now() });
	t.is(found?.policies.length, 1);
	t.regex(found?.policyDocuments[0] ?? "", /iot:Connect/);
});

test("a refresh brings the principal's policies up to date", async (t) => {
	const site = await Site.start(t);
	await site.join("dev1", { packet: { keepalive: 1200 } });
	site.function.respond = () => answer([statement("Allow", "iot:Connect", "client/dev1")]);
	site.clock.advance(300_000);
	await site.told("policies-refreshed", "dev1");
	const found = site.account.customPrincipals.find("Devices", "principal1");
	t.regex(found?.policyDocuments[0] ?? "", /client\/dev1/);
	t.is(found?.at, site.clock.now());
});

test("who is authenticated and may not connect is remembered, so that it can be asked why", async (t) => {
	const site = await Site.start(t, { respond: () => answer([statement("Allow", "iot:Publish", "topic/*")]) });
	await site.connect("dev1");
	t.is((await site.told("refused", "dev1")).refusal.code, "connect-denied");
	t.truthy(site.account.customPrincipals.find("Devices", "principal1"));
});

test("who is not authenticated is not remembered", async (t) => {
	const site = await Site.start(t, { respond: () => answer([], { isAuthenticated: false }) });
	await site.connect("dev1");
	t.is((await site.told("refused", "dev1")).refusal.code, "not-authenticated");
	t.is(site.account.customPrincipals.find("Devices", "principal1"), undefined);
});
