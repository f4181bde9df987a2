import test from "ava";
import { answer, DOMAIN_NAME, Site, type SiteOptions, signatureOf, signedUsername, statement, TOKEN } from "./site.js";

/** Exactly what AWS says to a refused MQTT 5 client. */
const OPAQUE =
	/^CONNACK:Client is not authenticated\/authorized to send the message:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("a signed token is let in, and every step is told in order", async (t) => {
	const site = await Site.start(t);
	const client = await site.connect("dev1", { packet: { password: Buffer.from("pw") } });
	t.is((await client.next("connack")).reasonCode, 0);
	t.deepEqual(site.namesOf("dev1"), [
		"connect-received",
		"authorizer-selected",
		"signature-verified",
		"function-invoked",
		"answer-accepted",
		"session-opened",
	]);
	t.like(await site.told("connect-received", "dev1"), {
		version: "5",
		clientId: "dev1",
		username:
			"<5 characters>?x-amz-customauthorizer-name=Devices" +
			"&x-amz-customauthorizer-signature=<" +
			`${encodeURIComponent(signatureOf(TOKEN)).length} characters>&MyAuthToken=<${TOKEN.length} characters>`,
		warnings: [],
	});
	t.like(await site.told("authorizer-selected", "dev1"), { authorizer: "Devices", chosenBy: "name" });
	t.like(await site.told("signature-verified", "dev1"), { keyName: "key1" });
	t.like(await site.told("answer-accepted", "dev1"), { principalId: "principal1", policies: 1 });
	t.deepEqual(site.gateway.refusals(), []);
	t.is(site.gateway.sessions, 1);
});

test("the function is called with AWS's event", async (t) => {
	const site = await Site.start(t);
	const username = signedUsername();
	await site.connect("dev1", { packet: { username, password: Buffer.from("pw") } });
	const { connection } = await site.told("session-opened", "dev1");
	t.deepEqual(site.function.calls, [
		{
			protocolData: {
				tls: { serverName: "a1b2c3-ats.iot.eu-west-1.amazonaws.com" },
				mqtt: { username, password: Buffer.from("pw").toString("base64"), clientId: "dev1" },
			},
			protocols: ["tls", "mqtt"],
			token: TOKEN,
			signatureVerified: true,
			connectionMetadata: { id: connection },
		},
	]);
});

test("the function does not see a client identifier that the client did not send", async (t) => {
	const site = await Site.start(t);
	const client = await site.connect("");
	const assigned = (await client.next("connack")).properties?.assignedClientIdentifier ?? "";
	t.regex(assigned, /^[0-9a-f-]{36}$/);
	t.false("clientId" in (site.function.calls[0]?.protocolData.mqtt ?? {}));
});

test("a client that names no authorizer gets the default of the domain that it called", async (t) => {
	const site = await Site.start(t, { signingDisabled: true, domain: { defaultAuthorizer: "Devices" } });
	const client = await site.connect("dev1", { serverName: DOMAIN_NAME, packet: { username: "user1" } });
	t.is((await client.next("connack")).reasonCode, 0);
	t.is((await site.told("authorizer-selected", "dev1")).chosenBy, "domain-configuration");
	t.true(site.namesOf("dev1").includes("signing-disabled"));
});

interface RefusalCase {
	readonly name: string;
	readonly code: string;
	readonly site?: SiteOptions;
	readonly username?: string;
	readonly calls: number;
}

const REFUSALS: readonly RefusalCase[] = [
	{
		name: "an authorizer that does not exist",
		code: "authorizer-not-found",
		username: "?x-amz-customauthorizer-name=Nobody",
		calls: 0,
	},
	{ name: "no authorizer and no default", code: "no-default-authorizer", username: "user1", calls: 0 },
	{ name: "no token", code: "token-missing", username: "?x-amz-customauthorizer-name=Devices", calls: 0 },
	{
		name: "no signature",
		code: "signature-missing",
		username: "?x-amz-customauthorizer-name=Devices&MyAuthToken=t",
		calls: 0,
	},
	{
		name: "a signature that is no base64",
		code: "signature-malformed",
		username: signedUsername(TOKEN, "!!"),
		calls: 0,
	},
	{
		name: "the signature of another token",
		code: "signature-mismatch",
		username: signedUsername(TOKEN, signatureOf("another")),
		calls: 0,
	},
	{
		name: "a function that says no",
		code: "not-authenticated",
		site: { respond: () => answer([], { isAuthenticated: false }) },
		calls: 1,
	},
	{
		name: "a function that throws",
		code: "function-crashed",
		site: {
			respond: () => {
				throw new Error("boom");
			},
		},
		calls: 1,
	},
	{ name: "an answer that is none", code: "answer-invalid", site: { respond: () => "yes" }, calls: 1 },
	{
		name: "a timer out of bounds",
		code: "answer-invalid",
		site: { respond: () => answer([], { refreshAfterInSeconds: 299 }) },
		calls: 1,
	},
	{
		name: "no policies",
		code: "connect-denied",
		site: { respond: () => answer([], { policyDocuments: [] }) },
		calls: 1,
	},
	{
		name: "a policy for another client identifier",
		code: "connect-denied",
		site: { respond: () => answer([statement("Allow", "iot:Connect", "client/dev2")]) },
		calls: 1,
	},
];

