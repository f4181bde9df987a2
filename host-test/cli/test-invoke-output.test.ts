/** @module */
import test from "ava";
import { readVectors } from "../vectors.js";
import { runVerb, startApi } from "./aws-verbs.js";

interface SuccessBody {
	readonly client: string;
	readonly title: string;
	readonly reply: { readonly authorizerDescription?: unknown };
	readonly stdout?: string;
}

const bodies = readVectors<{ readonly successBodies: readonly SuccessBody[] }>("aws/api-requests.json")?.successBodies;

for (const { client, title, reply, stdout } of bodies ?? []) {
	if (client !== "AWS CLI" || reply.authorizerDescription !== undefined) continue;
	test.serial(`a success body is printed as the AWS CLI printed it: ${title}`, async (t) => {
		const api = await startApi(t, { "POST /authorizer/A/test": { body: reply } });
		const printed = await runVerb(["test-invoke-authorizer", "--authorizer-name", "A", "--endpoint-url", api.url]);
		t.is(printed.code, 0, printed.stderr);
		t.is(printed.stdout, stdout!);
	});
}

test.serial("an answer beyond ASCII is printed as it is", async (t) => {
	const body = { isAuthenticated: true, principalId: "prüfling-試驗" };
	const api = await startApi(t, { "POST /authorizer/A/test": { body } });
	const { stdout } = await runVerb(["test-invoke-authorizer", "--authorizer-name", "A", "--endpoint-url", api.url]);
	t.is(stdout, `${JSON.stringify(body, null, 4)}\n`);
});
