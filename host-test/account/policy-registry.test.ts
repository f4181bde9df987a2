import test from "ava";
import { Account } from "../../src/account/index.js";
import { refused, SetClock } from "./refused.js";

const document = (action: string) =>
	`{ "Version": "2012-10-17",\n "Statement": [{ "Effect": "Allow", "Action": "iot:${action}", "Resource": "*" }] }`;
const CERTIFICATE = `arn:aws:iot:eu-west-1:123456789012:cert/${"0a".repeat(32)}`;
const GROUP = "arn:aws:iot:eu-west-1:123456789012:thinggroup/Sensors";
const IDENTITY = "eu-west-1:01234567-89ab-cdef-0123-456789abcdef";

function createRegistry() {
	const clock = new SetClock();
	const account = new Account({ now: clock.now });
	return { account, registry: account.policies, clock };
}

test("a new policy has one version, in force, its document word for word", (t) => {
	const { registry } = createRegistry();
	const policyDocument = document("Connect");
	const record = registry.create({ policyName: "P", policyDocument });
	t.like(record, {
		policyName: "P",
		policyArn: "arn:aws:iot:eu-west-1:123456789012:policy/P",
		defaultVersionId: "1",
		creationDate: 1000,
		lastModifiedDate: 1000,
	});
	t.deepEqual(registry.listVersions("P"), [
		{ policyVersionId: "1", policyDocument, isDefaultVersion: true, createDate: 1000 },
	]);
});

test("refuses names, documents and sizes that AWS refuses", (t) => {
	const { registry } = createRegistry();
	const policyDocument = document("Connect");
	t.deepEqual(
		refused(t, () => registry.create({ policyName: "a b", policyDocument })),
		[
			"InvalidRequestException",
			"1 validation error detected: Value at 'policyName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
		],
	);
	t.deepEqual(
		refused(t, () => registry.create({ policyName: "P", policyDocument: "{}" })),
		["MalformedPolicyException", "Policy document is Malformed: Invalid policy syntax."],
	);
	const [type] = refused(t, () => registry.create({ policyName: "P", policyDocument: document("x".repeat(2048)) }));
	t.is(type, "MalformedPolicyException");
	t.notThrows(() => registry.create({ policyName: "P", policyDocument: document("x") + " ".repeat(2048) }));
});

test("refuses a name that is taken", (t) => {
	const { registry } = createRegistry();
	registry.create({ policyName: "P", policyDocument: document("Connect") });
	t.deepEqual(
		refused(t, () => registry.create({ policyName: "P", policyDocument: document("Connect") })),
		["ResourceAlreadyExistsException", "Policy cannot be created - name already exists (name=P)"],
	);
});

test("a version is in force when it is made so, and each change has a generation of its own", (t) => {
	const { registry, clock } = createRegistry();
	const { generationId } = registry.create({ policyName: "P", policyDocument: document("Connect") });
	clock.time = 2000;
	t.like(registry.createVersion("P", document("Publish")), { policyVersionId: "2", isDefaultVersion: false });
	t.is(registry.describe("P").defaultVersionId, "1");
	t.like(registry.createVersion("P", document("Receive"), true), { policyVersionId: "3", isDefaultVersion: true });
	registry.setDefaultVersion("P", "2");
	t.deepEqual(
		registry.listVersions("P").map(({ policyVersionId, isDefaultVersion }) => [policyVersionId, isDefaultVersion]),
		[
			["3", false],
			["2", true],
			["1", false],
		],
	);
	t.not(registry.describe("P").generationId, generationId);
	t.true(registry.describe("P").lastModifiedDate >= 2000);
});

test("there are five versions at most, and a number is never given twice", (t) => {
	const { registry } = createRegistry();
	registry.create({ policyName: "P", policyDocument: document("Connect") });
	for (const action of ["a", "b", "c", "d"]) registry.createVersion("P", document(action));
	t.deepEqual(
		refused(t, () => registry.createVersion("P", document("e"))),
		["VersionsLimitExceededException", "The policy P already has the maximum number of versions (5)"],
	);
	registry.deleteVersion("P", "5");
	t.is(registry.createVersion("P", document("e")).policyVersionId, "6");
});

