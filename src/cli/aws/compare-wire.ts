/**
 * The test call's word against the wire's, and where they differ what usually is the reason.
 * @module
 */
import { printable } from "../../policy/index.js";
import type { AwsError } from "./call.js";
import { explainAwsError, refusesCredential } from "./explain-error.js";
import { bad, type Finding, good, note } from "./finding.js";
import type { Invocation, InvocationInput } from "./invocation.js";
import type { WireResult } from "./wire.js";
import type { WireAddress } from "./wire-fields.js";

export type WireVerdict = "both-admit" | "both-refuse" | "only-test-admits" | "only-wire-admits" | "undecided";

/** What the test call says of the credential; undefined where it did not get as far as judging it. */
export function testVerdict({ answer, error }: Invocation["result"]): boolean | undefined {
	if (answer !== undefined) return answer.isAuthenticated === true;
	return refusesCredential(error) ? false : undefined;
}

/** @param tested of {@link testVerdict}. */
export function verdictOf(tested: boolean | undefined, { admitted }: WireResult): WireVerdict {
	if (tested === undefined || admitted === undefined) return "undecided";
	if (tested) return admitted ? "both-admit" : "only-test-admits";
	return admitted ? "only-wire-admits" : "both-refuse";
}

/** Whether test call and wire say the same of the credential. */
export function agree(verdict: WireVerdict): boolean {
	return verdict === "both-admit" || verdict === "both-refuse";
}

export interface Comparison {
	readonly verdict: WireVerdict;
	readonly input: InvocationInput;
	readonly result: Invocation["result"];
	readonly wire: WireResult;
	readonly address: WireAddress;
	/** What was found out of the call and of the way there: bad news are the likely reasons. */
	readonly explained: readonly Finding[];
}

export function explainWire(comparison: Comparison): Finding[] {
	const { verdict, result, wire, address } = comparison;
	const where = `${address.host}:${address.port}, server name ${address.serverName}, ALPN mqtt`;
	const how = wire.reason === undefined ? wire.cause : `${wire.cause}, "${wire.reason}"`;
	switch (verdict) {
		case "both-admit":
			return [good("wire-admits", `the gateway lets it in as well (${where})`)];
		case "both-refuse":
			return [note("wire-refuses", `the gateway refuses it as well (${where}): ${how}`)];
		case "undecided":
			return [...explainUntested(result), ...explainUndecided(wire, where, how)];
		case "only-wire-admits":
			return [
				bad("only-wire-admits", `the test call refuses the credential, yet the gateway lets it in (${where})`),
				note(
					"other-authorizer-likely",
					"the CONNECT probably went to another authorizer than the test call: see the name in the username and the default authorizer",
				),
			];
		case "only-test-admits":
			return [
				bad("only-test-admits", `the test call passes, yet the gateway refuses the CONNECT (${where}): ${how}`),
				...reasons(comparison),
			];
	}
}

/** Codes of findings that keep a CONNECT out although the test call passes. */
const ONLY_ON_THE_WIRE: ReadonlySet<string> = new Set([
	"authorizer-inactive",
	"client-id-reserved",
	"client-id-too-long",
	"connect-denied",
	"domain-configuration-disabled",
	"no-default-authorizer",
	"no-policies",
	"other-authorizer",
	"sdk-suffix",
	"username-without-mark",
]);

/** Those that follow from the answer to the test call, which the function may not have given on the wire. */
const OF_THE_ANSWER: ReadonlySet<string> = new Set(["connect-denied", "no-policies"]);

/** Codes of notes that may be the reason. */
const MAYBE_ON_THE_WIRE: ReadonlySet<string> = new Set(["default-authorizer", "context-missing"]);

/** MQTT 5 section 3.2.2.2, "Client Identifier not valid". */
const CLIENT_IDENTIFIER_NOT_VALID = 0x85;

function reasons({ input, wire, explained }: Comparison): Finding[] {
	const likely = explained.flatMap(likelyReason);
	if (wire.outcome === "tls-refused") {
		return [
			...likely.filter(({ code }) => code === "domain-configuration-disabled"),
			note(
				"tls-refused",
				"it ended in TLS, before the credential was looked at",
				"check the server name (SNI) and that ALPN mqtt is taken at this port",
			),
		];
	}
	if (wire.code === CLIENT_IDENTIFIER_NOT_VALID) {
		const ofClientId = likely.filter(({ code }) => code.startsWith("client-id-"));
		return ofClientId.length > 0 ? ofClientId : [clientIdRefused()];
	}
	const isCertain = likely.some(({ code }) => !OF_THE_ANSWER.has(code) && !MAYBE_ON_THE_WIRE.has(code));
	const all = isCertain ? likely : [...likely, ...seenOnTheWireOnly(input)];
	if (all.length > 0) return all;
	return [
		note(
			"unexplained",
			"nothing that is seen from here explains it",
			"see what latchkey up tells of the refusal, or on AWS the CloudWatch log of AWS IoT",
		),
	];
}

function likelyReason(finding: Finding): Finding[] {
	const { code, verdict, text, remedy } = finding;
	if (verdict === "note") return MAYBE_ON_THE_WIRE.has(code) ? [finding] : [];
	return verdict === "bad" && ONLY_ON_THE_WIRE.has(code) ? [note(code, text, remedy)] : [];
}

function clientIdRefused(): Finding {
	return note(
		"client-id-refused",
		"it is the client id that is refused, before any authorizer is asked",
		"give one of 1 to 128 bytes that does not begin with $",
	);
}

/** What the function is told on the wire and was not told by the test call, so that it may decide otherwise. */
function seenOnTheWireOnly({ token, mqttContext, tlsContext }: InvocationInput): Finding[] {
	const unseen = [
		...(token === undefined ? [] : ["username"]),
		...(mqttContext?.clientId === undefined ? ["client id"] : []),
		...(tlsContext?.serverName === undefined ? ["TLS server name"] : []),
	];
	if (unseen.length === 0) return [];
	const call = token === undefined ? "this test call" : "a token-only test call";
	return [
		note(
			"function-sees-more",
			`on the wire the function also sees ${unseen.join(", ")} and protocols, which ${call} does not show: it may have refused the client because of them`,
			"test with --mqtt-context (username, clientId) and --tls-context (serverName), as the device sends them",
		),
	];
}

function explainUntested(result: Invocation["result"]): Finding[] {
	if (result.error === undefined || testVerdict(result) !== undefined) return [];
	return [
		bad(
			"test-undecided",
			`the test call ended before the credential was judged (${printable(result.error.name)}): there is nothing to compare`,
			testRemedy(result.error),
		),
	];
}

function testRemedy(error: AwsError): string {
	return explainAwsError(error)[0]?.remedy ?? "mend what the error above names, and compare again";
}

/** What the gateway did where the two cannot be compared. */
function explainUndecided(wire: WireResult, where: string, how: string): Finding[] {
	if (wire.admitted === undefined)
		return [bad("wire-undecided", `the gateway did not decide (${where}): ${how}`, undecidedRemedy(wire))];
	return [
		wire.admitted
			? note("wire-admits", `the gateway lets it in (${where})`)
			: note("wire-refuses", `the gateway refuses it (${where}): ${how}`, wire.remedy),
	];
}

function undecidedRemedy({ outcome, remedy }: WireResult): string | undefined {
	return outcome === "tls-trust"
		? "name the root that the gateway's certificate chains to with --ca, for Latchkey .latchkey/tls/ca.pem"
		: remedy;
}
