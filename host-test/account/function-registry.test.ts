import test from "ava";
import { Account, type FunctionConfiguration } from "../../src/account/index.js";
import type { AuthorizerFunction } from "../../src/authorizer/index.js";
import { refused, SetClock } from "./refused.js";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:F";
const AUTHORIZER = "arn:aws:iot:eu-west-1:123456789012:authorizer/A";
const SOURCE = { module: "/house/f.ts" };
const IOT = { statementId: "one", action: "lambda:InvokeFunction", principal: "iot.amazonaws.com" };

/** An account whose functions tell when they are opened, retired and closed; what is retired runs until it is closed. */
function createRegistry() {
	const clock = new SetClock();
	const told: string[] = [];
	let finish = () => {};
	const ended = new Promise<void>((resolve) => {
		finish = resolve;
	});
	const openFunction = ({ functionName, timeout }: FunctionConfiguration): AuthorizerFunction => {
		told.push(`open ${functionName} ${timeout}`);
		return {
			invoke: async () => null,
			retire: () => {
				told.push(`retire ${functionName} ${timeout}`);
				return ended;
			},
			close: async () => {
				told.push(`close ${functionName} ${timeout}`);
				finish();
			},
		};
	};
	const account = new Account({ now: clock.now, openFunction });
	return { account, registry: account.functions, clock, told, finish: () => finish() };
}

test("a new function has AWS's defaults, and all that it is given", (t) => {
	const { registry } = createRegistry();
	t.deepEqual(registry.create({ functionName: "F", source: SOURCE }), {
		functionName: "F",
		functionArn: ARN,
		source: SOURCE,
		timeout: 3,
		memorySize: 128,
		lastModified: 1000,
	});
	const more = { runtime: "nodejs20.x", handler: "index.handler", environment: { A1: "b" }, timeout: 900 };
	t.like(registry.create({ functionName: "G", source: SOURCE, ...more }), more);
});

test("refuses a name that is taken, and values out of bounds", (t) => {
	const { registry } = createRegistry();
	const create = (more: object) => refused(t, () => registry.create({ functionName: "F", source: SOURCE, ...more }));
	t.deepEqual(create({ timeout: 901 }), [
		"InvalidParameterValueException",
		"1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
	]);
	t.is(create({ functionName: "a b" })[0], "InvalidParameterValueException");
	t.is(create({ memorySize: 64 })[0], "InvalidParameterValueException");
	t.is(create({ environment: { LONG: "x".repeat(4096) } })[0], "InvalidParameterValueException");
	registry.create({ functionName: "F", source: SOURCE });
	t.deepEqual(create({}), ["ResourceConflictException", "Function already exist: F"]);
});

for (const reference of [
	"F",
	"function:F",
	"123456789012:function:F",
	ARN,
	`${ARN}:$LATEST`,
	"F:$LATEST",
	"eu-west-1:123456789012:function:F",
]) {
	test(`a function is found as ${reference}`, (t) => {
		const { registry } = createRegistry();
		registry.create({ functionName: "F", source: SOURCE });
		t.is(registry.get(reference)?.functionArn, ARN);
	});
}

for (const reference of [
	"G",
	"",
	"F:1",
	`${ARN}:live`,
	ARN.replace("eu-west-1", "us-east-1"),
	ARN.replace("123456789012", "000000000001"),
	ARN.replace("aws", "aws-cn"),
	"000000000001:function:F",
	"a:b:F",
	"F\n",
]) {
	test(`no function is found as ${JSON.stringify(reference)}`, (t) => {
		const { registry } = createRegistry();
		registry.create({ functionName: "F", source: SOURCE });
		t.is(registry.get(reference), undefined);
		t.is(registry.open(reference), undefined);
		t.is(refused(t, () => registry.describe(reference))[0], "ResourceNotFoundException");
	});
}

test("what is not found is told by its ARN", (t) => {
	const { registry } = createRegistry();
	const message = (reference: string) => refused(t, () => registry.describe(reference))[1];
	t.is(message("F"), `Function not found: ${ARN}`);
	t.is(message(`${ARN}:2`), `Function not found: ${ARN}:2`);
	t.is(message("123456789012:function:F"), `Function not found: ${ARN}`);
});

test("a function is opened at its first use and once", (t) => {
	const { registry, told } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE });
	t.deepEqual(told, []);
	const run = registry.open(ARN);
	t.is(registry.open(`${ARN}:$LATEST`), run);
	t.deepEqual(told, ["open F 3"]);
});

