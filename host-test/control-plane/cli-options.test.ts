/** The AWS CLI by its own options: shorthand, files, paging, exit codes, and what it prints byte for byte. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { AwsCli, isInstalled } from "../aws-clients/index.js";
import { codeFacts, packageOf } from "./scenarios/packages.js";
import { ADMISSION, arn, openSite, PUBLIC_KEY, SCRIPTED_ARN, sign, tokenFor } from "./site.js";

if (isInstalled("awscli.botocore")) defineTests();
else test("left out: the client is not installed", (t) => t.pass());

/** A Latchkey, and `aws` pointed at it. */
async function openSceneWith(cli: AwsCli, t: ExecutionContext, configuration?: object) {
	const site = await openSite(configuration);
	t.teardown(() => site.close());
	const aws = (...args: readonly string[]) => cli.run(args, { endpoint: site.url, directory: site.directory });
	/** What it prints, as JSON. */
	const answer = async (...args: readonly string[]) => {
		const { exitCode, stdout, stderr } = await aws(...args);
		t.is(stderr, "");
		t.is(exitCode, 0);
		return (stdout === "" ? undefined : JSON.parse(stdout)) as Readonly<Record<string, unknown>>;
	};
	/** The event that the scripted function tells of. */
	const event = async (...args: readonly string[]) => {
		const { policyDocuments } = await answer("iot", "test-invoke-authorizer", "--authorizer-name", "Unsigned", ...args);
		const [policy] = policyDocuments as readonly [string];
		return (JSON.parse(JSON.parse(policy).Statement[0].Sid) as { readonly protocolData: unknown }).protocolData;
	};
	return { site, aws, answer, event };
}

