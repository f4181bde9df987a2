/**
 * The words of TestAuthorization (AWS IoT API Reference, "AuthInfo", "AuthResult"): which action is asked about, and what
 * is decided of several resources. Whoever explains such a call elsewhere takes them from here; nothing else is loaded.
 * @module
 */
import type { PolicyOutcome } from "../../policy/index.js";

export const ACTION_TYPES = ["PUBLISH", "SUBSCRIBE", "RECEIVE", "CONNECT"] as const;
export type ActionType = (typeof ACTION_TYPES)[number];

/** What policies call the action. */
export const ACTIONS: Readonly<Record<ActionType, string>> = {
	CONNECT: "iot:Connect",
	PUBLISH: "iot:Publish",
	SUBSCRIBE: "iot:Subscribe",
	RECEIVE: "iot:Receive",
};

const WORST_FIRST: readonly PolicyOutcome[] = ["EXPLICIT_DENY", "IMPLICIT_DENY", "ALLOWED"];

/** The decision on several resources: one explicit denial denies all, and every one must be allowed; none is nothing allowed. */
export function worstOutcome(outcomes: readonly PolicyOutcome[]): PolicyOutcome {
	return WORST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? "IMPLICIT_DENY";
}

/** Begins the principals of Latchkey's extension: `latchkey:custom-authorizer/<authorizer name>/<principal id>`. */
export const CUSTOM_PRINCIPAL = "latchkey:custom-authorizer/";