test("an update retires the running function, the next use opens it as it is then", (t) => {
	const { registry, told, clock } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE, description: "d" });
	registry.open(ARN);
	clock.time = 2000;
	t.like(registry.update("F", { timeout: 10, description: undefined }), {
		timeout: 10,
		description: "d",
		lastModified: 2000,
	});
	registry.open(ARN);
	t.deepEqual(told, ["open F 3", "retire F 3", "open F 10"]);
	t.is(refused(t, () => registry.update("F", { timeout: 0 }))[0], "InvalidParameterValueException");
	t.is(refused(t, () => registry.update("G", {}))[0], "ResourceNotFoundException");
});

test("a deleted function is retired, and its permissions and tags are gone", (t) => {
	const { account, registry, told } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE, tags: [{ Key: "k" }] });
	registry.addPermission("F", IOT);
	registry.open(ARN);
	registry.delete(ARN);
	t.deepEqual(told, ["open F 3", "retire F 3"]);
	t.is(registry.open(ARN), undefined);
	registry.create({ functionName: "F", source: SOURCE });
	t.false(registry.permits(ARN, AUTHORIZER));
	t.deepEqual(account.tags.list(ARN), []);
});

test("the account's end ends what runs and what is retired, and tells of a failure", async (t) => {
	const { account, registry, told } = createRegistry();
	for (const functionName of ["F", "G"]) registry.create({ functionName, source: SOURCE });
	registry.open("F");
	registry.open("G");
	registry.delete("G");
	account.putFunction("H", {
		invoke: async () => null,
		close: async () => {
			throw new Error("stuck");
		},
	});
	await t.throwsAsync(account.close(), { message: "stuck" });
	t.deepEqual(told.slice(2).sort(), ["close F 3", "close G 3", "retire G 3"]);
});

test("who waits for a retired function waits for its last call, whatever became of the function since", async (t) => {
	const { registry, told, finish } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE });
	await registry.whenRetired(ARN);
	registry.open(ARN);
	registry.update("F", { timeout: 4 });
	registry.open(ARN);
	registry.delete("F");
	const waiting = registry.whenRetired(ARN).then(() => told.push("ended"));
	await registry.whenRetired(`${ARN}2`);
	t.false(told.includes("ended"));
	finish();
	await waiting;
	t.deepEqual(told, ["open F 3", "retire F 3", "open F 4", "retire F 4", "ended"]);
	await registry.whenRetired(ARN);
});

test("a function that cannot be retired well does not keep who waits for it, and the account's end tells of it", async (t) => {
	const openFunction = (): AuthorizerFunction => ({
		invoke: async () => null,
		retire: async () => {
			throw new Error("stuck");
		},
		close: async () => {},
	});
	const account = new Account({ openFunction });
	account.functions.create({ functionName: "F", source: SOURCE });
	account.functions.open("F");
	account.functions.delete("F");
	await account.functions.whenRetired(ARN);
	await t.throwsAsync(account.close(), { message: "stuck" });
});

test("an authorizer's call may take as long as its function's timeout says, five seconds at most", (t) => {
	const { account, registry } = createRegistry();
	const timeoutOf = (functionArn: string) => {
		account.putAuthorizer({ name: "A", functionArn, tokenSigningPublicKeys: {}, signingDisabled: true });
		const selection = account.selectAuthorizer({ name: "A" });
		const timeout = "refusal" in selection ? undefined : selection.timeout;
		t.is(account.callTimeout(functionArn), timeout ?? -1);
		return timeout;
	};
	t.is(timeoutOf(ARN), 5000);
	registry.create({ functionName: "F", source: SOURCE });
	t.is(timeoutOf(ARN), 3000);
	for (const [seconds, wanted] of [
		[1, 1000],
		[5, 5000],
		[900, 5000],
	] as const) {
		registry.update("F", { timeout: seconds });
		t.is(timeoutOf(ARN), wanted);
	}
	registry.update("F", { timeout: 1 });
	account.putFunction("F", { invoke: async () => null, close: async () => {} });
	t.is(timeoutOf(ARN), 5000);
});

test("a function behind an endpoint has AWS's five seconds, unless its configuration names a timeout", (t) => {
	const { account, registry } = createRegistry();
	registry.create({ functionName: "F", source: { endpoint: "http://127.0.0.1:3001" } });
	t.is(account.callTimeout(ARN), 5000);
	registry.create({ functionName: "G", source: { endpoint: "http://127.0.0.1:3001" }, timeout: 2 });
	t.is(account.callTimeout(account.functionArn("G")), 2000);
});

test("functions are listed by name", (t) => {
	const { registry } = createRegistry();
	for (const functionName of ["b", "a", "C"]) registry.create({ functionName, source: SOURCE });
	t.deepEqual(
		registry.list().map(({ functionName }) => functionName),
		["C", "a", "b"],
	);
});

