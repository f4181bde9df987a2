import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { AccountConfigError, loadAccount } from "../../src/account/index.js";
import { authorizer, config, GROUP, key, load, loadText, written } from "./loading.js";

function problems(t: ExecutionContext, given: unknown) {
	const error = t.throws(() => load(given), { instanceOf: AccountConfigError });
	t.is(error.code, "account-config-invalid");
	return error.problems.map(({ path, message }) => ({ path, message }));
}

/** Where the problems of a text are, and what kind they are of. */
function places(t: ExecutionContext, text: string) {
	const error = t.throws(() => loadText(text), { instanceOf: AccountConfigError });
	return error.problems.map(({ code, line, column, message }) => [code, line, column, message]);
}

const wrong: readonly (readonly [why: string, config: unknown, path: string, message: string])[] = [
	["no object", [], "$", "expected an object, got a list"],
	[
		"an unknown member",
		{ port: 1 },
		"$.port",
		"no such member; expected $schema, accountId, region, functions, authorizers, defaultAuthorizer, domainConfigurations, policies, principals",
	],
	["a bad account id", { accountId: "12" }, "$.accountId", 'expected 12 digits, got "12"'],
	["a bad region", { region: 5 }, "$.region", 'expected a region such as "eu-west-1", got 5'],
	["functions that are no object", { functions: [] }, "$.functions", "expected an object, got a list"],
	[
		"a function without a module",
		{ functions: { F: {} } },
		"$.functions.F",
		"expected one of module and endpoint, got neither",
	],
	[
		"a function with a module and an endpoint",
		{ functions: { F: { module: "m", endpoint: "http://a" } } },
		"$.functions.F",
		"expected one of module and endpoint, got both",
	],
	[
		"an endpoint's member of a module",
		{ functions: { F: { module: "m", functionName: "G" } } },
		"$.functions.F.functionName",
		"is for a function with an endpoint",
	],
	[
		"an endpoint that is no address",
		{ functions: { F: { endpoint: "http://:x" } } },
		"$.functions.F.endpoint",
		"is no address",
	],
	[
		"a timeout out of bounds",
		{ functions: { F: { module: "m", timeout: 901 } } },
		"$.functions.F.timeout",
		"expected an integer from 1 to 900, got 901",
	],
	[
		"an environment of more than 4 KB",
		{ functions: { F: { module: "m", environment: { VALUE: "x".repeat(4092) } } } },
		"$.functions.F",
		"Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
	],
	[
		"a permission without a principal",
		{ functions: { F: { module: "m", permissions: [{ statementId: "one" }] } } },
		"$.functions.F.permissions[0].principal",
		'expected a principal such as "iot.amazonaws.com", got nothing',
	],
	[
		"a statement id that is there twice",
		{
			functions: {
				F: { module: "m", permissions: ["a", "b"].map((principal) => ({ statementId: "one", principal })) },
			},
		},
		"$.functions.F.permissions[1]",
		"another permission of this function has the same statementId",
	],
	[
		"a policy that AWS would refuse",
		{ policies: { P: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "iot:*", Resource: "x" } } } },
		"$.policies.P.Statement.Resource",
		'Policy document is Malformed: The resource x is not in valid ARN format (Statement.Resource: expected "*" or arn:partition:iot:region:account:type/name, got "x")',
	],
	[
		"a policy without statements",
		{ policies: { P: { Version: "2012-10-17" } } },
		"$.policies.P.Statement",
		"expected in a policy document, or a file",
	],
	[
		"a policy's unknown member, and not of those that it may stand for",
		{ policies: { P: { document: {} } } },
		"$.policies.P.document",
		"no such member; expected Version, Id, Statement of a policy document, or file",
	],
	[
		"CUSTOM_AUTH_X509 with another protocol than it needs",
		{ domainConfigurations: { d: { serverName: "a.test", authenticationType: "CUSTOM_AUTH_X509" } } },
		"$.domainConfigurations.d.authenticationType",
		"Authentication type CUSTOM_AUTH_X509 needs application protocol SECURE_MQTT or HTTPS, got DEFAULT",
	],
	[
		"a policy's file that cannot be read",
		{ policies: { P: { file: "no.json" } } },
		"$.policies.P.file",
		"cannot be read: ENOENT",
	],
	[
		"a principal that no policy can be attached to",
		{ principals: { me: [] } },
		"$.principals.me",
		"expected the ARN of a certificate or a thing group, or a Cognito identity id",
	],
	[
		"a principal of another account",
		{ principals: { "arn:aws:iot:eu-west-1:000000000001:thinggroup/G": [] } },
		'$.principals["arn:aws:iot:eu-west-1:000000000001:thinggroup/G"]',
		"is of another account than 123456789012 in eu-west-1",
	],
	[
		"an unknown policy of a principal",
		{ principals: { [GROUP]: ["P"] } },
		`$.principals["${GROUP}"][0]`,
		"there is no policy of that name under $.policies",
	],
	[
		"a policy that is attached twice",
		{ policies: { P: { file: "policy.json" } }, principals: { [GROUP]: ["P", "P"] } },
		`$.principals["${GROUP}"][1]`,
		"is attached twice",
	],
	[
		"a domain configuration's unknown status",
		{ domainConfigurations: { d: { serverName: "a.test", status: "ON" } } },
		"$.domainConfigurations.d.status",
		'expected ENABLED or DISABLED, got "ON"',
	],
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
		"no such member; expected function, tokenKeyName, tokenSigningPublicKeys, signingDisabled, status, enableCachingForHttp",
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
		'expected a host name of 1 to 253 characters, got "https://a"',
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

