/** @module */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import {
	answer,
	CA,
	SERVER_NAME,
	Site,
	type SiteOptions,
	signatureOf,
	signedUsername,
	statement,
	TOKEN,
	TOKEN_KEY,
} from "../gateway/site.js";
import { closedPort } from "../loopback.js";
import { type ApiReply, type FakeApi, runVerb, startApi } from "./aws-verbs.js";

const folder = mkdtempSync(join(tmpdir(), "latchkey-invoke-"));
writeFileSync(join(folder, "ca.pem"), CA);
test.after.always(() => rmSync(folder, { recursive: true }));

const VERB = "test-invoke-authorizer";
const TEST = "POST /authorizer/Devices/test";
const DESCRIBE = "GET /authorizer/Devices";
const POLICY = JSON.stringify({ Version: "2012-10-17", Statement: [statement("Allow", "iot:Connect", "client/dev1")] });
const ANSWER = {
	isAuthenticated: true,
	principalId: "principal1",
	policyDocuments: [POLICY],
	refreshAfterInSeconds: 300,
	disconnectAfterInSeconds: 86400,
};

function named(api: FakeApi, ...more: readonly string[]): readonly string[] {
	return [VERB, "--endpoint-url", api.url, "--authorizer-name", "Devices", ...more];
}

test.serial("the answer is printed as the AWS CLI prints it, and stderr says whom it asked", async (t) => {
	const api = await startApi(t, { [TEST]: { body: { ...ANSWER, zzz: 1 } } });
	const { code, stdout, stderr } = await runVerb(named(api, "--token", "t", "--token-signature", "QUJD"));
	t.is(code, 0, stderr);
	t.is(stdout, `${JSON.stringify(ANSWER, null, 4)}\n`);
	t.is(stderr, `latchkey: asking ${api.url} (--endpoint-url)\n`);
	t.deepEqual(
		api.requests.map(({ target, body }) => ({ target, body })),
		[{ target: TEST, body: { token: "t", tokenSignature: "QUJD" } }],
	);
	t.regex(api.requests[0]?.authorization ?? "", /Credential=latchkey\/\d+\/eu-west-1\/iot\//);
});

test.serial("an error of AWS's is printed as the AWS CLI prints it, and exits with 1", async (t) => {
	const api = await startApi(t, {
		[TEST]: { status: 404, errorType: "ResourceNotFoundException", body: { message: "Authorizer Devices not found" } },
	});
	const { code, stdout, stderr } = await runVerb(named(api, "--token", "t"));
	t.is(code, 1);
	t.is(stdout, "");
	t.is(
		stderr.split("\n").slice(1).join("\n"),
		"\nAn error occurred (ResourceNotFoundException) when calling the TestInvokeAuthorizer operation: Authorizer Devices not found\n",
	);
});

test.serial("an error without a message, and one without a name, are printed all the same", async (t) => {
	const replies: readonly [ApiReply, RegExp][] = [
		[
			{ status: 400, errorType: "InvalidRequestException", body: { message: null } },
			/An error occurred \(InvalidRequestException\).*: None\n/,
		],
		[{ status: 400, body: { message: "m" } }, /An error occurred \(400\) .*: m\n/],
	];
	for (const [reply, expected] of replies) {
		const api = await startApi(t, { [TEST]: reply });
		t.regex((await runVerb(named(api))).stderr, expected);
	}
});

test.serial("nobody there, or somebody who is no API, is said in a line", async (t) => {
	const silent = await runVerb([
		VERB,
		"--authorizer-name",
		"A",
		"--endpoint-url",
		`http://127.0.0.1:${await closedPort()}`,
	]);
	t.is(silent.code, 1);
	t.regex(silent.stderr, /nobody listens at .*: is latchkey up running\?/);
	const api = await startApi(t, { [TEST]: { status: 500, body: "<html>" } });
	const strange = await runVerb(named(api));
	t.is(strange.code, 1);
	t.regex(strange.stderr, /does not answer in JSON/);
});

test.serial(
	"whom it asks: the option, then the environment; AWS only by name, a profile alone is refused",
	async (t) => {
		const api = await startApi(t, { [TEST]: { body: ANSWER } });
		const args = [VERB, "--authorizer-name", "Devices"];
		const environment = { LATCHKEY_ENDPOINT_URL: api.url, AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
		const asked = await runVerb(args, { environment });
		t.is(asked.code, 0, asked.stderr);
		t.regex(asked.stderr, /\(LATCHKEY_ENDPOINT_URL\)/);
		const unclear = await runVerb([...args, "--profile", "dev"]);
		t.is(unclear.code, 2);
		t.regex(unclear.stderr, /endpoint-unclear/);
		const aws = await runVerb([...args, "--endpoint-url", "aws"], { environment });
		t.is(aws.code, 2);
		t.regex(aws.stderr, /no region is configured for AWS/);
	},
);

test.serial("wrong options exit with 2, in the AWS CLI's words and without secrets", async (t) => {
	const wrong: readonly [readonly string[], RegExp][] = [
		[
			["--mqtt-context", "username=u,password:geheim=1,x"],
			/Error parsing parameter '--mqtt-context'|Parameter validation failed/,
		],
		[[], /Missing required parameter in input: "authorizerName"/],
		[["--output", "xml"], /./],
		[["--authorizer-name", "A", "--json", "--output", "json"], /only one of them/],
		[["--authorizer-name", "A", "--endpoint-url", "nonsense"], /expected an http or https URL, or aws/],
	];
	for (const [args, expected] of wrong) {
		const { code, stderr } = await runVerb([VERB, ...args]);
		t.is(code, 2, stderr);
		t.regex(stderr, expected);
		t.notRegex(stderr, /geheim/);
	}
});

test.serial(
	"an output format in the environment that is none is wrong usage, unless an option says otherwise",
	async (t) => {
		const api = await startApi(t, { [TEST]: { body: ANSWER } });
		const environment = { AWS_DEFAULT_OUTPUT: "foo" };
		const wrong = await runVerb(named(api), { environment });
		t.is(wrong.code, 2, wrong.stderr);
		t.regex(wrong.stderr, /AWS_DEFAULT_OUTPUT: unknown output type: foo/);
		t.is(api.requests.length, 0);
		for (const option of [["--output", "json"], ["--json"]])
			t.is((await runVerb(named(api, ...option), { environment })).code, 0, option[0]);
	},
);

test.serial("skeletons ask nobody", async (t) => {
	const input = await runVerb([VERB, "--generate-cli-skeleton"]);
	t.is(input.code, 0);
	t.like(JSON.parse(input.stdout), { authorizerName: "", mqttContext: { password: null } });
	const output = await runVerb([
		VERB,
		"--authorizer-name",
		"A",
		"--generate-cli-skeleton",
		"output",
		"--output",
		"text",
	]);
	t.is(output.stdout, "0\tTrue\tprincipalId\t0\nPOLICYDOCUMENTS\tPolicyDocument\n");
	t.is(input.stderr + output.stderr, "");
});

test.serial("the token comes from standard input, the password from a file", async (t) => {
	const api = await startApi(t, { [TEST]: { body: ANSWER } });
	await runVerb(named(api, "--token", "file:///dev/stdin"), { input: "from-stdin" });
	writeFileSync(join(folder, "password"), Uint8Array.of(0, 255));
	await runVerb(named(api, "--mqtt-context", "username=u,password@=fileb://password"), { folder });
	t.deepEqual(
		api.requests.map(({ body }) => body),
		[{ token: "from-stdin" }, { mqttContext: { username: "u", password: "AP8=" } }],
	);
});

/** A gateway, an API that knows its authorizer, and a call of the verb against both. */
async function withGateway(
	t: ExecutionContext,
	{ described = {}, ...options }: SiteOptions & { described?: object } = {},
) {
	const site = await Site.start(t, options);
	const [authorizer] = site.account.listAuthorizers();
	const authorizerDescription = {
		authorizerName: "Devices",
		authorizerArn: authorizer!.arn,
		tokenKeyName: TOKEN_KEY,
		tokenSigningPublicKeys: authorizer!.tokenSigningPublicKeys,
		status: "ACTIVE",
		signingDisabled: false,
		...described,
	};
	const api = await startApi(t, {
		[TEST]: { body: ANSWER },
		[DESCRIBE]: { body: { authorizerDescription } },
		"GET /endpoint": { body: { endpointAddress: `localhost:${site.gateway.port}` } },
	});
	return { site, api, run: (...args: readonly string[]) => runVerb(named(api, ...args), { folder }) };
}

const BY_MQTT = [
	"--mqtt-context",
	JSON.stringify({ username: signedUsername(), password: "cGFzcw==", clientId: "dev1" }),
];
const BY_TOKEN = ["--token", TOKEN, "--token-signature", signatureOf(TOKEN)];
const CA_FILE = ["--ca", "ca.pem"];

test.serial("--explain says on stderr why, and leaves stdout to AWS", async (t) => {
	const { run } = await withGateway(t);
	const { code, stdout, stderr } = await run(...BY_MQTT, "--explain");
	t.is(code, 0, stderr);
	t.is(stdout, `${JSON.stringify(ANSWER, null, 4)}\n`);
	t.regex(stderr, /ok +the token's signature verifies with the key key1\n/);
	t.regex(stderr, /ok +the policies let dev1 connect: statement 1 of policy 1/);
});

test.serial("--wire sends the MQTT context as it is, and agrees with a gateway that admits", async (t) => {
	const { site, run } = await withGateway(t);
	const { code, stderr } = await run(...BY_MQTT, "--wire", ...CA_FILE);
	t.is(code, 0, stderr);
	t.regex(stderr, /the gateway lets it in as well \(localhost:\d+, server name localhost, ALPN mqtt\)/);
	const [call] = site.function.calls as readonly { protocolData?: { mqtt?: object } }[];
	t.like(call?.protocolData?.mqtt, { username: signedUsername(), password: "cGFzcw==", clientId: "dev1" });
});

test.serial("--wire builds the username of a token, with the authorizer's token key name", async (t) => {
	const { site, run } = await withGateway(t);
	const { code, stderr } = await run(
		...BY_TOKEN,
		"--client-id",
		"dev1",
		"--wire",
		`localhost:${site.gateway.port}`,
		...CA_FILE,
	);
	t.is(code, 0, stderr);
	t.like(site.function.calls[0], { token: TOKEN, signatureVerified: true });
});

test.serial("--wire says why a credential that passes the test is refused: the policies", async (t) => {
	const respond = () => answer([statement("Allow", "iot:Connect", "client/other")]);
	const { site, api } = await withGateway(t, { respond });
	const denying = { ...ANSWER, policyDocuments: [POLICY.replace("dev1", "other")] };
	const replies = {
		[TEST]: { body: denying },
		[DESCRIBE]: {
			body: {
				authorizerDescription: {
					authorizerName: "Devices",
					authorizerArn: "arn:aws:iot:eu-west-1:123456789012:authorizer/Devices",
					status: "ACTIVE",
					signingDisabled: true,
				},
			},
		},
	};
	const other = await startApi(t, replies);
	t.not(other.url, api.url);
	const { code, stderr } = await runVerb(
		named(other, ...BY_MQTT, "--wire", `localhost:${site.gateway.port}`, ...CA_FILE),
		{ folder },
	);
	t.is(code, 1);
	t.regex(stderr, /the test call passes, yet the gateway refuses the CONNECT .*CONNACK with code 0x87/);
	t.regex(stderr, /the policies do not let dev1 connect: .*client\/other/);
});

test.serial("--wire says why a credential that passes the test is refused: the authorizer is INACTIVE", async (t) => {
	const { run } = await withGateway(t, {
		respond: () => ({ isAuthenticated: false }),
		described: { status: "INACTIVE" },
	});
	const { code, stderr } = await run(...BY_MQTT, "--wire", ...CA_FILE);
	t.is(code, 1);
	t.regex(stderr, /INACTIVE: a test call works, a CONNECT is refused\n.*--status ACTIVE/);
});

test.serial("--wire says when it is TLS that refuses: the server name", async (t) => {
	const { run } = await withGateway(t);
	const { code, stderr } = await run(
		...BY_MQTT,
		"--tls-context",
		"serverName=unknown.example.com",
		"--wire",
		...CA_FILE,
	);
	t.is(code, 1);
	t.regex(stderr, /server name unknown\.example\.com/);
	t.regex(stderr, /check the server name \(SNI\)/);
});

test.serial("--wire asks for the domain configuration of a server name that is refused", async (t) => {
	const { site } = await withGateway(t, { respond: () => answer([], { isAuthenticated: false }) });
	const configuration = {
		domainConfigurationName: "D",
		domainName: "localhost",
		domainConfigurationStatus: "DISABLED",
	};
	const api = await startApi(t, {
		[TEST]: { body: ANSWER },
		"GET /domainConfigurations": { body: { domainConfigurations: [{ domainConfigurationName: "D" }] } },
		"GET /domainConfigurations/D": { body: configuration },
	});
	const { code, stderr } = await runVerb(
		named(api, ...BY_MQTT, "--wire", `localhost:${site.gateway.port}`, ...CA_FILE),
		{ folder },
	);
	t.is(code, 1);
	t.regex(stderr, /the domain configuration D of the server name localhost is DISABLED/);
	t.regex(stderr, /--domain-configuration-status ENABLED/);
});

test.serial("a client id that AWS IoT does not take is why the wire refuses it (0x85)", async (t) => {
	const { run } = await withGateway(t);
	const context = JSON.stringify({ username: signedUsername(), clientId: "$dev1" });
	const { code, stderr } = await run("--mqtt-context", context, "--wire", ...CA_FILE);
	t.is(code, 1);
	t.regex(stderr, /CONNACK with code 0x85/);
	t.regex(stderr, /the client id begins with \$/);
	t.notRegex(stderr, /the policies do not let/);
});

test.serial("--explain asks for the default authorizer where the username names none", async (t) => {
	const { api, run } = await withGateway(t);
	const { stderr } = await run("--mqtt-context", "username=u,clientId=dev1", "--explain");
	t.true(api.requests.some(({ target }) => target === "GET /default-authorizer"));
	t.regex(stderr, /the account has no default one/);
	const before = api.requests.length;
	await run(...BY_MQTT, "--explain");
	t.false(api.requests.slice(before).some(({ target }) => target === "GET /default-authorizer"));
});

test.serial("--wire agrees where both refuse", async (t) => {
	const { site } = await withGateway(t, { respond: () => answer([], { isAuthenticated: false }) });
	const api = await startApi(t, { [TEST]: { body: { ...ANSWER, isAuthenticated: false } } });
	const { code, stderr } = await runVerb(
		named(api, ...BY_MQTT, "--wire", `localhost:${site.gateway.port}`, ...CA_FILE),
		{ folder },
	);
	t.is(code, 0, stderr);
	t.regex(stderr, /the gateway refuses it as well/);
});

test.serial("--wire is undecided where the server is not trusted or not there", async (t) => {
	const { run } = await withGateway(t);
	const untrusted = await run(...BY_MQTT, "--wire");
	t.is(untrusted.code, 1);
	t.regex(untrusted.stderr, /the gateway did not decide/);
	t.regex(untrusted.stderr, /--ca/);
	const absent = await run(...BY_MQTT, "--wire", "localhost:1", ...CA_FILE);
	t.is(absent.code, 1);
	t.regex(absent.stderr, /the gateway did not decide/);
});

test.serial("--wire is undecided where the API refuses the caller, whatever the gateway says", async (t) => {
	const { site } = await withGateway(t, { respond: () => answer([], { isAuthenticated: false }) });
	const refusal = { status: 403, errorType: "UnrecognizedClientException", body: { message: "The token is invalid." } };
	const api = await startApi(t, { [TEST]: refusal, [DESCRIBE]: refusal });
	const args = named(api, ...BY_MQTT, "--wire", `localhost:${site.gateway.port}`, ...CA_FILE);
	const { code, stderr } = await runVerb(args, { folder });
	t.is(code, 1, stderr);
	t.regex(stderr, /ended before the credential was judged \(UnrecognizedClientException\)/);
	t.regex(stderr, /the gateway refuses it \(localhost/);
	t.notRegex(stderr, /as well/);
	const { stdout } = await runVerb([...args, "--json"], { folder });
	t.like(JSON.parse(stdout), { wire: { verdict: "undecided", agree: false, admitted: false } });
});

test.serial("an address in place of a name takes the server name from DescribeEndpoint", async (t) => {
	const { site, run } = await withGateway(t);
	const { code, stderr } = await run(...BY_MQTT, "--wire", `127.0.0.1:${site.gateway.port}`, ...CA_FILE);
	t.is(code, 0, stderr);
	t.regex(stderr, /127\.0\.0\.1:\d+, server name localhost/);
	const other = await run(
		...BY_MQTT,
		"--tls-context",
		`serverName=${SERVER_NAME}`,
		"--wire",
		`127.0.0.1:${site.gateway.port}`,
		...CA_FILE,
	);
	t.is(other.code, 0, other.stderr);
});

test.serial("what cannot go by wire is refused before anybody is asked", async (t) => {
	const { api, run } = await withGateway(t);
	for (const args of [
		["--http-context", "queryString=?a=b"],
		[],
		BY_TOKEN,
		[...BY_TOKEN, "--client-id", "c", "--wire", "a b"],
	]) {
		const before = api.requests.length;
		const { code, stderr } = await run(...args, ...(args.includes("--wire") ? [] : ["--wire"]));
		t.is(code, 2, stderr);
		t.is(api.requests.length, before, stderr);
	}
});

test.serial("--json prints one line with everything in place of AWS's output, without secrets", async (t) => {
	const { run } = await withGateway(t);
	const { code, stdout } = await run(...BY_MQTT, "--wire", ...CA_FILE, "--json");
	t.is(code, 0);
	const line = JSON.parse(stdout) as { findings: readonly { code: string }[] };
	t.like(line, {
		event: "tested",
		operation: "TestInvokeAuthorizer",
		answer: ANSWER,
		error: null,
		wire: { verdict: "both-admit", agree: true, admitted: true },
	});
	t.true(line.findings.some(({ code: found }) => found === "signature-verified"));
	for (const secret of [TOKEN, signatureOf(TOKEN), "cGFzcw"]) t.false(stdout.includes(secret));
});
