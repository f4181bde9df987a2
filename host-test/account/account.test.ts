import test, { type ExecutionContext } from "ava";
import { Account, type AuthorizerQuery, ServiceError } from "../../src/account/index.js";
import type { AuthorizerFunction } from "../../src/authorizer/index.js";

class IdleFunction implements AuthorizerFunction {
	closed = false;

	async invoke(): Promise<unknown> {
		return null;
	}

	async close(): Promise<void> {
		this.closed = true;
	}
}

/** Authorizers One and Two without signing, function F, domain configurations free.test and strict.test. */
function createAccount() {
	const account = new Account();
	const run = new IdleFunction();
	account.putFunction("F", run);
	for (const name of ["One", "Two"]) {
		account.putAuthorizer({
			name,
			functionArn: account.functionArn("F"),
			tokenSigningPublicKeys: {},
			signingDisabled: true,
		});
	}
	const types = { authenticationType: "CUSTOM_AUTH", applicationProtocol: "SECURE_MQTT" } as const;
	for (const [name, allowAuthorizerOverride] of [
		["free", true],
		["strict", false],
	] as const) {
		account.putDomainConfiguration({
			name,
			serverName: `${name}.test`,
			defaultAuthorizer: "Two",
			allowAuthorizerOverride,
			...types,
		});
	}
	return { account, run };
}

function select(t: ExecutionContext, query: AuthorizerQuery, account = createAccount().account) {
	const selection = account.selectAuthorizer(query);
	if ("refusal" in selection) return t.fail(`refused: ${selection.refusal.cause}`) as never;
	return [selection.authorizer.name, selection.chosenBy];
}

function refusal(t: ExecutionContext, query: AuthorizerQuery, account = createAccount().account) {
	const selection = account.selectAuthorizer(query);
	return "refusal" in selection ? selection.refusal : (t.fail(`chose ${selection.authorizer.name}`) as never);
}

test("the authorizer that the client names comes first", (t) => {
	const { account } = createAccount();
	account.setDefaultAuthorizer("Two");
	t.deepEqual(select(t, { name: "One", serverName: "free.test" }, account), ["One", "name"]);
});

test("the default of the domain configuration comes before that of the account", (t) => {
	const { account } = createAccount();
	account.setDefaultAuthorizer("One");
	t.deepEqual(select(t, { serverName: "free.test" }, account), ["Two", "domain-configuration"]);
});

test("the account's default applies where the server name has none", (t) => {
	const { account } = createAccount();
	account.setDefaultAuthorizer("One");
	t.deepEqual(select(t, { serverName: "other.test" }, account), ["One", "account-default"]);
	t.deepEqual(select(t, {}, account), ["One", "account-default"]);
});

test("the server name's letter case does not matter", (t) => {
	t.deepEqual(select(t, { serverName: "FREE.Test" }), ["Two", "domain-configuration"]);
});

test("where the domain configuration is DISABLED, everybody is refused", (t) => {
	const { account } = createAccount();
	const configuration = account.getDomainConfiguration("free.test");
	if (configuration === undefined) return t.fail();
	account.putDomainConfiguration({ ...configuration, status: "DISABLED" });
	const told = { code: "domain-configuration-disabled", reason: "DOMAIN_CONFIGURATION_DISABLED" } as const;
	t.like(refusal(t, { serverName: "free.test" }, account), told);
	t.like(refusal(t, { name: "One", serverName: "free.test" }, account), told);
	t.deepEqual(select(t, { name: "One" }, account), ["One", "name"]);
});

test("an embedded function is permitted, one that is not registered is not", (t) => {
	const { account } = createAccount();
	t.like(account.selectAuthorizer({ name: "One" }), { permitted: true });
	account.putAuthorizer({
		name: "Hollow",
		functionArn: account.functionArn("Missing"),
		tokenSigningPublicKeys: {},
		signingDisabled: true,
	});
	t.like(account.selectAuthorizer({ name: "Hollow" }), { permitted: false });
});

test("relaxed permissions permit every authorizer", (t) => {
	const account = new Account({ relaxedPermissions: true });
	account.putAuthorizer({
		name: "Hollow",
		functionArn: account.functionArn("Missing"),
		tokenSigningPublicKeys: {},
		signingDisabled: true,
	});
	t.like(account.selectAuthorizer({ name: "Hollow" }), { permitted: true });
});

