/** @module */
import test from "ava";
import { agree, explainWire, verdictOf } from "../../src/cli/aws/compare-wire.js";
import { bad, note } from "../../src/cli/aws/finding.js";
import type { InvocationInput } from "../../src/cli/aws/invocation.js";
import type { WireResult } from "../../src/cli/aws/wire.js";
import { parseAddress, reachable, requireSendable, wireFields } from "../../src/cli/aws/wire-fields.js";

const ADDRESS = { host: "localhost", port: 8443, serverName: "localhost" };

test("an address is a name or an address with a port, by default that of AWS or of latchkey up", (t) => {
	t.deepEqual(parseAddress("localhost:8883", false), { host: "localhost", port: 8883, serverName: "localhost" });
	t.is(parseAddress("a1-ats.iot.eu-west-1.amazonaws.com", true).port, 443);
	t.is(parseAddress("gateway.lan", false).port, 8443);
	t.like(parseAddress("[::1]:1", false), { host: "::1", port: 1 });
	t.like(parseAddress("[::1]", false), { host: "::1", port: 8443 });
});

test("what is no address is refused", (t) => {
	for (const given of ["", ":1", "a b", "a:0", "a:65536", "a:x", "::1", "mqtts://a", "a:1:2"])
		t.throws(() => parseAddress(given, false), { message: /expected HOST:PORT/ }, given);
});

test("names below localhost are this machine, and stay the server name", (t) => {
	const address = parseAddress("d1.iot.eu-west-1.localhost:8443", false);
	t.deepEqual(reachable(address), { host: "127.0.0.1", port: 8443, serverName: "d1.iot.eu-west-1.localhost" });
	t.deepEqual(reachable(ADDRESS), ADDRESS);
});

function fieldsOf(input: Omit<InvocationInput, "authorizerName">, clientId?: string) {
	return wireFields({ input: { authorizerName: "A", ...input }, authorizer: undefined, clientId }, ADDRESS);
}

test("an MQTT context goes as it is, with the TLS context's server name", (t) => {
	const password = Uint8Array.of(0, 255);
	const fields = fieldsOf({ mqttContext: { username: "u?x=%zz&+", password }, tlsContext: { serverName: "s" } }, "c");
	t.deepEqual(fields, {
		clientId: "c",
		username: "u?x=%zz&+",
		password,
		host: "localhost",
		port: 8443,
		serverName: "s",
		applicationLayerProtocolNegotiation: ["mqtt"],
	});
	t.deepEqual(Object.keys(fieldsOf({ mqttContext: {} })).sort(), [
		"applicationLayerProtocolNegotiation",
		"clientId",
		"host",
		"port",
		"serverName",
	]);
});

test("a token without its key name, or without a client id, cannot be sent", (t) => {
	t.throws(() => fieldsOf({ token: "t" }, "c"), { message: /token key name is not known/ });
	t.throws(() => requireSendable({ authorizerName: "A", token: "t" }, undefined), { message: /needs a client id/ });
	t.throws(() => requireSendable({ authorizerName: "A" }, "c"), { message: /nothing to send/ });
	t.throws(() => requireSendable({ authorizerName: "A", httpContext: {}, mqttContext: {} }, "c"), {
		message: /HTTP context/,
	});
});

const REFUSED: WireResult = { admitted: false, outcome: "refused", cause: "CONNACK with code 0x87" };

test("they agree where both admit or both refuse", (t) => {
	const admitted: WireResult = { admitted: true, outcome: "online", cause: "" };
	const undecided: WireResult = { admitted: undefined, outcome: "network", cause: "" };
	const table = [
		[true, admitted, "both-admit", true],
		[true, REFUSED, "only-test-admits", false],
		[false, admitted, "only-wire-admits", false],
		[false, REFUSED, "both-refuse", true],
		[true, undecided, "undecided", false],
		[false, undecided, "undecided", false],
	] as const;
	for (const [tested, wire, verdict, same] of table) {
		t.is(verdictOf(tested, wire), verdict);
		t.is(agree(verdict), same);
	}
});

test("a refusal on the wire alone is put down to what was found, else to what is likely, else to nothing", (t) => {
	const reasonsOf = (explained: Parameters<typeof explainWire>[3]) =>
		explainWire("only-test-admits", REFUSED, ADDRESS, explained).map(({ code }) => code);
	t.deepEqual(reasonsOf([bad("connect-denied", "x"), note("default-authorizer", "y")]), [
		"only-test-admits",
		"connect-denied",
	]);
	t.deepEqual(reasonsOf([note("default-authorizer", "y")]), ["only-test-admits", "default-authorizer"]);
	t.deepEqual(reasonsOf([]), ["only-test-admits", "unexplained"]);
});
