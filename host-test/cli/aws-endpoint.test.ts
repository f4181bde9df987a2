/** @module */
import { TestInvokeAuthorizerCommand } from "@aws-sdk/client-iot";
import test from "ava";
import { chooseEndpoint, type EndpointOptions, openService } from "../../src/cli/aws/endpoint.js";

const LATCHKEY = { url: "http://127.0.0.1:4570", isAws: false, namedBy: "the default: Latchkey on this machine" };

test("nobody is AWS unless it is named", (t) => {
	t.deepEqual(chooseEndpoint({}, {}), LATCHKEY);
	t.deepEqual(chooseEndpoint({ region: "us-east-1" }, { AWS_PROFILE: "dev", AWS_ACCESS_KEY_ID: "k" }), LATCHKEY);
	t.deepEqual(chooseEndpoint({ endpointUrl: "aws" }, { AWS_ENDPOINT_URL: "http://h" }), {
		isAws: true,
		namedBy: "--endpoint-url",
	});
	t.deepEqual(chooseEndpoint({}, { LATCHKEY_ENDPOINT_URL: "aws" }), { isAws: true, namedBy: "LATCHKEY_ENDPOINT_URL" });
});

test("an endpoint of AWS's is known by its name, others are not", (t) => {
	for (const [endpointUrl, isAws] of [
		["https://iot.eu-west-1.amazonaws.com", true],
		["https://iot.cn-north-1.amazonaws.com.cn/", true],
		["https://vpce-1.iot.us-east-1.vpce.amazonaws.com", true],
		["https://amazonaws.com.example.org", false],
		["http://notamazonaws.com", false],
		["http://[::1]:4570", false],
	] as const)
		t.is(chooseEndpoint({ endpointUrl }, {}).isAws, isAws, endpointUrl);
});

test("variables count in order, empty ones do not", (t) => {
	const environment = { LATCHKEY_ENDPOINT_URL: "", AWS_ENDPOINT_URL_IOT: "http://one", AWS_ENDPOINT_URL: "http://two" };
	t.like(chooseEndpoint({}, environment), { url: "http://one", namedBy: "AWS_ENDPOINT_URL_IOT" });
	t.like(chooseEndpoint({ endpointUrl: "http://three" }, environment), {
		url: "http://three",
		namedBy: "--endpoint-url",
	});
});

test("a profile without an endpoint, and what is no URL, are refused", (t) => {
	t.throws(() => chooseEndpoint({ profile: "p" }, {}), { code: "endpoint-unclear" } as object);
	for (const endpointUrl of ["", "AWS", "127.0.0.1:4570", "ftp://h", "http://user:secret@h"])
		t.throws(
			() => chooseEndpoint({ endpointUrl }, {}),
			{ message: /expected an http or https URL, or aws/ },
			endpointUrl,
		);
});

/** Where a client would send a request, and whose it would be; nothing is sent. */
async function destinationOf(options: EndpointOptions, environment: NodeJS.ProcessEnv): Promise<string> {
	const { client } = await openService(chooseEndpoint(options, environment), options, environment);
	let destination = "";
	client.middlewareStack.add(
		() =>
			async ({ request }) => {
				const { protocol, hostname, port, headers } = request as {
					protocol: string;
					hostname: string;
					port?: number;
					headers: Record<string, string>;
				};
				const key = /Credential=([^/]+)/.exec(headers["authorization"] ?? "")?.[1];
				destination = `${key} ${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
				throw new Error("enough");
			},
		{ step: "deserialize", priority: "low" },
	);
	await client.send(new TestInvokeAuthorizerCommand({ authorizerName: "A" })).catch(() => undefined);
	return destination;
}

test.serial("AWS by name is AWS, whatever endpoint the environment names", async (t) => {
	const keys = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "s", AWS_REGION: "eu-west-1" };
	const environment = { ...keys, AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ENDPOINT_URL_IOT: "http://127.0.0.1:2" };
	Object.assign(process.env, environment);
	t.is(await destinationOf({ endpointUrl: "aws" }, environment), "AKID https://iot.eu-west-1.amazonaws.com");
	t.is(
		await destinationOf({ endpointUrl: "aws", region: "cn-north-1" }, environment),
		"AKID https://iot.cn-north-1.amazonaws.com.cn",
	);
	t.is(await destinationOf({}, environment), "AKID http://127.0.0.1:2");
	t.is(await destinationOf({ endpointUrl: "http://127.0.0.1:3" }, environment), "AKID http://127.0.0.1:3");
});

test.serial("elsewhere than at AWS placeholder credentials do where none are given", async (t) => {
	t.is(await destinationOf({ endpointUrl: "http://127.0.0.1:3" }, {}), "latchkey http://127.0.0.1:3");
});
