/** @module */
import test from "ava";
import fc from "fast-check";
import {
	type InputOptions,
	ParameterError,
	readInput,
	TEST_AUTHORIZATION,
	TEST_INVOKE_AUTHORIZER,
} from "../../src/aws-options/index.js";

const noFiles = (): Uint8Array => {
	throw new Error("ENOENT");
};

function invoke(members: InputOptions["members"], more: Partial<InputOptions> = {}) {
	return readInput(TEST_INVOKE_AUTHORIZER, {
		members: { authorizerName: "A", ...members },
		readBytes: noFiles,
		...more,
	});
}

async function refused(read: () => Promise<unknown>): Promise<ParameterError> {
	try {
		await read();
	} catch (error) {
		if (error instanceof ParameterError) return error;
		throw error;
	}
	throw new Error("was not refused");
}

const SECRET = "zQ7secretK9";

test("no error shows a secret, whatever is wrong with the option", async (t) => {
	const wrong: InputOptions["members"][] = [
		{ mqttContext: `username=u,password=${SECRET},${SECRET}` },
		{ mqttContext: `username=${SECRET}"` },
		{ mqttContext: `username=u,${SECRET}=1` },
		{ mqttContext: `${SECRET}` },
		{ mqttContext: `password=${SECRET},password=${SECRET}` },
		{ mqttContext: `username=a,${SECRET}=1,${SECRET}=2` },
		{ mqttContext: `username='${SECRET}` },
		{ mqttContext: `{"username":"${SECRET}"` },
		{ mqttContext: `{"username":"u" "${SECRET}"}` },
		{ mqttContext: `{"username":["${SECRET}"]}` },
		{ mqttContext: `{"${SECRET}":1}` },
		{ mqttContext: `password=${SECRET}!` },
		{ httpContext: `headers={x-token=${SECRET}` },
		{ httpContext: `headers=${SECRET}` },
		{ httpContext: `{"headers":{"x":["${SECRET}"]}}` },
		{ token: `file://${"no-such-file"}`, tokenSignature: SECRET },
	];
	for (const members of wrong) {
		const { message } = await refused(() => invoke(members));
		t.false(message.includes(SECRET), message);
	}
	for (const cliInputJson of [
		`{"token":"${SECRET}"`,
		`{"token":["${SECRET}"]}`,
		`{"token":"a"} ${SECRET}`,
		`"${SECRET}"`,
	])
		t.false((await refused(() => invoke({}, { cliInputJson }))).message.includes(SECRET), cliInputJson);
	for (const cliInputYaml of [`token: [${SECRET}`, `token: "${SECRET}`, `${SECRET}`, `a: *${SECRET}`])
		t.false((await refused(() => invoke({}, { cliInputYaml }))).message.includes(SECRET), cliInputYaml);
});

test("random damage to a context never brings its password into the error", async (t) => {
	const damage = fc.tuple(fc.nat({ max: 60 }), fc.constantFrom("", "=", ",", "'", '"', "{", "}", "[", " ", "@=", "\n"));
	await fc.assert(
		fc.asyncProperty(damage, async ([at, put]) => {
			const context = `username=${SECRET}${SECRET},password=${SECRET}=,clientId=dev1`;
			const damaged = context.slice(0, at) + put + context.slice(at + 1);
			try {
				await invoke({ mqttContext: damaged });
			} catch (error) {
				t.true(error instanceof ParameterError);
				t.notRegex((error as Error).message, /secret/);
			}
		}),
		{ numRuns: 1_000 },
	);
});

test("the place of an error is marked, and member names stay readable", async (t) => {
	const { message } = await refused(() => invoke({ mqttContext: "username='u1' x,password=geheim" }));
	t.is(
		message,
		"Error parsing parameter '--mqtt-context': Expected: ',', received: '*' for input:\n" +
			"username='**' *,password=******\n" +
			"              ^",
	);
});