function defineTests(): void {
	const cli = new AwsCli();
	test.after.always(() => cli.close());
	const openScene = (t: ExecutionContext, configuration?: object) => openSceneWith(cli, t, configuration);

	test("describe-authorizer prints the description byte for byte, without what is null", async (t) => {
		const { aws, site } = await openScene(t);
		const { creationDate, lastModifiedDate } = site.account.authorizers.describe("Unsigned");
		const { exitCode, stdout, stderr } = await aws("iot", "describe-authorizer", "--authorizer-name", "Unsigned");
		t.is(stderr, "");
		t.is(exitCode, 0);
		t.is(
			stdout,
			`{
    "authorizerDescription": {
        "authorizerName": "Unsigned",
        "authorizerArn": "arn:aws:iot:eu-west-1:123456789012:authorizer/Unsigned",
        "authorizerFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:Scripted",
        "status": "ACTIVE",
        "creationDate": "${pythonDate(creationDate)}",
        "lastModifiedDate": "${pythonDate(lastModifiedDate)}",
        "signingDisabled": true,
        "enableCachingForHttp": false
    }
}
`,
		);
	});

	test("test-invoke-authorizer prints the answer byte for byte", async (t) => {
		const { aws } = await openScene(t);
		const token = tokenFor({ ...ADMISSION, policyDocuments: ['{"Version":"2012-10-17","Statement":[]}'] });
		const { exitCode, stdout, stderr } = await aws(
			...["iot", "test-invoke-authorizer", "--authorizer-name", "Signed"],
			...["--token", token, "--token-signature", sign(token)],
		);
		t.is(stderr, "");
		t.is(exitCode, 0);
		t.is(
			stdout,
			`{
    "isAuthenticated": true,
    "principalId": "Principal1",
    "policyDocuments": [
        "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[]}"
    ],
    "refreshAfterInSeconds": 300,
    "disconnectAfterInSeconds": 86400
}
`,
		);
	});

	test("test-authorization takes shorthand and prints the results byte for byte", async (t) => {
		const policies = { P: ADMISSION.policyDocuments[0] };
		const { aws } = await openScene(t, { policies });
		const { exitCode, stdout, stderr } = await aws(
			...["iot", "test-authorization", "--policy-names-to-add", "P", "--client-id", "dev1"],
			...["--auth-infos", `actionType=CONNECT,resources=${arn("iot", "client/dev1")}`],
		);
		t.is(stderr, "");
		t.is(exitCode, 0);
		t.is(
			stdout,
			`{
    "authResults": [
        {
            "authInfo": {
                "actionType": "CONNECT",
                "resources": [
                    "arn:aws:iot:eu-west-1:123456789012:client/dev1"
                ]
            },
            "allowed": {
                "policies": [
                    {
                        "policyName": "P",
                        "policyArn": "arn:aws:iot:eu-west-1:123456789012:policy/P"
                    }
                ]
            },
            "denied": {
                "implicitDeny": {
                    "policies": []
                },
                "explicitDeny": {
                    "policies": []
                }
            },
            "authDecision": "ALLOWED",
            "missingContextValues": []
        }
    ]
}
`,
		);
	});

	test("create-authorizer takes keys, tags and flags by options, update-authorizer the other half of flags", async (t) => {
		const { answer } = await openScene(t, {});
		const names = { authorizerName: "A", authorizerArn: arn("iot", "authorizer/A") };
		t.deepEqual(
			await answer(
				...["iot", "create-authorizer", "--authorizer-name", "A", "--authorizer-function-arn", SCRIPTED_ARN],
				...["--token-key-name", "token", "--token-signing-public-keys", `K1=${PUBLIC_KEY}`],
				...["--status", "ACTIVE", "--no-signing-disabled", "--enable-caching-for-http"],
				...["--tags", "Key=team,Value=sensors", "Key=empty,Value="],
			),
			names,
		);
		t.deepEqual(
			await answer("iot", "update-authorizer", "--authorizer-name", "A", "--no-enable-caching-for-http"),
			names,
		);
		const { authorizerDescription } = await answer("iot", "describe-authorizer", "--authorizer-name", "A");
		t.like(authorizerDescription, {
			status: "ACTIVE",
			tokenKeyName: "token",
			// Shorthand takes the white space at the end of a value away.
			tokenSigningPublicKeys: { K1: PUBLIC_KEY.trimEnd() },
			signingDisabled: false,
			enableCachingForHttp: false,
		});
		t.deepEqual(await answer("iot", "list-tags-for-resource", "--resource-arn", names.authorizerArn), {
			tags: [
				{ Key: "empty", Value: "" },
				{ Key: "team", Value: "sensors" },
			],
		});
	});

	test("contexts come in shorthand", async (t) => {
		const { event } = await openScene(t);
		t.deepEqual(
			await event(
				...["--http-context", "headers={X-Thing=One,b=2},queryString=?a=b"],
				...["--mqtt-context", "username=user?x=y,password=dGVzdA==,clientId=dev1"],
				...["--tls-context", "serverName=things.example.com"],
			),
			{
				tls: { serverName: "things.example.com" },
				mqtt: { username: "user?x=y", password: "dGVzdA==", clientId: "dev1" },
				http: { headers: { "X-Thing": "One", b: "2" }, queryString: "?a=b" },
			},
		);
	});

	test("contexts come as JSON and from files", async (t) => {
		const { event, site } = await openScene(t);
		await writeFile(join(site.directory, "mqtt.json"), '{"username": "from a file"}');
		t.deepEqual(await event("--mqtt-context", "file://mqtt.json", "--http-context", '{"headers": {"a": "b, c"}}'), {
			mqtt: { username: "from a file" },
			http: { headers: { a: "b, c" } },
		});
	});

	test("a password is base64 already: the function sees it as it was typed", async (t) => {
		const { event } = await openScene(t);
		t.deepEqual(await event("--mqtt-context", "password=dGVzdA=="), { mqtt: { password: "dGVzdA==" } });
		t.deepEqual(await event("--mqtt-context", "password=test"), { mqtt: { password: "test" } });
		// The AWS CLI leaves out of a password what base64 does not know, and says nothing.
		t.deepEqual(await event("--mqtt-context", "password=pass!"), { mqtt: { password: "pass" } });
	});

	test("with raw-in-base64-out a password is text: the function sees it encoded once more", async (t) => {
		const { event } = await openScene(t);
		const raw = ["--cli-binary-format", "raw-in-base64-out"];
		t.deepEqual(await event("--mqtt-context", "password=dGVzdA==", ...raw), { mqtt: { password: "ZEdWemRBPT0=" } });
		t.deepEqual(await event("--mqtt-context", "password=test", ...raw), { mqtt: { password: "dGVzdA==" } });
	});

	test("list-authorizers prints one page and its marker where a page size is given", async (t) => {
		const { answer, aws } = await openScene(t);
		const whole = await answer("iot", "list-authorizers");
		const { nextMarker, authorizers } = await answer("iot", "list-authorizers", "--page-size", "2");
		const rest = await answer("iot", "list-authorizers", "--page-size", "2", "--marker", String(nextMarker));
		t.deepEqual([...items(authorizers), ...items(rest["authorizers"])], whole["authorizers"]);
		t.false("nextMarker" in rest);
		const { stdout } = await aws(
			...["iot", "list-authorizers", "--query", "authorizers[].authorizerName", "--output", "text"],
		);
		t.is(stdout, "Unsigned\tSigned\tNotPermitted\n");
	});

	test("list-authorizers stops at --max-items and goes on from its token", async (t) => {
		const { answer } = await openScene(t);
		const list = ["iot", "list-authorizers", "--ascending-order"];
		const { NextToken, authorizers } = await answer(...list, "--max-items", "2");
		t.is(items(authorizers).length, 2);
		const rest = await answer(...list, "--starting-token", String(NextToken));
		const whole = await answer(...list);
		t.deepEqual([...items(authorizers), ...items(rest["authorizers"])], whole["authorizers"]);
		t.false("NextToken" in rest);
	});

	test("list-functions reads all pages, whatever their size", async (t) => {
		const { answer } = await openScene(t);
		const whole = await answer("lambda", "list-functions");
		t.is(items(whole["Functions"]).length, 3);
		t.deepEqual(await answer("lambda", "list-functions", "--page-size", "1"), whole);
		t.deepEqual(await answer("lambda", "list-functions", "--page-size", "2"), whole);
	});

	test("a function is made of a file and invoked into a file", async (t) => {
		const { answer, site } = await openScene(t, {});
		const zip = packageOf({ "index.js": 'exports.handler = async ({ name }) => "hello " + name;' });
		await writeFile(join(site.directory, "code.zip"), zip);
		const made = await answer(
			...["lambda", "create-function", "--function-name", "Made", "--runtime", "nodejs20.x"],
			...[
				"--role",
				"arn:aws:iam::123456789012:role/made",
				"--handler",
				"index.handler",
				"--zip-file",
				"fileb://code.zip",
			],
		);
		t.like(made, { FunctionName: "Made", ...codeFacts(zip) });
		const invoked = await answer(
			...["lambda", "invoke", "--function-name", "Made", "--payload", '{"name": "you"}'],
			...["--cli-binary-format", "raw-in-base64-out", "answer.json"],
		);
		t.deepEqual(invoked, { StatusCode: 200, ExecutedVersion: "$LATEST" });
		t.is(await readFile(join(site.directory, "answer.json"), "utf8"), '"hello you"');
	});

	test("a service's error ends the command with 254 and a line of its own", async (t) => {
		const { aws } = await openScene(t, {});
		t.deepEqual(await aws("iot", "describe-authorizer", "--authorizer-name", "missing"), {
			exitCode: 254,
			stdout: "",
			stderr:
				"\nAn error occurred (ResourceNotFoundException) when calling the DescribeAuthorizer operation (reached max retries: 0): Authorizer missing not found\n",
		});
	});

	test("a command that is not sent ends with 252", async (t) => {
		const { aws } = await openScene(t, {});
		const missing = await aws("iot", "describe-authorizer");
		t.is(missing.exitCode, 252);
		t.regex(missing.stderr, /the following arguments are required: --authorizer-name/);
		const short = await aws("iot", "test-invoke-authorizer", "--authorizer-name", "A", "--token", "");
		t.is(short.exitCode, 252);
		t.regex(short.stderr, /Invalid length for parameter token, value: 0, valid min length: 1/);
		const unknown = await aws(
			...["iot", "create-domain-configuration", "--domain-configuration-name", "D", "--sparkle", "CUSTOM_AUTH"],
		);
		t.is(unknown.exitCode, 252);
		t.regex(unknown.stderr, /Unknown options: --sparkle, CUSTOM_AUTH/);
	});

	test("an operation without an output prints nothing", async (t) => {
		const { aws } = await openScene(t);
		await aws("iot", "update-authorizer", "--authorizer-name", "Unsigned", "--status", "INACTIVE");
		t.deepEqual(await aws("iot", "delete-authorizer", "--authorizer-name", "Unsigned"), {
			exitCode: 0,
			stdout: "",
			stderr: "",
		});
	});

	test("options win over --cli-input-json", async (t) => {
		const { answer } = await openScene(t);
		const { authorizerDescription } = await answer(
			...["iot", "describe-authorizer", "--cli-input-json", '{"authorizerName": "missing"}'],
			...["--authorizer-name", "Signed"],
		);
		t.like(authorizerDescription, { authorizerName: "Signed" });
	});
}

function items(list: unknown): readonly unknown[] {
	return list as readonly unknown[];
}

/** As Python prints a date of milliseconds: microseconds, or none. */
function pythonDate(milliseconds: number): string {
	const text = new Date(milliseconds).toISOString();
	return text.endsWith(".000Z") ? text.replace(".000Z", "+00:00") : text.replace("Z", "000+00:00");
}
