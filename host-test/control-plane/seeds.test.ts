/** The commands and requests of AWS's documentation, as it prints them, by a shell, the AWS CLI, boto3 and plain HTTP. */
import { execFile } from "node:child_process";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { isInstalled } from "../aws-clients/index.js";
import { arn, openSite, PUBLIC_KEY, sign } from "./site.js";

const ALLOW_OR_DENY = fileURLToPath(new URL("functions/allow-or-deny.mjs", import.meta.url));
const FUNCTION_ARN = arn("lambda", "function:CustomAuthorizer");
const AUTHORIZER_ARN = arn("iot", "authorizer/IoTAuthorizer");

/** The signature that AWS prints for the token "allow". It fits no key that AWS prints. */
const PRINTED_SIGNATURE =
	"mE0GvaHqy9nER/FdgtJX5lXYEJ3b3vE7t1gEszc0TKGgLKWXTnPkb2AbKnOAZ8lGyoN5dVtWDWVmr25m7++zjbYIMk2TBvyGXhOmvKFBPkdgyA43KL6SiZy0cTqlPMcQDsP7VX2rXr7CTowCxSNKphGXdQe0/I5dQ+JO6KUaHwCmupt0/MejKtaNwiia064j6wprOAUwG5S1IYFuRd0X+wfo8pb0DubAIX1Ua705kuhRUcTx4SxUShEYKmN4IDEvLB6FsIr0B2wvB7y4iPmcajxzGl02ExvyCUNctCV9dYlRRGJj0nsGzBIXOI4sGytPfqlA7obdgmN22pkDzYvwjQ==";

const POLICY =
	'{"Version":"2012-10-17","Statement":[{"Action":"iot:Publish","Effect":"Allow","Resource":"arn:aws:iot:eu-west-1:123456789012:topic/customauthtesting"}]}';

/** What the documentation prints, but for the policy, which it prints with broken quotation marks. */
const PRINTED = {
	isAuthenticated: true,
	principalId: "principalId",
	policyDocuments: [POLICY],
	refreshAfterInSeconds: 600,
	disconnectAfterInSeconds: 3600,
};

const ENVIRONMENT = {
	PATH: "/usr/bin:/bin",
	AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
	AWS_SECRET_ACCESS_KEY: "example",
	AWS_DEFAULT_REGION: "eu-west-1",
	AWS_PAGER: "",
	AWS_EC2_METADATA_DISABLED: "true",
	AWS_CONFIG_FILE: "/nonexistent",
	AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
};

