import test from "ava";
import fc from "fast-check";
import { buildTokenEvent, type ConnectionFacts, httpFactsOf } from "../../src/authorizer/event.js";
import { buildAuthorizerEvent } from "../../src/authorizer/index.js";

const connectionId = "0b8e0c5e-5f0a-4f5b-9b0a-1f1f1f1f1f1f";
type Case = readonly [
	what: string,
	facts: Omit<ConnectionFacts, "connectionId">,
	token: string | undefined,
	event: object,
];

const connectionMetadata = { id: connectionId };
const bytes = (text: string) => new TextEncoder().encode(text);

/** Each case of the reference's table of events: facts, token, event in the order of its members. */
const events: readonly Case[] = [
	[
		"a signed connection of MQTT over TLS",
		{
			tls: { serverName: "gw.test" },
			mqtt: { username: "user1?x-amz-customauthorizer-name=A&T=a%20b&SDK=x", password: bytes("pw"), clientId: "d1" },
		},
		"a b",
		{
			protocolData: {
				tls: { serverName: "gw.test" },
				mqtt: { username: "user1?x-amz-customauthorizer-name=A&T=a%20b&SDK=x", password: "cHc=", clientId: "d1" },
			},
			protocols: ["tls", "mqtt"],
			token: "a b",
			signatureVerified: true,
			connectionMetadata,
		},
	],
	[
		"a connection with signing disabled",
		{ mqtt: { username: "u?T=a" } },
		undefined,
		{
			protocolData: { mqtt: { username: "u?T=a" } },
			protocols: ["mqtt"],
			signatureVerified: false,
			connectionMetadata,
		},
	],
	[
		"a WebSocket that carries MQTT over TLS",
		{
			http: httpFactsOf("/mqtt?T=a", { Host: "gw.test", "Sec-WebSocket-Protocol": "mqtt" }),
			mqtt: { clientId: "d1" },
			tls: { serverName: "gw.test" },
		},
		undefined,
		{
			protocolData: {
				tls: { serverName: "gw.test" },
				mqtt: { clientId: "d1" },
				http: { headers: { host: "gw.test", "sec-websocket-protocol": "mqtt" }, queryString: "T=a" },
			},
			protocols: ["tls", "http", "mqtt"],
			signatureVerified: false,
			connectionMetadata,
		},
	],
	[
		"a test call with mqttContext",
		{ mqtt: { password: bytes("test"), clientId: "c" } },
		undefined,
		{
			protocolData: { mqtt: { password: "dGVzdA==", clientId: "c" } },
			protocols: ["mqtt"],
			signatureVerified: false,
			connectionMetadata,
		},
	],
	[
		"a test call with httpContext, its case and its question mark",
		{ http: { headers: { "X-Secret": "s" }, queryString: "?A=b" } },
		undefined,
		{
			protocolData: { http: { headers: { "X-Secret": "s" }, queryString: "?A=b" } },
			protocols: ["http"],
			signatureVerified: false,
			connectionMetadata,
		},
	],
	[
		"a test call with contexts that are empty",
		{ tls: {}, http: {}, mqtt: {} },
		undefined,
		{
			protocolData: { tls: {}, mqtt: {}, http: {} },
			protocols: ["tls", "http", "mqtt"],
			signatureVerified: false,
			connectionMetadata,
		},
	],
];

for (const [what, facts, token, event] of events) {
	test(`${what}: AWS's members in AWS's order`, (t) => {
		t.is(JSON.stringify(buildAuthorizerEvent({ ...facts, connectionId }, token)), JSON.stringify(event));
	});
}

test("a test call with a token has three members and no more", (t) => {
	t.is(
		JSON.stringify(buildTokenEvent("tok", connectionId)),
		JSON.stringify({ token: "tok", signatureVerified: true, connectionMetadata }),
	);
});

test("a request without a query has an empty query string", (t) => {
	t.deepEqual(httpFactsOf("/mqtt", {}), { headers: {}, queryString: "" });
});

test("several values of a header are joined", (t) => {
	t.deepEqual(httpFactsOf("/", { A: ["1", "2"], b: undefined }).headers, { a: "1, 2" });
});

test("a client id that the device did not send is absent", (t) => {
	t.deepEqual(buildAuthorizerEvent({ mqtt: { clientId: "" }, connectionId }, undefined).protocolData.mqtt, {});
});

test("a password's bytes reach the function whatever they are", (t) => {
	const mqtt = { password: Uint8Array.of(0, 255, 128) };
	t.is(buildAuthorizerEvent({ mqtt, connectionId }, undefined).protocolData.mqtt?.password, "AP+A");
});

test("an event has the documented members and no others, whatever the facts", (t) => {
	const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
	const text = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
	const facts = fc.record({
		tls: maybe(fc.record({ serverName: maybe(text) })),
		http: maybe(fc.record({ headers: maybe(fc.dictionary(text, text)), queryString: maybe(text) })),
		mqtt: maybe(
			fc.record({ username: maybe(text), password: maybe(fc.uint8Array({ maxLength: 20 })), clientId: maybe(text) }),
		),
	});
	const namesOf = (value: object | undefined) =>
		Object.entries(value ?? {}).flatMap(([name, member]) => (member === undefined ? [] : [name]));
	fc.assert(
		fc.property(facts, maybe(text), (given, token) => {
			const event = buildAuthorizerEvent({ ...given, connectionId }, token);
			const signed = token === undefined ? [] : ["token"];
			t.deepEqual(Object.keys(event), [
				...["protocolData", "protocols", ...signed, "signatureVerified", "connectionMetadata"],
			]);
			t.is(event.signatureVerified, token !== undefined);
			const protocols = (["tls", "mqtt", "http"] as const).filter((protocol) => given[protocol] !== undefined);
			t.deepEqual(Object.keys(event.protocolData), protocols);
			t.deepEqual([...event.protocols].sort(), [...protocols].sort());
			for (const protocol of protocols) {
				t.deepEqual(Object.keys(event.protocolData[protocol] ?? {}).sort(), namesOf(given[protocol]).sort());
			}
			t.deepEqual(event.protocolData.http?.headers, given.http?.headers);
			t.deepEqual(
				Buffer.from(event.protocolData.mqtt?.password ?? "", "base64"),
				Buffer.from(given.mqtt?.password ?? []),
			);
		}),
	);
});
