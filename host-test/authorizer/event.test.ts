import test from "ava";
import { buildAuthorizerEvent } from "../../src/authorizer/index.js";

const connectionId = "0b8e0c5e-5f0a-4f5b-9b0a-1f1f1f1f1f1f";

test("a signed connection's event has AWS's members in AWS's order", (t) => {
	const username = "user1?x-amz-customauthorizer-name=A&T=a%20b&SDK=x";
	const event = buildAuthorizerEvent(
		{ serverName: "gw.test", username, password: new TextEncoder().encode("pw"), clientId: "d1", connectionId },
		"a b",
	);
	t.is(
		JSON.stringify(event),
		JSON.stringify({
			protocolData: { tls: { serverName: "gw.test" }, mqtt: { username, password: "cHc=", clientId: "d1" } },
			protocols: ["tls", "mqtt"],
			token: "a b",
			signatureVerified: true,
			connectionMetadata: { id: connectionId },
		}),
	);
});

test("what does not apply is absent", (t) => {
	t.is(
		JSON.stringify(buildAuthorizerEvent({ connectionId }, undefined)),
		JSON.stringify({
			protocolData: { mqtt: {} },
			protocols: ["mqtt"],
			signatureVerified: false,
			connectionMetadata: { id: connectionId },
		}),
	);
});

test("a client id that the device did not send is absent", (t) => {
	t.deepEqual(buildAuthorizerEvent({ clientId: "", connectionId }, undefined).protocolData.mqtt, {});
});

test("a password's bytes reach the function whatever they are", (t) => {
	const password = Uint8Array.of(0, 255, 128);
	t.is(buildAuthorizerEvent({ password, connectionId }, undefined).protocolData.mqtt?.password, "AP+A");
});