for (const { name, code, site: options, username = signedUsername(), calls } of REFUSALS) {
	test(`MQTT 3.1.1: ${name}: closed without CONNACK, and called ${code}`, async (t) => {
		const site = await Site.start(t, options);
		const client = await site.connect("dev1", { version: 4, packet: { username } });
		await client.closed;
		t.deepEqual(client.received, []);
		t.is(client.failure, undefined);
		t.is((await site.told("refused", "dev1")).refusal.code, code);
		t.is((await site.told("closed", "dev1")).disconnectReason, "AUTH_ERROR");
		t.is(site.function.calls.length, calls);
		t.is(site.gateway.sessions, 0);
	});

	test(`MQTT 5: ${name}: CONNACK 0x87 with AWS's words, and called ${code}`, async (t) => {
		const site = await Site.start(t, options);
		const client = await site.connect("dev1", { packet: { username } });
		const connack = await client.next("connack");
		t.is(connack.reasonCode, 0x87);
		t.regex(connack.properties?.reasonString ?? "", OPAQUE);
		await client.closed;
		const { refusal } = await site.told("refused", "dev1");
		t.is(refusal.code, code);
		t.like(site.gateway.refusals(), [{ client: "dev1", refusal: { code } }]);
	});

	test(`MQTT 5, explained: ${name}: the reason string says ${code}`, async (t) => {
		const site = await Site.start(t, { ...options, explain: true });
		const client = await site.connect("dev1", { packet: { username } });
		const connack = await client.next("connack");
		const { refusal } = await site.told("refused", "dev1");
		t.true(connack.properties?.reasonString?.startsWith(`${code}: ${refusal.cause.replace(/\.$/, "")}; `));
	});
}

test("a CONNECT that the policies deny tells the action and the resource", async (t) => {
	const site = await Site.start(t, { respond: () => answer([statement("Allow", "iot:Connect", "client/dev2")]) });
	await site.connect("dev1");
	t.like(await site.told("policy-denied", "dev1"), {
		action: "iot:Connect",
		resource: "arn:aws:iot:eu-west-1:123456789012:client/dev1",
	});
});

test("policies know the client identifier, the client's address and the server name as variables", async (t) => {
	const [id, address, domain] = ["iot:ClientId", "aws:SourceIp", "iot:DomainName"].map((name) => `\${${name}}`);
	const deny = statement("Deny", "iot:Connect", `client/from-${address}-to-${domain}`);
	const site = await Site.start(t, {
		respond: () => answer([statement("Allow", "iot:Connect", `client/${id}`), deny]),
	});
	const name = "from-127.0.0.1-to-a1b2c3-ats.iot.eu-west-1.amazonaws.com";
	t.is((await (await site.connect(name)).next("connack")).reasonCode, 0x87);
	t.is((await (await site.connect(`not-${name}`)).next("connack")).reasonCode, 0);
});

test("a domain configuration for X.509 certificates takes no custom authentication", async (t) => {
	const site = await Site.start(t, { domain: { authenticationType: "AWS_X509" } });
	const client = await site.connect("dev1", { serverName: DOMAIN_NAME });
	t.is((await client.next("connack")).reasonCode, 0x87);
	t.is((await site.told("refused", "dev1")).refusal.code, "domain-configuration-unsupported");
	t.is(site.function.calls.length, 0);
});

test("a client that does not send CONNECT in time is closed and told of", async (t) => {
	const site = await Site.start(t);
	const client = await site.dial();
	await site.told("tls-accepted");
	site.clock.advance(10_000);
	await client.closed;
	t.is((await site.told("refused")).refusal.code, "connect-timeout");
	t.is((await site.told("closed")).disconnectReason, "CLIENT_ERROR");
});

test("a client that breaks MQTT is told of with cause and remedy", async (t) => {
	const site = await Site.start(t);
	const client = await site.dial();
	client.socket.write("GET /mqtt HTTP/1.1\r\n\r\n");
	await client.closed;
	const { refusal } = await site.told("refused");
	t.is(refusal.code, "first-packet-not-connect");
	t.is(refusal.step, "mqtt");
	t.regex(refusal.remedy, /CONNECT first/);
});

test("a failure of the gateway itself refuses the client and names the place", async (t) => {
	const site = await Site.start(t);
	site.account.selectAuthorizer = () => {
		throw new TypeError(`cannot handle ${TOKEN}`);
	};
	const client = await site.connect("dev1");
	t.is((await client.next("connack")).reasonCode, 0x87);
	const { refusal } = await site.told("refused", "dev1");
	t.is(refusal.code, "internal-error");
	t.regex(refusal.cause, /TypeError at /);
	t.notRegex(JSON.stringify(site.events), new RegExp(TOKEN));
});
