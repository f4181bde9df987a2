/**
 * The test call's word against the wire's, and where they differ what usually is the reason.
 * @module
 */
import { printable } from "../../policy/index.js";
import type { AwsError } from "./call.js";
import { explainAwsError, refusesCredential } from "./explain-error.js";
import { bad, type Finding, good, note } from "./finding.js";
import type { Invocation } from "./invocation.js";
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
	readonly result: Invocation["result"];
	readonly wire: WireResult;
	readonly address: WireAddress;
	/** What {@link explainInvocation} found: its bad news are the likely reasons. */
	readonly explained: readonly Finding[];
}

export function explainWire({ verdict, result, wire, address, explained }: Comparison): Finding[] {
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
				...reasons(wire, explained),
			];
	}
}

/** Codes of {@link explainInvocation} that keep a CONNECT out although the test call passes. */
const ONLY_ON_THE_WIRE: ReadonlySet<string> = new Set([
	"authorizer-inactive",
	"connect-denied",
	"no-policies",
	"other-authorizer",
]);

/** Codes of notes that may be the reason. */
const MAYBE_ON_THE_WIRE: ReadonlySet<string> = new Set(["default-authorizer", "context-missing"]);

function reasons(wire: WireResult, explained: readonly Finding[]): Finding[] {
	if (wire.outcome === "tls-refused")
		return [
			note(
				"tls-refused",
				"it ended in TLS, before the credential was looked at",
				"check the server name (SNI) and that ALPN mqtt is taken at this port",
			),
		];
	const likely = explained.flatMap((finding) => {
		if (MAYBE_ON_THE_WIRE.has(finding.code)) return [finding];
		if (finding.verdict !== "bad" || !ONLY_ON_THE_WIRE.has(finding.code)) return [];
		return [note(finding.code, finding.text, finding.remedy)];
	});
	if (likely.length > 0) return likely;
	return [
		note(
			"unexplained",
			"nothing that is seen from here explains it",
			"see what latchkey up tells of the refusal, or on AWS the CloudWatch log of AWS IoT",
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
