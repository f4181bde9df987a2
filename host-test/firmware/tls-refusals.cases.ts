/**
 * What the device says of the engine's failures: one code to choose a retry rule by, one detail, words that help.
 * @module
 */
import { TLS_FAILURE, type TlsFailureName } from "../../src/firmware/native/tls-failure.js";
import { transportFailureOf } from "../../src/firmware/tls-refusals.js";
import type { Cases } from "../device/case.js";

function told(name: TlsFailureName, { alert = -1, depth = -1 } = {}) {
	return transportFailureOf({ failure: TLS_FAILURE[name], alert, depth });
}

const NAMES = (Object.keys(TLS_FAILURE) as (keyof typeof TLS_FAILURE)[]).filter((name) => name !== "none");

export const cases: Cases = {
	"every failure has its own message, its name as detail, the step tls and a remedy"(check) {
		const messages = new Set<string>();
		for (const name of NAMES) {
			const { detail, step, message, remedy } = told(name);
			check.same([detail, step], [name, "tls"]);
			check.is(/[{}]/.test(message), false, message);
			check.is((remedy ?? "").length > 0, true, name);
			messages.add(message);
		}
		check.is(messages.size, NAMES.length);
	},

	"every number is given away once"(check) {
		const numbers = Object.values(TLS_FAILURE);
		check.is(new Set(numbers).size, numbers.length);
		check.same(Math.max(...numbers), numbers.length - 1);
	},

	"what concerns trust is told as such, what the server refused as a refusal"(check) {
		const codes: Partial<Record<TlsFailureName, string>> = {
			"certificate-untrusted": "tls-trust",
			"certificate-name": "tls-trust",
			signature: "tls-trust",
			alert: "tls-refused",
			alpn: "tls-refused",
			version: "tls-refused",
			"early-close": "tls-refused",
			truncated: "closed",
			protocol: "tls-protocol",
			record: "tls-protocol",
			memory: "tls-protocol",
		};
		for (const [name, code] of Object.entries(codes)) check.is(told(name as TlsFailureName).code, code, name);
	},

	"an expired certificate is named by its place in the chain, and the clock is to be checked"(check) {
		check.is(told("certificate-expired", { depth: 0 }).message, "the server's certificate has expired");
		check.is(told("certificate-expired", { depth: 1 }).message, "the certificate of the server's issuer has expired");
		check.is(
			told("certificate-expired", { depth: 2 }).message,
			"the issuer's certificate 2 above the server's has expired",
		);
		check.is(told("certificate-expired").message, "a certificate of the server's chain has expired");
		check.is(/clock/.test(told("certificate-expired").remedy ?? ""), true);
		check.is(/clock/.test(told("certificate-not-yet-valid").remedy ?? ""), true);
	},

	"an alert is told by the RFC's name and its number, with what to do about it"(check) {
		const refused = told("alert", { alert: 120 });
		check.is(refused.message, "the server refused by TLS alert no_application_protocol (120)");
		check.is(/port 443/.test(refused.remedy ?? ""), true);
		check.is(told("alert", { alert: 40 }).message, "the server refused by TLS alert handshake_failure (40)");
		check.is(told("alert", { alert: 200 }).message, "the server refused by TLS alert number 200");
		check.is(told("alert", { alert: -1 }).message, "the server refused by TLS alert of a kind that stays hidden");
		check.is(told("alert", { alert: 200 }).remedy, "look at the server's log for this alert");
	},

	"a number that has no name is still a failure"(check) {
		for (const failure of [0, 23, 255, -1])
			check.is(transportFailureOf({ failure, alert: -1, depth: -1 }).detail, "protocol", String(failure));
	},
};