test("lists every problem in the order of the text, with file, line and column, and opens no function", (t) => {
	const text = written({ ...config, region: "x", defaultAuthorizer: "A" });
	const opened: unknown[] = [];
	const openFunction = (configuration: unknown) => {
		opened.push(configuration);
		throw new Error("opened");
	};
	const options = { directory: "/house", file: "account.json", openFunction };
	const error = t.throws(() => loadAccount(text, options), { instanceOf: AccountConfigError });
	t.is(
		error.message,
		`2 problems in the account's configuration:
  account.json:16:12 $.region: expected a region such as "eu-west-1", got "x"
  account.json:17:23 $.defaultAuthorizer: there is no authorizer of that name under $.authorizers`,
	);
	t.deepEqual(opened, []);
});

const ALLOW = { Effect: "Allow", Action: "iot:*", Resource: "*" };
const policyMistakes: readonly (readonly [statement: unknown, place: string])[] = [
	[[ALLOW, { ...ALLOW, Action: "iot" }], ".Statement[1].Action"],
	[[ALLOW, { ...ALLOW, Resource: ["*", "x"] }], ".Statement[1].Resource"],
	[[{ ...ALLOW, Effect: "allow" }], ".Statement[0].Effect"],
	[[{ ...ALLOW, "Ef:fect.x": 1 }], '.Statement[0]["Ef:fect.x"]'],
	[[{ Effect: "Allow", Action: "iot:*" }], ".Statement[0]"],
	[[1], ".Statement[0]"],
	[
		{ ...ALLOW, Condition: { Bool: { "aws:SecureTransport": "x" } } },
		'.Statement.Condition.Bool["aws:SecureTransport"]',
	],
	[{ ...ALLOW, Condition: { Like: {} } }, ".Statement.Condition"],
	[{ ...ALLOW, Resource: `arn:aws:iot:eu-west-1:123456789012:topic/${"x".repeat(2048)}` }, ""],
];
for (const [Statement, place] of policyMistakes) {
	test(`the place of a policy's mistake is its member: ${JSON.stringify(Statement).slice(0, 90)}`, (t) => {
		const [problem] = problems(t, { policies: { P: { Version: "2012-10-17", Statement } } });
		t.is(problem?.path, `$.policies.P${place}`, problem?.message);
	});
}

test("tells where a text is no JSON", (t) => {
	t.deepEqual(places(t, ""), [["syntax", 1, 1, "not JSON: value expected"]]);
	t.deepEqual(places(t, '{\n\t"accountId": "1"\n\t"region": "x" }'), [["syntax", 3, 2, "not JSON: comma expected"]]);
	t.deepEqual(places(t, '{ "functions": {}, }'), [["syntax", 1, 20, "not JSON: property name expected"]]);
	t.deepEqual(places(t, "{} // why"), [["syntax", 1, 4, "not JSON: invalid comment token"]]);
	t.deepEqual(places(t, "[".repeat(65)), [["syntax", 1, 65, "more than 64 levels of nesting"]]);
});

test("tells of every member that is there twice, in a policy too", (t) => {
	const text =
		'{ "region": "eu-west-1",\r\n"region": "eu-west-1", "policies": { "P": { "Version": "2012-10-17", "Version": "2012-10-17", "Statement": [] } } }';
	t.deepEqual(places(t, text), [
		["syntax", 2, 1, "this member stands here twice"],
		["syntax", 2, 70, "this member stands here twice"],
	]);
});

test("no problem quotes a long text, which could be a key", (t) => {
	const secret = "-----BEGIN PRIVATE KEY-----S3CRET";
	t.notRegex(JSON.stringify(problems(t, { functions: { F: secret }, accountId: secret })), /S3CRET/);
});

test("throws nothing but its own error, whatever text it is given", (t) => {
	const part = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.oneof(fc.constant(authorizer), fc.jsonValue())));
	const names = ["functions", "authorizers", "domainConfigurations", "policies", "principals", "region"];
	const document = fc.record(Object.fromEntries(names.map((name) => [name, part])), { requiredKeys: [] });
	const text = fc.oneof(
		fc.string(),
		fc.json(),
		document.map(written),
		fc.tuple(document.map(written), fc.nat()).map(cut),
	);
	fc.assert(
		fc.property(text, (given) => {
			try {
				loadText(given);
			} catch (error) {
				t.true(error instanceof AccountConfigError, String(error));
			}
		}),
	);
});

test("takes a text for JSON where JSON.parse does, and else tells of its syntax", (t) => {
	const text = fc.oneof(
		fc.json(),
		fc.tuple(fc.json(), fc.nat()).map(cut),
		fc.string({ unit: fc.constantFrom(...'{}[]":,01.e-\\\n tnul\u0001') }),
	);
	fc.assert(
		fc.property(text, (given) => {
			const isJson = attempt(() => JSON.parse(given)) === undefined;
			const error = attempt(() => loadText(given));
			const isRefused =
				error instanceof AccountConfigError && error.problems.some(({ message }) => message.startsWith("not JSON"));
			t.is(isRefused, !isJson, given);
		}),
	);
});

function cut([text, at]: readonly [string, number]): string {
	const index = at % (text.length + 1);
	return text.slice(0, index) + text.slice(index + 1);
}

function attempt(run: () => unknown): unknown {
	try {
		run();
		return undefined;
	} catch (error) {
		return error;
	}
}