test("the function comes with the authorizer", (t) => {
	const { account, run } = createAccount();
	t.like(account.selectAuthorizer({ name: "One" }), { function: run });
});

test("an authorizer is chosen without its function, too", (t) => {
	const { account } = createAccount();
	account.putAuthorizer({
		name: "Hollow",
		functionArn: account.functionArn("Missing"),
		tokenSigningPublicKeys: {},
		signingDisabled: true,
	});
	t.like(account.selectAuthorizer({ name: "Hollow" }), { chosenBy: "name", function: undefined });
});

test("an unknown name is refused, with what there is", (t) => {
	t.like(refusal(t, { name: "Three" }), {
		code: "authorizer-not-found",
		reason: "CUSTOM_AUTHORIZER_NOT_FOUND",
		cause: 'The client names the authorizer "Three", which does not exist.',
		remedy: 'Create it or name one that exists: there is "One", "Two".',
	});
});

test("a name in other letter case is refused, with the right spelling", (t) => {
	t.is(refusal(t, { name: "one" }).remedy, 'Write "One": upper and lower case count.');
});

test("no name and no default is refused", (t) => {
	t.like(refusal(t, { serverName: "other.test" }), { code: "no-default-authorizer", step: "authorizer" });
});

test("a default that does not exist is refused, and named as such", (t) => {
	const { account } = createAccount();
	account.setDefaultAuthorizer("Gone");
	t.regex(refusal(t, {}, account).cause, /^The account's default names the authorizer "Gone"/);
});

test("where the domain configuration forbids it, no other authorizer may be named", (t) => {
	t.like(refusal(t, { name: "One", serverName: "strict.test" }), {
		code: "authorizer-override-forbidden",
		reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID",
	});
});

test("where the domain configuration forbids others, its own default may still be named", (t) => {
	t.deepEqual(select(t, { name: "Two", serverName: "strict.test" }), ["Two", "name"]);
});

test("an authorizer is ACTIVE unless said otherwise, and has an ARN", (t) => {
	const { account } = createAccount();
	t.like(account.getAuthorizer("One"), {
		status: "ACTIVE",
		arn: "arn:aws:iot:eu-west-1:123456789012:authorizer/One",
	});
});

test("an authorizer that AWS would not create is refused in AWS's words", (t) => {
	const { account } = createAccount();
	t.throws(
		() =>
			account.putAuthorizer({
				name: "a",
				functionArn: account.functionArn("F"),
				tokenSigningPublicKeys: {},
				signingDisabled: false,
			}),
		{ instanceOf: ServiceError, message: "Token key name for authorizer a cannot be null" },
	);
	t.is(account.getAuthorizer("a"), undefined);
});

test("ARNs follow the region's partition", (t) => {
	const arnIn = (region: string) => new Account({ region, accountId: "000000000001" }).functionArn("F");
	t.is(arnIn("eu-west-1"), "arn:aws:lambda:eu-west-1:000000000001:function:F");
	t.is(arnIn("cn-north-1"), "arn:aws-cn:lambda:cn-north-1:000000000001:function:F");
	t.is(arnIn("us-gov-west-1"), "arn:aws-us-gov:lambda:us-gov-west-1:000000000001:function:F");
});

test("lists what it holds", (t) => {
	const { account, run } = createAccount();
	t.is(account.functions.open(account.functionArn("F")), run);
	t.deepEqual(
		account.listAuthorizers().map(({ name }) => name),
		["One", "Two"],
	);
	t.deepEqual(account.domainNames(), ["free.test", "strict.test"]);
	t.is(account.getDomainConfiguration("STRICT.test")?.name, "strict");
});

test("tells the names of token parameters", (t) => {
	const { account } = createAccount();
	t.deepEqual([...account.tokenKeyNames()], []);
	account.putAuthorizer({
		name: "Named",
		functionArn: account.functionArn("F"),
		tokenKeyName: "Tok",
		tokenSigningPublicKeys: {},
		signingDisabled: true,
	});
	t.deepEqual([...account.tokenKeyNames()], ["Tok"]);
});

test("closing closes every function, and not one that was replaced", async (t) => {
	const { account, run } = createAccount();
	const other = new IdleFunction();
	t.is(account.putFunction("F", other), run);
	await account.close();
	t.true(other.closed);
	t.false(run.closed);
});
