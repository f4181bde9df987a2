import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { AccountConfigError, loadAccount } from "../../src/account/index.js";
import type { AuthorizerFunction } from "../../src/authorizer/index.js";
import { createKeyPair } from "../authorizer/keys.js";

const key = createKeyPair().publicKey;

/** Loads an account whose folder is /house and holds key.pem alone; tells the modules that were opened. */
function load(config: unknown) {
	const opened: string[] = [];
	const account = loadAccount(config, {
		directory: "/house",
		openFunction: (file): AuthorizerFunction => {
			opened.push(file);
			return { invoke: async () => null, close: async () => {} };
		},
		readFile: (file) => {
			if (file === "/house/key.pem") return key;
			throw new Error("ENOENT");
		},
	});
	return { account, opened };
}

const authorizer = { function: "F", tokenKeyName: "Tok", tokenSigningPublicKeys: { k1: key } };
const config = {
	functions: { F: { module: "./authorizer.ts" } },
	authorizers: { Demo: authorizer },
};

function problems(t: ExecutionContext, given: unknown) {
	const error = t.throws(() => load(given), { instanceOf: AccountConfigError });
	t.is(error.code, "account-config-invalid");
	return error.problems;
}

test("loads an authorizer with its function, ACTIVE though AWS's own default is INACTIVE", (t) => {
	const { account, opened } = load(config);
	t.deepEqual(opened, ["/house/authorizer.ts"]);
	t.deepEqual(account.getAuthorizer("Demo"), {
		name: "Demo",
		arn: "arn:aws:iot:eu-west-1:123456789012:authorizer/Demo",
		functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:F",
		tokenKeyName: "Tok",
		tokenSigningPublicKeys: { k1: key },
		signingDisabled: false,
		status: "ACTIVE",
	});
	const selection = account.selectAuthorizer({ name: "Demo" });
	t.true("function" in selection && selection.function !== undefined);
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
	t.deepEqual(account.getDomainConfiguration("gw.test"), {
		name: "gw",
		serverName: "gw.test",
		allowAuthorizerOverride: true,
		authenticationType: "DEFAULT",
		applicationProtocol: "DEFAULT",
	});
});

test("an empty document is an empty account", (t) => {
	t.deepEqual(load({}).account.listAuthorizers(), []);
});

