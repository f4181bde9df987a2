/**
 * Permissions to call a function, by the Lambda API.
 * @module
 */
import test from "ava";
import { openLambdaSite, refusal } from "./lambda-site.js";

const PERMISSION = {
	StatementId: "Id-123",
	Action: "lambda:InvokeFunction",
	Principal: "iot.amazonaws.com",
	SourceArn: "arn:aws:iot:eu-west-1:123456789012:authorizer/A",
	SourceAccount: "123456789012",
};

test("a permission is added, shown and removed", async (t) => {
	const { call, account } = await openLambdaSite(t);
	const added = await call("POST", "/echo/policy", PERMISSION);
	t.is(added.status, 201);
	const statement: unknown = JSON.parse(String(added.json["Statement"]));
	t.deepEqual(statement, {
		Sid: "Id-123",
		Effect: "Allow",
		Principal: { Service: "iot.amazonaws.com" },
		Action: "lambda:InvokeFunction",
		Resource: "arn:aws:lambda:eu-west-1:123456789012:function:echo",
		Condition: {
			StringEquals: { "AWS:SourceAccount": "123456789012" },
			ArnLike: { "AWS:SourceArn": PERMISSION.SourceArn },
		},
	});
	t.true(account.functions.permits("arn:aws:lambda:eu-west-1:123456789012:function:echo", PERMISSION.SourceArn));
	const shown = await call("GET", "/echo/policy");
	t.deepEqual(JSON.parse(String(shown.json["Policy"])), {
		Version: "2012-10-17",
		Id: "default",
		Statement: [statement],
	});
	t.truthy(shown.json["RevisionId"]);
	const removed = await call("DELETE", "/echo/policy/Id-123");
	t.is(removed.status, 204);
	t.is((await call("GET", "/echo/policy")).status, 404);
});

test("a statement id that is taken is a conflict", async (t) => {
	const { call } = await openLambdaSite(t);
	await call("POST", "/echo/policy", PERMISSION);
	t.is(refusal(await call("POST", "/echo/policy", PERMISSION)).type, "ResourceConflictException");
});

test("conditions that Latchkey does not know are refused by name", async (t) => {
	const { call } = await openLambdaSite(t);
	const answer = await call("POST", "/echo/policy", { ...PERMISSION, PrincipalOrgID: "o-abcdefghij" });
	t.is(refusal(answer).message, "'principalOrgID' is not supported by Latchkey");
	t.is((await call("GET", "/echo/policy")).status, 404);
});
