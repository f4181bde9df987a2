/**
 * Calls of TestInvokeAuthorizer and what the scripted function makes of them.
 * @module
 */
import type { Expected, Step } from "../scenario.js";
import { ADMISSION, sign, tokenFor } from "../site.js";
import { fails, invalidResponse, succeeds } from "./steps.js";

/** What TestInvokeAuthorizer makes of {@link ADMISSION}. */
export const ADMITTED = {
	isAuthenticated: true,
	principalId: "Principal1",
	policyDocuments: ADMISSION.policyDocuments.map((policy) => JSON.stringify(policy)),
	refreshAfterInSeconds: 300,
	disconnectAfterInSeconds: 86_400,
};

/** What comes back where the function is not told what to do, and saw this event. */
export function told(event: object) {
	return { ...ADMITTED, principalId: "Told", policyDocuments: [eventIs(event)] };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Members in their order; the id is whatever UUID. */
function eventIs(expected: object): Expected {
	return function theEventIsAsExpected(policy: unknown) {
		const { Statement } = JSON.parse(String(policy)) as { readonly Statement: readonly { readonly Sid: string }[] };
		const event = JSON.parse(Statement[0]?.Sid ?? "") as { connectionMetadata: { id: string } };
		if (!UUID.test(event.connectionMetadata.id)) return false;
		event.connectionMetadata.id = "UUID";
		return JSON.stringify(event) === JSON.stringify({ ...expected, connectionMetadata: { id: "UUID" } });
	};
}

/** The input of a test with a token that carries a script. */
export function tokenInput(authorizerName: string, token: string) {
	return { authorizerName, token, tokenSignature: sign(token) };
}

/** A function that answers this is believed. */
export function believed(answer: object, output: Expected): Step {
	return succeeds("TestInvokeAuthorizer", tokenInput("Signed", tokenFor(answer)), output);
}

/** A function that answers this is not believed. */
export function disbelieved(answer: unknown, message: string): Step {
	return fails("TestInvokeAuthorizer", tokenInput("Signed", tokenFor(answer)), invalidResponse(message));
}

/** A function that does this brings no answer. */
export function broughtNothing(script: object, message: string): Step {
	const text = `Lambda function encountered error in execution: ${message}`;
	return fails("TestInvokeAuthorizer", tokenInput("Signed", JSON.stringify(script)), invalidResponse(text));
}