test("the default version cannot be deleted, an unknown one neither", (t) => {
	const { registry } = createRegistry();
	registry.create({ policyName: "P", policyDocument: document("Connect") });
	t.deepEqual(
		refused(t, () => registry.deleteVersion("P", "1")),
		["DeleteConflictException", "Cannot delete the default version of a policy"],
	);
	t.is(refused(t, () => registry.deleteVersion("P", "2"))[0], "ResourceNotFoundException");
	t.is(refused(t, () => registry.setDefaultVersion("P", "2"))[0], "ResourceNotFoundException");
	t.is(refused(t, () => registry.getVersion("Q", "1"))[0], "ResourceNotFoundException");
});

test("a policy goes when it is attached to nothing and has its default version alone", (t) => {
	const { registry } = createRegistry();
	registry.create({ policyName: "P", policyDocument: document("Connect") });
	registry.attach("P", GROUP);
	t.deepEqual(
		refused(t, () => registry.delete("P")),
		[
			"DeleteConflictException",
			"The policy cannot be deleted as the policy is attached to one or more principals (name=P)",
		],
	);
	registry.detach("P", GROUP);
	registry.createVersion("P", document("Publish"));
	t.is(refused(t, () => registry.delete("P"))[0], "DeleteConflictException");
	registry.deleteVersion("P", "2");
	registry.delete("P");
	t.deepEqual(
		refused(t, () => registry.delete("P")),
		["ResourceNotFoundException", "Policy cannot be found (name=P)"],
	);
});

test("attaches to certificates, thing groups and Cognito identities, once each", (t) => {
	const { registry } = createRegistry();
	for (const policyName of ["P", "Q"]) registry.create({ policyName, policyDocument: document("Connect") });
	for (const target of [CERTIFICATE, GROUP, IDENTITY]) registry.attach("P", target);
	registry.attach("Q", GROUP);
	registry.attach("P", GROUP);
	t.deepEqual(
		registry.attachedTo(GROUP).map(({ policyName }) => policyName),
		["P", "Q"],
	);
	t.deepEqual(registry.targetsOf("P"), [CERTIFICATE, GROUP, IDENTITY]);
	registry.detach("P", GROUP);
	registry.detach("P", GROUP);
	t.deepEqual(registry.targetsOf("P"), [CERTIFICATE, IDENTITY]);
});

for (const target of [
	"",
	"dev1",
	`arn:aws:iot:eu-west-1:123456789012:cert/${"0a".repeat(31)}`,
	GROUP.replace("123456789012", "000000000001"),
	GROUP.replace("eu-west-1", "us-east-1"),
	"arn:aws:iot:eu-west-1:123456789012:thing/dev1",
	`${GROUP}\n`,
	"eu-west-1:0123",
]) {
	test(`nothing can be attached to ${JSON.stringify(target)}`, (t) => {
		const { registry } = createRegistry();
		registry.create({ policyName: "P", policyDocument: document("Connect") });
		t.is(refused(t, () => registry.attach("P", target))[0], "InvalidRequestException");
		t.is(refused(t, () => registry.attachedTo(target))[0], "InvalidRequestException");
	});
}

test("a target has ten policies at most", (t) => {
	const { registry } = createRegistry();
	for (let number = 1; number <= 11; number++) {
		registry.create({ policyName: `P${number}`, policyDocument: document("Connect") });
		if (number <= 10) registry.attach(`P${number}`, GROUP);
	}
	t.is(refused(t, () => registry.attach("P11", GROUP))[0], "LimitExceededException");
	t.notThrows(() => registry.attach("P10", GROUP));
});

test("the evaluator is given the version in force, read once for each change", (t) => {
	const { registry } = createRegistry();
	const record = registry.create({ policyName: "P", policyDocument: document("Connect") });
	const [first] = registry.named(record);
	t.is(first?.name, "P");
	t.is(registry.named(registry.describe("P"))[0], first);
	registry.createVersion("P", document("Publish"), true);
	t.not(registry.named(registry.describe("P"))[0], first);
});

test("lists newest first, or oldest", (t) => {
	const { registry } = createRegistry();
	for (const policyName of ["B", "A"]) registry.create({ policyName, policyDocument: document("Connect") });
	const names = (ascending: boolean) => registry.list({ ascending }).map(({ policyName }) => policyName);
	t.deepEqual(names(false), ["A", "B"]);
	t.deepEqual(names(true), ["B", "A"]);
});