test("a permission becomes a statement in AWS's form", (t) => {
	const { registry } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE });
	const statement = registry.addPermission("123456789012:function:F", {
		...IOT,
		sourceArn: AUTHORIZER,
		sourceAccount: "123456789012",
	});
	t.is(
		JSON.stringify(statement),
		`{"Sid":"one","Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"${ARN}","Condition":{"StringEquals":{"AWS:SourceAccount":"123456789012"},"ArnLike":{"AWS:SourceArn":"${AUTHORIZER}"}}}`,
	);
	const principalOf = (statementId: string, principal: string) =>
		registry.addPermission("F", { statementId, action: "lambda:*", principal }).Principal;
	t.deepEqual(principalOf("two", "*"), "*");
	t.deepEqual(principalOf("three", "000000000001"), { AWS: "arn:aws:iam::000000000001:root" });
	t.deepEqual(principalOf("four", "arn:aws:iam::000000000001:role/r"), { AWS: "arn:aws:iam::000000000001:role/r" });
});

test("the policy is all statements, and its revision changes with them", (t) => {
	const { registry } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE });
	const statement = registry.addPermission("F", IOT);
	const { policy, revisionId } = registry.getPolicy("F");
	t.deepEqual(JSON.parse(policy), { Version: "2012-10-17", Id: "default", Statement: [statement] });
	registry.addPermission("F", { ...IOT, statementId: "two" });
	t.not(registry.getPolicy("F").revisionId, revisionId);
	registry.removePermission("F", "two");
	t.is(registry.getPolicy("F").revisionId, revisionId);
});

test("refuses statements that AWS refuses", (t) => {
	const { registry } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE });
	t.is(refused(t, () => registry.addPermission("G", IOT))[0], "ResourceNotFoundException");
	t.is(
		refused(t, () => registry.addPermission("F", { ...IOT, statementId: "a b" }))[0],
		"InvalidParameterValueException",
	);
	registry.addPermission("F", IOT);
	t.deepEqual(
		refused(t, () => registry.addPermission("F", IOT)),
		[
			"ResourceConflictException",
			"The statement id (one) provided already exists. Please provide a new statement id, or remove the existing statement.",
		],
	);
	const long = { ...IOT, statementId: "long", sourceArn: `${AUTHORIZER}${"x".repeat(20_480)}` };
	t.is(refused(t, () => registry.addPermission("F", long))[0], "PolicyLengthExceededException");
});

test("what has no policy or no such statement is told apart", (t) => {
	const { registry } = createRegistry();
	registry.create({ functionName: "F", source: SOURCE });
	const missing = (message: string) => ["ResourceNotFoundException", message] as const;
	t.deepEqual(
		refused(t, () => registry.getPolicy("F")),
		missing("The resource you requested does not exist."),
	);
	t.deepEqual(
		refused(t, () => registry.removePermission("F", "one")),
		missing("No policy is associated with the given resource."),
	);
	registry.addPermission("F", IOT);
	t.deepEqual(
		refused(t, () => registry.removePermission("F", "two")),
		missing("Statement two is not found in resource policy."),
	);
	registry.removePermission("F", "one");
	t.is(refused(t, () => registry.getPolicy("F"))[0], "ResourceNotFoundException");
});

const permissions: readonly (readonly [why: string, permission: object, permitted: boolean])[] = [
	["IoT without a condition", {}, true],
	["the authorizer's ARN", { sourceArn: AUTHORIZER }, true],
	["ARN and account", { sourceArn: AUTHORIZER, sourceAccount: "123456789012" }, true],
	["every authorizer of the account", { sourceArn: "arn:aws:iot:eu-west-1:123456789012:authorizer/*" }, true],
	["authorizers of any account", { sourceArn: "arn:aws:iot:*:*:authorizer/?" }, true],
	["every Lambda action", { action: "lambda:*" }, true],
	["the action in small letters", { action: "lambda:invokefunction" }, true],
	["another authorizer", { sourceArn: `${AUTHORIZER}2` }, false],
	["another region", { sourceArn: AUTHORIZER.replace("eu-west-1", "us-east-1") }, false],
	["a wildcard that would have to cross a colon", { sourceArn: "arn:aws:iot:*:authorizer/A" }, false],
	["another account", { sourceAccount: "000000000001" }, false],
	["another service", { principal: "apigateway.amazonaws.com" }, false],
	["the account itself", { principal: "123456789012" }, false],
	["another action", { action: "lambda:GetFunction" }, false],
];

for (const [why, permission, permitted] of permissions) {
	test(`a permission for ${why} ${permitted ? "permits" : "does not permit"} the authorizer`, (t) => {
		const { account, registry } = createRegistry();
		registry.create({ functionName: "F", source: SOURCE });
		account.authorizers.create({ authorizerName: "A", authorizerFunctionArn: ARN, signingDisabled: true });
		t.like(account.selectAuthorizer({ name: "A" }), { permitted: false });
		registry.addPermission("F", { ...IOT, ...permission });
		t.like(account.selectAuthorizer({ name: "A" }), { permitted });
	});
}
