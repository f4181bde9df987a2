/**
 * The Lambda operations on functions, as they are on the wire.
 * @module
 */
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { openLambdaSite, packageOf, refusal } from "./lambda-site.js";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:demo";
const ROLE = "arn:aws:iam::123456789012:role/any";

const creation = (more: object = {}) => ({
	FunctionName: "demo",
	Runtime: "nodejs20.x",
	Role: ROLE,
	Handler: "index.handler",
	Code: { ZipFile: packageOf("one") },
	...more,
});

test("a function is made, called, changed, called again and deleted", async (t) => {
	const { call, code, tidied } = await openLambdaSite(t);
	const made = await call("POST", "", creation({ Environment: { Variables: { MODE: "test" } } }));
	t.is(made.status, 201, made.text);
	const called = await call("POST", "/demo/invocations", { n: 1 });
	t.deepEqual(called.json, { answer: "one", event: { n: 1 }, mode: "test" });
	const changed = await call("PUT", "/demo/code", { ZipFile: packageOf("two") });
	t.is(changed.status, 200, changed.text);
	t.not(changed.json["CodeSha256"], made.json["CodeSha256"]);
	t.is((await call("POST", "/demo/invocations", {})).json["answer"], "two");
	await tidied("demo");
	t.is((await readdir(join(code, "demo"))).length, 1);
	const deleted = await call("DELETE", "/demo");
	t.is(deleted.status, 204);
	t.is(deleted.text, "");
	await tidied("demo");
	await t.throwsAsync(access(join(code, "demo")), { code: "ENOENT" });
	t.is((await call("POST", "/demo/invocations", {})).status, 404);
});

test("a function that was made is shown as AWS shows it", async (t) => {
	const { call } = await openLambdaSite(t);
	const { json } = await call("POST", "", creation({ Description: "d", Tags: { team: "a" } }));
	const { CodeSha256, CodeSize, Architectures, LastModified, ...rest } = json;
	t.regex(String(LastModified), /^2026-01-02T03:04:05\.\d{3}\+0000$/);
	t.regex(String(CodeSha256), /^[A-Za-z0-9+/]{43}=$/);
	t.true(Number(CodeSize) > 0);
	t.is((Architectures as string[]).length, 1);
	t.deepEqual(rest, {
		FunctionName: "demo",
		FunctionArn: ARN,
		Runtime: "nodejs20.x",
		Role: ROLE,
		Handler: "index.handler",
		Description: "d",
		Timeout: 3,
		MemorySize: 128,
		Version: "$LATEST",
		State: "Active",
		LastUpdateStatus: "Successful",
		PackageType: "Zip",
	});
	const { json: shown } = await call("GET", "/demo?Qualifier=%24LATEST");
	t.deepEqual(shown["Configuration"], json);
	t.deepEqual(shown["Tags"], { team: "a" });
	t.regex(String((shown["Code"] as { Location: string }).Location), /^file:\/\/\/.*\/demo\/[0-9a-f]{64}$/);
	t.deepEqual((await call("GET", "/demo/configuration")).json, json);
});

for (const reference of [ARN, "123456789012:function:demo", "demo:$LATEST", `${ARN}:$LATEST`]) {
	test(`a function is found by ${reference}`, async (t) => {
		const { call } = await openLambdaSite(t);
		await call("POST", "", creation());
		const { status, json } = await call("GET", `/${encodeURIComponent(reference)}/configuration`);
		t.is(status, 200);
		t.is(json["FunctionName"], "demo");
	});
}

test("a function is made by its ARN as well", async (t) => {
	const { call } = await openLambdaSite(t);
	t.is((await call("POST", "", creation({ FunctionName: ARN }))).json["FunctionName"], "demo");
});

for (const path of ["/missing", "/missing/configuration", "/missing/policy", "/echo?Qualifier=3", "/echo%3Aprod"]) {
	test(`what is not there is not found: GET ${path}`, async (t) => {
		const { call } = await openLambdaSite(t);
		const { status, type, message } = refusal(await call("GET", path));
		t.is(status, 404);
		t.is(type, "ResourceNotFoundException");
		t.regex(String(message), /^Function not found: arn:aws:lambda:eu-west-1:123456789012:function:/);
	});
}

test("a qualifier that contradicts the name's is refused", async (t) => {
	const { call } = await openLambdaSite(t);
	const { status, message } = refusal(await call("GET", "/echo%3Aone?Qualifier=two"));
	t.is(status, 400);
	t.is(message, "The derived qualifier from the function name does not match the specified qualifier.");
});

test("a name that is taken is a conflict, and changes nothing", async (t) => {
	const { call, code } = await openLambdaSite(t);
	await call("POST", "", creation());
	t.deepEqual(refusal(await call("POST", "", creation({ Code: { ZipFile: packageOf("two") } }))), {
		status: 409,
		type: "ResourceConflictException",
		message: "Function already exist: demo",
	});
	t.is((await call("POST", "/demo/invocations", {})).json["answer"], "one");
	t.is((await readdir(join(code, "demo"))).length, 1);
});