const wrong: readonly (readonly [why: string, config: unknown, path: string, message: string])[] = [
	["no object", [], "$", "expected an object, got a list"],
	[
		"an unknown member",
		{ port: 1 },
		"$.port",
		"no such member; expected accountId, region, functions, authorizers, defaultAuthorizer, domainConfigurations",
	],
	["a bad account id", { accountId: "12" }, "$.accountId", 'expected 12 digits, got "12"'],
	["a bad region", { region: 5 }, "$.region", 'expected a region such as "eu-west-1", got 5'],
	["functions that are no object", { functions: [] }, "$.functions", "expected an object, got a list"],
	["a function without a module", { functions: { F: {} } }, "$.functions.F.module", "expected a string, got nothing"],
	[
		"a function's bad name",
		{ functions: { "a b": { module: "m" } } },
		'$.functions["a b"]',
		"the name of a function is 1 to 64 letters, digits, - and _",
	],
	[
		"an authorizer's unknown function",
		{ authorizers: { A: { ...authorizer, function: "G" } } },
		"$.authorizers.A.function",
		"there is no function of that name under $.functions",
	],
	[
		"an authorizer's unknown member",
		{ ...config, authorizers: { A: { ...authorizer, tokenKey: "x" } } },
		"$.authorizers.A.tokenKey",
		"no such member; expected function, tokenKeyName, tokenSigningPublicKeys, signingDisabled, status",
	],
	[
		"an unknown status",
		{ ...config, authorizers: { A: { ...authorizer, status: "active" } } },
		"$.authorizers.A.status",
		'expected ACTIVE or INACTIVE, got "active"',
	],
	[
		"signingDisabled as text",
		{ ...config, authorizers: { A: { ...authorizer, signingDisabled: "true" } } },
		"$.authorizers.A.signingDisabled",
		'expected true or false, got "true"',
	],
	[
		"a key file that cannot be read",
		{ ...config, authorizers: { A: { ...authorizer, tokenSigningPublicKeys: { k1: { file: "no.pem" } } } } },
		"$.authorizers.A.tokenSigningPublicKeys.k1.file",
		"cannot be read: ENOENT",
	],
	[
		"a missing token key name, in AWS's words",
		{ ...config, authorizers: { A: { function: "F", tokenSigningPublicKeys: { k1: key } } } },
		"$.authorizers.A.tokenKeyName",
		"Token key name for authorizer A cannot be null",
	],
	[
		"something that is no key, in AWS's words",
		{ ...config, authorizers: { A: { ...authorizer, tokenSigningPublicKeys: { k1: "x" } } } },
		"$.authorizers.A.tokenSigningPublicKeys.k1",
		"Authorizer A public key for key name k1 not a valid RSA key",
	],
	[
		"an authorizer's bad name, in AWS's words",
		{ ...config, authorizers: { "A B": { function: "F", signingDisabled: true } } },
		'$.authorizers["A B"]',
		"1 validation error detected: Value at 'authorizerName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w=,@-]+",
	],
	[
		"an unknown default authorizer",
		{ defaultAuthorizer: "A" },
		"$.defaultAuthorizer",
		"there is no authorizer of that name under $.authorizers",
	],
	[
		"a domain configuration's unknown default",
		{ domainConfigurations: { d: { serverName: "a.test", defaultAuthorizer: "A" } } },
		"$.domainConfigurations.d.defaultAuthorizer",
		"there is no authorizer of that name under $.authorizers",
	],
	[
		"a domain configuration's bad host name",
		{ domainConfigurations: { d: { serverName: "https://a" } } },
		"$.domainConfigurations.d.serverName",
		"expected a host name of 1 to 253 characters",
	],
	[
		"a server name that is there twice",
		{ domainConfigurations: { d: { serverName: "a.test" }, e: { serverName: "A.test" } } },
		"$.domainConfigurations.e.serverName",
		"another domain configuration has the same server name",
	],
	[
		"an unknown authentication type",
		{ domainConfigurations: { d: { serverName: "a.test", authenticationType: "X" } } },
		"$.domainConfigurations.d.authenticationType",
		'expected CUSTOM_AUTH_X509 or CUSTOM_AUTH or AWS_X509 or AWS_SIGV4 or DEFAULT, got "X"',
	],
];

for (const [why, given, path, message] of wrong) {
	test(`tells of ${why}, and where`, (t) => {
		t.deepEqual(problems(t, given), [{ path, message }]);
	});
}

test("lists every problem, in the message too, and opens no function", (t) => {
	const opened: string[] = [];
	const error = t.throws(
		() =>
			loadAccount(
				{ ...config, region: "x", defaultAuthorizer: "A" },
				{
					directory: "/house",
					openFunction: (file) => {
						opened.push(file);
						throw new Error("opened");
					},
				},
			),
		{ instanceOf: AccountConfigError },
	);
	t.is(error.problems.length, 2);
	t.is(
		error.message,
		'2 problems in the account\'s configuration:\n  $.region: expected a region such as "eu-west-1", got "x"\n  $.defaultAuthorizer: there is no authorizer of that name under $.authorizers',
	);
	t.deepEqual(opened, []);
});

test("no problem quotes a long text, which could be a key", (t) => {
	const secret = "-----BEGIN PRIVATE KEY-----S3CRET";
	t.notRegex(JSON.stringify(problems(t, { functions: { F: secret }, accountId: secret })), /S3CRET/);
});

test("throws nothing but its own error, whatever JSON it is given", (t) => {
	const part = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.oneof(fc.constant(authorizer), fc.jsonValue())));
	const document = fc.record({ functions: part, authorizers: part, domainConfigurations: part }, { requiredKeys: [] });
	fc.assert(
		fc.property(fc.oneof(fc.jsonValue(), document), (given) => {
			try {
				load(given);
			} catch (error) {
				t.true(error instanceof AccountConfigError, String(error));
			}
		}),
	);
});
