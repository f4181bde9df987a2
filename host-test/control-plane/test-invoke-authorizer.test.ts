/**
 * TestInvokeAuthorizer gives the function the time that a connection would give it.
 * @module
 */
import test from "ava";
import { Account } from "../../src/account/index.js";
import type { AuthorizerFunction } from "../../src/authorizer/index.js";
import { testOperations } from "../../src/control-plane/iot/test-operations.js";
import { startControlPlane } from "../../src/control-plane/server.js";

/** Lets everybody in and notes the milliseconds that it was given. */
class TimedFunction implements AuthorizerFunction {
	readonly timeouts: number[] = [];

	async invoke(_event: unknown, { timeout }: { readonly timeout: number }): Promise<unknown> {
		this.timeouts.push(timeout);
		const Statement = [{ Effect: "Allow", Action: "iot:Connect", Resource: "*" }];
		const policyDocuments = [{ Version: "2012-10-17", Statement }];
		return { isAuthenticated: true, principalId: "P1", policyDocuments };
	}

	async close(): Promise<void> {}
}

for (const [seconds, milliseconds] of [
	[1, 1000],
	[900, 5000],
] as const) {
	test(`a function of ${seconds} s has ${milliseconds} ms`, async (t) => {
		const run = new TimedFunction();
		const account = new Account({ openFunction: () => run, relaxedPermissions: true });
		const source = { module: "/timed.mjs" };
		const { functionArn } = account.functions.create({ functionName: "timed", source, timeout: seconds });
		account.authorizers.create({ authorizerName: "A", authorizerFunctionArn: functionArn, signingDisabled: true });
		const context = { account, endpointAddress: "localhost", now: () => 0 };
		const plane = await startControlPlane({ host: "127.0.0.1", port: 0, operations: testOperations, context });
		t.teardown(async () => {
			await plane.close();
			await account.close();
		});
		const body = JSON.stringify({ mqttContext: { username: "device" } });
		const answer = await fetch(`${plane.url}/authorizer/A/test`, { method: "POST", body });
		t.is(answer.status, 200, await answer.text());
		t.deepEqual(run.timeouts, [milliseconds]);
	});
}