test("an option without a secret shows its text whole", async (t) => {
	const members = { authInfos: ["resources:a"] };
	const { message } = await refused(() => readInput(TEST_AUTHORIZATION, { members, readBytes: noFiles }));
	t.regex(message, /received: 'EOF' for input:\nresources:a\n {11}\^$/);
});

test("JSON that cannot be read is told by place", async (t) => {
	const { code, message } = await refused(() => invoke({ tlsContext: '{"serverName":\n "a",}' }));
	t.is(code, "wrong-json");
	t.regex(message, /line 2 column 6 \(char 20\)/);
});

test("every problem of an input is told at once, by path", async (t) => {
	const { code, message } = await refused(() =>
		readInput(TEST_AUTHORIZATION, {
			members: { authInfos: ["actionType=X", '{"resources":[1,"a"]}'], policyNamesToAdd: [""] },
			readBytes: noFiles,
		}),
	);
	t.is(code, "validation-failed");
	t.deepEqual(message.split("\n"), [
		"Parameter validation failed:",
		'Missing required parameter in authInfos[0]: "resources"',
		"Invalid type for parameter authInfos[1].resources[0], got a number, expected text",
		"Invalid length for parameter policyNamesToAdd[0], value: 0, valid min length: 1",
	]);
});

test("bytes are base64 on the command line, and plain text when asked for", async (t) => {
	const password = async (text: string, binaryFormat?: InputOptions["binaryFormat"]) =>
		(await invoke({ mqttContext: `password=${text}` }, { binaryFormat })).input["mqttContext"];
	t.deepEqual(await password("dGVzdA=="), { password: new TextEncoder().encode("test") });
	t.deepEqual(await password("dGVzdA==", "raw-in-base64-out"), { password: new TextEncoder().encode("dGVzdA==") });
});

test("base64 that loses characters is taken as the AWS CLI takes it, with a warning", async (t) => {
	const { input, warnings } = await invoke({ mqttContext: "password=pass!" });
	t.deepEqual(input["mqttContext"], { password: Uint8Array.from(Buffer.from("pass", "base64")) });
	t.is(warnings.length, 1);
	t.regex(warnings[0]!, /^mqttContext\.password: .*raw-in-base64-out/);
});

test("a token's file is sent with its last line end, with a warning", async (t) => {
	const readBytes = () => new TextEncoder().encode("token\n");
	const { input, warnings } = await invoke({ token: "file://t" }, { readBytes });
	t.is(input["token"], "token\n");
	t.regex(warnings.join(), /--token: the file ends with a line end/);
});

test("a password comes from a file of bytes", async (t) => {
	const readBytes = (path: string) => (path === "p" ? Uint8Array.of(0, 255) : noFiles());
	const { input } = await invoke({ mqttContext: "username=u,password@=fileb://p" }, { readBytes });
	t.deepEqual(input["mqttContext"], { username: "u", password: Uint8Array.of(0, 255) });
});

test("a file that is no text is refused where text is wanted", async (t) => {
	const { message } = await refused(() => invoke({ token: "file://t" }, { readBytes: () => Uint8Array.of(255) }));
	t.regex(message, /--token.*could not be decoded.*fileb:\/\//);
});

test("options go on top of a whole input, member by member", async (t) => {
	const cliInputJson = '{"authorizerName":"B","token":"t","mqttContext":{"username":"u","clientId":"c"}}';
	const { input } = await invoke({ mqttContext: "username=v" }, { cliInputJson });
	t.deepEqual(input, { authorizerName: "A", token: "t", mqttContext: { username: "v" } });
});

test("members with names of Object's own change nothing but are refused", async (t) => {
	const { message } = await refused(() => invoke({}, { cliInputJson: '{"__proto__":{"token":"x"},"toString":1}' }));
	t.regex(message, /"__proto__".*\n.*"toString"/);
	t.is(({} as { token?: unknown }).token, undefined);
});