interface Finished {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** A Latchkey with these members of `latchkey.json`, and a shell whose `aws` is pointed at it and nothing else. */
async function openShell(t: ExecutionContext, configuration: object) {
	const site = await openSite({ functions: { CustomAuthorizer: { module: ALLOW_OR_DENY } }, ...configuration });
	t.teardown(() => site.close());
	const env = { ...ENVIRONMENT, ENDPOINT: site.url, HOME: site.directory };
	const run = (command: string, parameters: readonly string[]) =>
		new Promise<Finished>((resolve) => {
			execFile(command, parameters, { cwd: site.directory, env }, (error, stdout, stderr) => {
				resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
			});
		});
	const pointed = 'aws() { command aws --endpoint-url "$ENDPOINT" "$@"; }\n';
	return {
		site,
		shell: (script: string) => run("/bin/sh", ["-c", pointed + script]),
		python: (script: string) => run("/usr/bin/python3", ["-c", script]),
	};
}

const AUTHORIZER = {
	authorizers: {
		IoTAuthorizer: {
			function: "CustomAuthorizer",
			tokenKeyName: "token",
			tokenSigningPublicKeys: { FIRST_KEY: PUBLIC_KEY },
		},
	},
};

const SIGNATURE = sign("allow");

if (isInstalled("awscli.botocore")) {
	test("openssl, create-authorizer, add-permission, set-default-authorizer and test-invoke-authorizer work in a row", async (t) => {
		const { shell } = await openShell(t, {
			functions: { CustomAuthorizer: { module: ALLOW_OR_DENY, permissions: [] } },
		});
		const { exitCode, stdout, stderr } = await shell(`
set -e
openssl genrsa -out myKeyPair.pem 2048 2>/dev/null
openssl rsa -in myKeyPair.pem -pubout > mykey.pub 2>/dev/null
aws iot create-authorizer \\
    --authorizer-name IoTAuthorizer \\
    --authorizer-function-arn ${FUNCTION_ARN} \\
    --token-key-name myAuthToken \\
    --token-signing-public-keys FIRST_KEY="$(cat mykey.pub)" \\
    --status ACTIVE
aws lambda add-permission --function-name CustomAuthorizer --statement-id Id-123 --action 'lambda:InvokeFunction' --principal iot.amazonaws.com --source-arn ${AUTHORIZER_ARN}
aws iot set-default-authorizer --authorizer-name IoTAuthorizer
SIGNATURE="$(printf %s allow | openssl dgst -sha256 -sign myKeyPair.pem | openssl base64 -A)"
aws iot test-invoke-authorizer \\
    --authorizer-name IoTAuthorizer \\
    --token allow \\
    --token-signature "$SIGNATURE"
`);
		t.is(stderr, "");
		t.is(exitCode, 0);
		const names = { authorizerName: "IoTAuthorizer", authorizerArn: AUTHORIZER_ARN };
		const Statement = JSON.stringify({
			Sid: "Id-123",
			Effect: "Allow",
			Principal: { Service: "iot.amazonaws.com" },
			Action: "lambda:InvokeFunction",
			Resource: FUNCTION_ARN,
			Condition: { ArnLike: { "AWS:SourceArn": AUTHORIZER_ARN } },
		});
		t.is(
			stdout,
			[names, { Statement }, names, PRINTED].map((output) => `${JSON.stringify(output, null, 4)}\n`).join(""),
		);
	});

	test("test-invoke-authorizer as AWS prints it is refused, for the printed signature fits no key", async (t) => {
		const { shell } = await openShell(t, AUTHORIZER);
		const { exitCode, stdout, stderr } = await shell(`
aws iot test-invoke-authorizer \\
    --authorizer-name IoTAuthorizer \\
    --token allow \\
    --token-signature "${PRINTED_SIGNATURE}"
`);
		t.is(exitCode, 254);
		t.is(stdout, "");
		t.is(
			stderr,
			"\nAn error occurred (InvalidRequestException) when calling the TestInvokeAuthorizer operation: Token signature mismatch for authorizer IoTAuthorizer\n",
		);
	});

	test("test-invoke-authorizer as AWS prints it is answered, with a signature that verifies", async (t) => {
		const { shell } = await openShell(t, AUTHORIZER);
		const { exitCode, stdout, stderr } = await shell(`
aws iot test-invoke-authorizer \\
    --authorizer-name IoTAuthorizer \\
    --token allow \\
    --token-signature "${SIGNATURE}"
`);
		t.is(stderr, "");
		t.is(exitCode, 0);
		t.is(stdout, `${JSON.stringify(PRINTED, null, 4)}\n`);
	});

	test("set-default-authorizer works by the abbreviation of its option as well", async (t) => {
		const { shell, site } = await openShell(t, AUTHORIZER);
		const { exitCode, stdout } = await shell("aws iot set-default-authorizer --authorizer IoTAuthorizer");
		t.is(exitCode, 0);
		t.deepEqual(JSON.parse(stdout), { authorizerName: "IoTAuthorizer", authorizerArn: AUTHORIZER_ARN });
		t.is(site.account.authorizers.defaultName, "IoTAuthorizer");
	});

	test("test-authorization takes every option of its synopsis", async (t) => {
		const { shell } = await openShell(t, {
			policies: {
				MyPolicy: {
					Version: "2012-10-17",
					Statement: [
						{ Effect: "Allow", Action: "iot:Publish", Resource: "arn:aws:iot:eu-west-1:123456789012:topic/a" },
					],
				},
			},
		});
		const { exitCode, stdout, stderr } = await shell(`
aws iot test-authorization \\
    --principal arn:aws:iot:eu-west-1:123456789012:cert/${"0123456789abcdef".repeat(4)} \\
    --cognito-identity-pool-id eu-west-1:11111111-2222-3333-4444-555555555555 \\
    --auth-infos '[{"actionType": "PUBLISH", "resources": ["arn:aws:iot:eu-west-1:123456789012:topic/a"]}]' \\
    --client-id dev1 \\
    --policy-names-to-add MyPolicy \\
    --policy-names-to-skip OtherPolicy
`);
		t.is(stderr, "");
		t.is(exitCode, 0);
		const policies = [{ policyName: "MyPolicy", policyArn: arn("iot", "policy/MyPolicy") }];
		t.deepEqual(JSON.parse(stdout), {
			authResults: [
				{
					authInfo: { actionType: "PUBLISH", resources: [arn("iot", "topic/a")] },
					allowed: { policies },
					denied: { implicitDeny: { policies: [] }, explicitDeny: { policies: [] } },
					authDecision: "ALLOWED",
					missingContextValues: [],
				},
			],
		});
	});
}

if (isInstalled("boto3")) {
	test("boto3's request syntax gives its response syntax, and its exceptions are caught by their names", async (t) => {
		const { python } = await openShell(t, {
			authorizers: { ...AUTHORIZER.authorizers, Open: { function: "CustomAuthorizer", signingDisabled: true } },
		});
		const { exitCode, stdout, stderr } = await python(`
import boto3, json, os
client = boto3.client('iot', endpoint_url=os.environ['ENDPOINT'])
response = client.test_invoke_authorizer(
    authorizerName='Open',
    httpContext={
        'headers': {
            'string': 'string'
        },
        'queryString': '?string'
    },
    mqttContext={
        'username': 'string',
        'password': b'bytes',
        'clientId': 'string'
    },
    tlsContext={
        'serverName': 'string'
    }
)
del response['ResponseMetadata']
print(json.dumps(response))
try:
    client.test_invoke_authorizer(authorizerName='string', token='string', tokenSignature='string')
except client.exceptions.ResourceNotFoundException as error:
    print(error)
try:
    client.test_invoke_authorizer(authorizerName='IoTAuthorizer', token='string', tokenSignature='string')
except client.exceptions.InvalidRequestException as error:
    print(error)
response = client.test_invoke_authorizer(authorizerName='IoTAuthorizer', token='allow', tokenSignature='${SIGNATURE}')
print(response['isAuthenticated'], response['principalId'], response['refreshAfterInSeconds'])
`);
		t.is(stderr, "");
		t.is(exitCode, 0);
		const [denied = "", ...rest] = stdout.trim().split("\n");
		t.deepEqual(JSON.parse(denied), { ...PRINTED, isAuthenticated: false });
		t.deepEqual(rest, [
			"An error occurred (ResourceNotFoundException) when calling the TestInvokeAuthorizer operation: Authorizer string not found",
			"An error occurred (InvalidRequestException) when calling the TestInvokeAuthorizer operation: Token signature mismatch for authorizer IoTAuthorizer",
			"True principalId 600",
		]);
	});
}

/** Sends a request and nothing that it does not name, no credentials either. */
function post(
	url: string,
	body: string,
): Promise<{ readonly status: number | undefined; readonly type: string | undefined; readonly body: string }> {
	return new Promise((resolve, reject) => {
		const sent = request(url, { method: "POST", headers: { "Content-type": "application/json" } }, async (response) => {
			const { statusCode: status, headers } = response;
			resolve({ status, type: headers["content-type"], body: await text(response) });
		});
		sent.on("error", reject);
		sent.end(body);
	});
}

test("POST /authorizer/authorizerName/test with token and tokenSignature is answered as the API reference says", async (t) => {
	const { site } = await openShell(t, AUTHORIZER);
	const answer = await post(
		`${site.url}/authorizer/IoTAuthorizer/test`,
		JSON.stringify({ token: "allow", tokenSignature: SIGNATURE }),
	);
	t.is(answer.status, 200);
	t.regex(answer.type ?? "", /^application\/json/);
	t.deepEqual(JSON.parse(answer.body), PRINTED);
});

test("POST /test-authorization?clientId=clientId is answered as the developer guide says", async (t) => {
	const { site } = await openShell(t, AUTHORIZER);
	const authInfo = { actionType: "CONNECT", resources: [arn("iot", "client/clientId")] };
	const answer = await post(
		`${site.url}/test-authorization?clientId=clientId`,
		JSON.stringify({ cognitoIdentityPoolId: "eu-west-1:11111111-2222-3333-4444-555555555555", authInfos: [authInfo] }),
	);
	t.is(answer.status, 200);
	t.deepEqual(JSON.parse(answer.body), {
		authResults: [
			{
				authInfo,
				allowed: { policies: [] },
				denied: { implicitDeny: { policies: [] }, explicitDeny: { policies: [] } },
				authDecision: "IMPLICIT_DENY",
				missingContextValues: [],
			},
		],
	});
});

test("members that an authorizer does not have are null on the wire", async (t) => {
	const { site } = await openShell(t, {
		authorizers: { Open: { function: "CustomAuthorizer", signingDisabled: true } },
	});
	const answer = await fetch(`${site.url}/authorizer/Open`);
	const { authorizerDescription } = (await answer.json()) as { authorizerDescription: Record<string, unknown> };
	t.is(authorizerDescription["tokenKeyName"], null);
	t.is(authorizerDescription["tokenSigningPublicKeys"], null);
	t.true(Math.abs(Number(authorizerDescription["creationDate"]) - Date.now() / 1000) < 600, "dates are epoch seconds");
});

test("a refusal without words has a null message on the wire", async (t) => {
	const { site } = await openShell(t, AUTHORIZER);
	const answer = await post(
		`${site.url}/authorizer/IoTAuthorizer/test`,
		JSON.stringify({ mqttContext: { username: "nobody" } }),
	);
	t.is(answer.status, 400);
	t.is(answer.body, '{"message":null}');
});
