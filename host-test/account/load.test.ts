import test from "ava";
import { loadAccount } from "../../src/account/index.js";
import { authorizer, config, GROUP, key, load, loadText, POLICY, written } from "./loading.js";

test("loads an authorizer with its function, ACTIVE though AWS's own default is INACTIVE", (t) => {
	const { account, opened } = load(config);
	t.deepEqual(account.getAuthorizer("Demo"), {
		name: "Demo",
		arn: "arn:aws:iot:eu-west-1:123456789012:authorizer/Demo",
		functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:F",
		tokenKeyName: "Tok",
		tokenSigningPublicKeys: { k1: key },
		signingDisabled: false,
		status: "ACTIVE",
		enableCachingForHttp: false,
		creationDate: 5000,
		lastModifiedDate: 5000,
	});
	t.deepEqual(opened, []);
	const selection = account.selectAuthorizer({ name: "Demo" });
	t.true("function" in selection && selection.function !== undefined);
	t.deepEqual(opened, [{ module: "/house/authorizer.ts" }]);
});

test("reads a key from a file beside the document", (t) => {
	const Demo = { ...authorizer, tokenSigningPublicKeys: { k1: { file: "key.pem" } } };
	t.is(load({ ...config, authorizers: { Demo } }).account.getAuthorizer("Demo")?.tokenSigningPublicKeys["k1"], key);
});

test("takes account id, region, status and defaults from the document", (t) => {
	const { account } = load({
		accountId: "000000000042",
		region: "eu-central-1",
		functions: config.functions,
		authorizers: { Demo: { ...authorizer, status: "INACTIVE" }, Open: { function: "F", signingDisabled: true } },
		defaultAuthorizer: "Demo",
		domainConfigurations: { gw: { serverName: "gw.test", defaultAuthorizer: "Open" } },
	});
	t.is(account.getAuthorizer("Demo")?.arn, "arn:aws:iot:eu-central-1:000000000042:authorizer/Demo");
	t.is(account.getAuthorizer("Demo")?.status, "INACTIVE");
	t.like(account.selectAuthorizer({}), { chosenBy: "account-default" });
	t.like(account.selectAuthorizer({ serverName: "gw.test" }), { chosenBy: "domain-configuration" });
});

test("a domain configuration has AWS's defaults", (t) => {
	const { account } = load({ domainConfigurations: { gw: { serverName: "gw.test" } } });
	t.like(account.getDomainConfiguration("gw.test"), {
		name: "gw",
		status: "ENABLED",
		serverName: "gw.test",
		allowAuthorizerOverride: true,
		authenticationType: "DEFAULT",
		applicationProtocol: "DEFAULT",
	});
});

test("an empty document is an empty account", (t) => {
	t.deepEqual(load({}).account.listAuthorizers(), []);
});

test("takes a byte order mark for nothing", (t) => {
	t.is(loadText("\uFEFF{}").account.region, "eu-west-1");
});

test("takes a policy out of the document without its white space, out of a file as it is, and attaches it", (t) => {
	const policies = { Inline: JSON.parse(POLICY), Filed: { file: "policy.json" } };
	const { policies: registry } = load({ policies, principals: { [GROUP]: ["Filed", "Inline"] } }).account;
	t.is(registry.describe("Filed").versions[0]?.policyDocument, POLICY);
	t.is(registry.describe("Inline").versions[0]?.policyDocument, JSON.stringify(JSON.parse(POLICY)));
	t.deepEqual(
		registry.attachedTo(GROUP).map(({ policyName }) => policyName),
		["Filed", "Inline"],
	);
});

test("a function may be invoked by the authorizers that name it, and by no others", (t) => {
	const { account } = load({
		functions: { F: { module: "f.ts" }, G: { endpoint: "http://127.0.0.1:3001", functionName: "H" } },
		authorizers: { "A=1": authorizer, B: { function: "G", signingDisabled: true } },
	});
	const arn = (name: string) => account.authorizers.describe(name).arn;
	t.true(account.functions.permits(account.functionArn("F"), arn("A=1")));
	t.false(account.functions.permits(account.functionArn("F"), arn("B")));
	t.true(account.functions.permits(account.functionArn("G"), arn("B")));
	t.is(JSON.parse(account.functions.getPolicy("F").policy).Statement[0].Sid, "1-A-1");
	t.deepEqual(account.functions.describe("G").source, { endpoint: "http://127.0.0.1:3001", functionName: "H" });
});

test("permissions that the document lists stand for themselves", (t) => {
	const permission = { statementId: "one", principal: "iot.amazonaws.com", sourceAccount: "123456789012" };
	const { account } = load({
		functions: { F: { module: "f.ts", permissions: [permission] }, G: { module: "g.ts", permissions: [] } },
		authorizers: { A: authorizer, B: { function: "G", signingDisabled: true } },
	});
	t.true(account.functions.permits(account.functionArn("F"), account.authorizers.describe("A").arn));
	t.false(account.functions.permits(account.functionArn("G"), account.authorizers.describe("B").arn));
});

test("what the document says is as old as its file, in whole milliseconds", (t) => {
	const openFunction = () => ({ invoke: async () => null, close: async () => {} });
	const account = loadAccount(written(config), { directory: "/house", openFunction, configuredAt: 4000.75 });
	t.is(account.authorizers.describe("Demo").creationDate, 4000);
});

test("what the API creates is newer than what the document says", (t) => {
	const { account } = load(config);
	const functionArn = account.functionArn("F");
	account.authorizers.create({ authorizerName: "Late", authorizerFunctionArn: functionArn, signingDisabled: true });
	t.deepEqual(
		account.authorizers.list().map(({ name }) => name),
		["Late", "Demo"],
	);
});