const REFUSED: Readonly<Record<string, readonly [object, string, RegExp]>> = {
	"no code": [{ Code: {} }, "InvalidParameterValueException", /^Please provide a source for function code\.$/],
	"code elsewhere": [
		{ Code: { S3Bucket: "b", S3Key: "k" } },
		"ValidationException",
		/'code\.s3Bucket' is not supported by Latchkey/,
	],
	"an image": [{ PackageType: "Image" }, "ValidationException", /^'packageType' is not supported by Latchkey$/],
	"another language": [
		{ Runtime: "python3.12" },
		"InvalidParameterValueException",
		/^Value at 'runtime' is not supported/,
	],
	"no runtime": [{ Runtime: null }, "InvalidParameterValueException", /^Runtime and Handler are mandatory parameters/],
	"no handler": [{ Handler: null }, "InvalidParameterValueException", /^Runtime and Handler are mandatory parameters/],
	"a handler outside of the package": [
		{ Handler: "../x.handler" },
		"InvalidParameterValueException",
		/^Value at 'handler'/,
	],
	"a handler without an export": [{ Handler: "index" }, "InvalidParameterValueException", /^Value at 'handler'/],
	layers: [{ Layers: ["arn"] }, "ValidationException", /^'layers' is not supported by Latchkey$/],
	"a version": [{ Publish: true }, "ValidationException", /^'publish' is not supported by Latchkey$/],
	"no role": [
		{ Role: null },
		"ValidationException",
		/^1 validation error detected: Value at 'role' failed .* Member must not be null$/,
	],
	"too much memory": [{ MemorySize: 10_241 }, "ValidationException", /'memorySize' .* less than or equal to 10240$/],
	"too long a time": [{ Timeout: 901 }, "InvalidParameterValueException", /timeout/],
	"what is no archive": [
		{ Code: { ZipFile: "AAAA" } },
		"InvalidParameterValueException",
		/^Could not unzip uploaded file/,
	],
	"a bad tag": [{ Tags: { "aws:x": "y" } }, "InvalidParameterValueException", /./],
};
for (const [title, [more, type, message]] of Object.entries(REFUSED)) {
	test(`no function is made of ${title}`, async (t) => {
		const { call, account, code, tidied } = await openLambdaSite(t);
		const refused = refusal(await call("POST", "", creation(more)));
		await tidied("demo");
		t.is(refused.status, 400);
		t.is(refused.type, type);
		t.regex(String(refused.message), message);
		t.is(account.functions.get("demo"), undefined);
		t.deepEqual(await readdir(code), []);
	});
}

test("secrets of an environment are not repeated when they are refused", async (t) => {
	const { call } = await openLambdaSite(t);
	const Environment = { Variables: { KEY: "s3cret-".repeat(1000), "not a name": "s3cret" } };
	const answer = await call("POST", "", creation({ Environment }));
	t.is(answer.status, 400);
	t.notRegex(answer.text, /s3cret/);
});

test("a dry run of new code shows what it would be and changes nothing", async (t) => {
	const { call, code } = await openLambdaSite(t);
	const made = await call("POST", "", creation());
	const dry = await call("PUT", "/demo/code", { ZipFile: packageOf("two"), DryRun: true });
	t.not(dry.json["CodeSha256"], made.json["CodeSha256"]);
	t.deepEqual((await call("GET", "/demo/configuration")).json, made.json);
	t.is((await readdir(join(code, "demo"))).length, 1);
});

test("packages that are uploaded at the same time leave a function that runs", async (t) => {
	const { call, code, tidied } = await openLambdaSite(t);
	await call("POST", "", creation());
	const uploads = ["a", "b", "c", "d"].map((answer) => call("PUT", "/demo/code", { ZipFile: packageOf(answer) }));
	for (const { status } of await Promise.all(uploads)) t.is(status, 200);
	await tidied("demo");
	t.is((await readdir(join(code, "demo"))).length, 1);
	t.is((await call("POST", "/demo/invocations", {})).status, 200);
});

test("functions are listed by name, page by page", async (t) => {
	const { call, account } = await openLambdaSite(t);
	for (const functionName of ["c", "a", "b"]) account.functions.create({ functionName, source: { module: "/x.mjs" } });
	const seen: unknown[] = [];
	let marker: unknown = "";
	do {
		const next = marker === "" ? "" : `&Marker=${encodeURIComponent(String(marker))}`;
		const { json } = await call("GET", `/?MaxItems=3&FunctionVersion=ALL${next}`);
		for (const { FunctionName } of json["Functions"] as { FunctionName: string }[]) seen.push(FunctionName);
		marker = json["NextMarker"];
	} while (marker !== undefined);
	t.deepEqual(seen, ["a", "b", "c", "echo"]);
});

test("a bad marker is refused", async (t) => {
	const { call } = await openLambdaSite(t);
	t.deepEqual(refusal(await call("GET", "?Marker=x")), {
		status: 400,
		type: "InvalidParameterValueException",
		message: "Invalid/Malformed marker passed for listFunctions",
	});
});
