/** @module */
import test from "ava";
import { agree, explainWire, testVerdict, verdictOf } from "../../src/cli/aws/compare-wire.js";
import { bad, type Finding, note } from "../../src/cli/aws/finding.js";
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

/** A test call that shows the function all that a CONNECT would. */
const WHOLE: InvocationInput = {
	authorizerName: "A",
	mqttContext: { username: "u?x-amz-customauthorizer-name=A", clientId: "c" },
	tlsContext: { serverName: "localhost" },
};

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
		[undefined, admitted, "undecided", false],
		[undefined, REFUSED, "undecided", false],
		[undefined, undecided, "undecided", false],
	] as const;
	for (const [tested, wire, verdict, same] of table) {
		t.is(verdictOf(tested, wire), verdict);
		t.is(agree(verdict), same);
	}
});

test("a refusal on the wire alone is put down to everything found that may explain it, else to nothing", (t) => {
	const verdict = "only-test-admits";
	const result = { answer: { isAuthenticated: true } };
	const reasonsOf = (explained: readonly Finding[]) =>
		explainWire({ verdict, input: WHOLE, result, wire: REFUSED, address: ADDRESS, explained }).map(({ code }) => code);
	t.deepEqual(reasonsOf([bad("connect-denied", "x"), note("default-authorizer", "y")]), [
		"only-test-admits",
		"connect-denied",
		"default-authorizer",
	]);
	t.deepEqual(reasonsOf([note("default-authorizer", "y")]), ["only-test-admits", "default-authorizer"]);
	t.deepEqual(reasonsOf([]), ["only-test-admits", "unexplained"]);
});

test("an answer, an InvalidResponseException and a refused token are verdicts; errors of the call are none", (t) => {
	const invalid = (name: string) => (message?: string) => ({ error: { name, message } });
	const request = invalid("InvalidRequestException");
	const verdicts = [
		[{ answer: { isAuthenticated: true } }, true],
		[{ answer: { isAuthenticated: false } }, false],
		[{ answer: {} }, false],
		[invalid("InvalidResponseException")("anything"), false],
		[request("Token signature mismatch for authorizer A"), false],
		[request(), false],
		[request("1 validation error detected: Value at 'tokenSignature' failed to satisfy constraint: x"), false],
		[request("1 validation error detected: Value at 'authorizerName' failed to satisfy constraint: x"), undefined],
		[request("Request must provide both token and tokenSignature together."), undefined],
		[request("Token and token signature provided but signing is disabled for the authorizer."), undefined],
		[request("Invalid arguments in the call"), undefined],
		[request("something new"), undefined],
		[invalid("UnrecognizedClientException")("The security token included in the request is invalid."), undefined],
		[invalid("AccessDeniedException")("Token signature mismatch for authorizer A"), undefined],
		[invalid("ResourceNotFoundException")("Authorizer A not found"), undefined],
		[invalid("ThrottlingException")("Rate exceeded"), undefined],
		[invalid("InternalFailureException")(), undefined],
		[invalid("403")(), undefined],
	] as const;
	for (const [result, verdict] of verdicts) t.is(testVerdict(result), verdict, JSON.stringify(result));
});

test("a test call that judged nothing is told with its remedy, and what the gateway did beside it", (t) => {
	const result = { error: { name: "UnrecognizedClientException", message: "The security token is invalid." } };
	const told = (wire: WireResult) =>
		explainWire({ verdict: "undecided", input: WHOLE, result, wire, address: ADDRESS, explained: [] });
	const [first, second] = told(REFUSED);
	t.like(first, { code: "test-undecided", verdict: "bad" });
	t.regex(first?.text ?? "", /UnrecognizedClientException.*nothing to compare/);
	t.regex(first?.remedy ?? "", /keys in the environment/);
	t.is(second?.code, "wire-refuses");
	t.notRegex(second?.text ?? "", /as well/);
	t.is(told({ admitted: true, outcome: "online", cause: "" })[1]?.code, "wire-admits");
	t.is(told({ admitted: undefined, outcome: "network", cause: "" })[1]?.code, "wire-undecided");
});

function onlyOnTheWire(
	input: InvocationInput,
	wire: WireResult,
	explained: readonly Finding[] = [],
): readonly Finding[] {
	const result = { answer: { isAuthenticated: true } };
	return explainWire({ verdict: "only-test-admits", input, result, wire, address: ADDRESS, explained }).slice(1);
}

test("what a token-only test call does not show the function may be why the wire refuses, besides the policies", (t) => {
	const token = { authorizerName: "A", token: "t", tokenSignature: "s" };
	const findings = onlyOnTheWire(token, REFUSED, [bad("connect-denied", "x")]);
	t.deepEqual(
		findings.map(({ code }) => code),
		["connect-denied", "function-sees-more"],
	);
	t.regex(
		findings[1]?.text ?? "",
		/the function also sees username, client id, TLS server name and protocols, which a token-only test call does not show/,
	);
	const certain = onlyOnTheWire(token, REFUSED, [bad("authorizer-inactive", "x")]).map(({ code }) => code);
	t.deepEqual(certain, ["authorizer-inactive"]);
	const { tlsContext: _, ...withoutTls } = WHOLE;
	t.regex(onlyOnTheWire(withoutTls, REFUSED)[0]?.text ?? "", /also sees TLS server name and protocols/);
});

test("a CONNACK with 0x85 is put down to the client id alone", (t) => {
	const wire = { ...REFUSED, code: 0x85 };
	const codes = (explained: readonly Finding[]) => onlyOnTheWire(WHOLE, wire, explained).map(({ code }) => code);
	t.deepEqual(codes([bad("client-id-reserved", "x"), bad("connect-denied", "y")]), ["client-id-reserved"]);
	t.deepEqual(codes([bad("connect-denied", "y")]), ["client-id-refused"]);
});

test("a DISABLED domain configuration is named where TLS ends the attempt, and where CONNACK does", (t) => {
	const explained = [bad("domain-configuration-disabled", "x"), bad("connect-denied", "y")];
	const codes = (wire: WireResult) => onlyOnTheWire(WHOLE, wire, explained).map(({ code }) => code);
	t.deepEqual(codes({ ...REFUSED, outcome: "tls-refused" }), ["domain-configuration-disabled", "tls-refused"]);
	t.deepEqual(codes(REFUSED), ["domain-configuration-disabled", "connect-denied"]);
});
