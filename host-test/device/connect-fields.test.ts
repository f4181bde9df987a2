/**
 * The username held against what AWS's own SDK sends for the same credential, and read back by the gateway's parser.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { parseCustomAuthUsername } from "../../src/authorizer/index.js";
import { encodeUsername, type UsernameParts } from "../../src/device/connect-fields.js";
import { readVectors } from "../vectors.js";

interface ConnectVector {
	readonly id: string;
	readonly client: string;
	readonly transport?: string;
	readonly input: Readonly<Record<string, string | boolean | undefined>>;
	readonly connect?: { readonly username: string | null };
}

const vectors = readVectors<{ readonly vectors: readonly ConnectVector[] }>("aws/mqtt-connect.json")?.vectors ?? [];

/**
 * What AWS's SDK sent over TLS, beside the parts it was given. Left aside: a signature encoded beforehand, a token the SDK
 * sends raw, a username with a query of its own.
 */
const comparable = vectors
	.filter(({ client, transport }) => client.startsWith("aws-iot-device-sdk-v2") && transport === "tls")
	.map(({ id, input, connect }) => ({ id, parts: partsOf(input), sent: connect?.username ?? "" }))
	.filter(
		({ parts: { username = "", signature = "", token = "" } }) =>
			!signature.includes("%") && /^[\w.~-]*$/.test(token) && !username.includes("?"),
	);

/** The SDK takes an empty text for none. */
function partsOf(input: ConnectVector["input"]): UsernameParts {
	const { username, authorizerName, tokenKeyName, tokenValue: token } = input;
	const signature = input["authorizerSignature"] ?? input["tokenSignature"];
	const given = Object.entries({ username, authorizerName, signature, tokenKeyName, token });
	return Object.fromEntries(given.filter(([, value]) => typeof value === "string" && value !== ""));
}

/** The SDK's metrics, which carry no credential. */
const METRICS = ["SDK", "Platform", "Metadata"];

function parametersOf(username: string): Record<string, string> {
	const { parameters } = parseCustomAuthUsername(username);
	return Object.fromEntries([...parameters].filter(([name]) => !METRICS.includes(name)));
}

if (vectors.length > 0)
	test("the gateway reads from our username what AWS's SDK says with its own, which is never shorter", (t) => {
		t.true(comparable.length >= 8, `${comparable.length} vectors`);
		for (const { id, parts, sent } of comparable) {
			const ours = encodeUsername(parts);
			t.is(parseCustomAuthUsername(ours).username ?? "", parseCustomAuthUsername(sent).username ?? "", id);
			t.deepEqual(parametersOf(ours), parametersOf(sent), id);
			t.true(ours.length <= sent.length, `${id}: ${ours.length} against ${sent.length}`);
		}
	});

if (vectors.length > 0)
	test("without metrics the MQTT 3.1.1 builder sends the same text", (t) => {
		const same = comparable.filter(({ id, sent }) => id.startsWith("sdk311") && !sent.includes("SDK="));
		t.true(same.length > 0);
		for (const { id, parts, sent } of same) t.is(encodeUsername(parts), sent, id);
	});

const tokenVectors = readVectors<{
	readonly authorizer: { readonly authorizerName: string; readonly tokenKeyName: string };
	readonly vectors: readonly { readonly token: string; readonly signatureBase64: string; readonly username: string }[];
}>("aws/token-signature.json");
if (tokenVectors !== undefined)
	test("the usernames of the token vectors, letter by letter", (t) => {
		const { authorizer } = tokenVectors;
		for (const { token, signatureBase64, username } of tokenVectors.vectors)
			t.is(encodeUsername({ ...authorizer, username: "user1", signature: signatureBase64, token }), username);
	});

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });
const names = fc.stringMatching(/^[\w=,@-]{1,40}$/);
const keys = fc.stringMatching(/^[\w-]{1,40}$/).filter((key) => !key.startsWith("x-amz-customauthorizer-"));
const signatures = fc
	.uint8Array({ minLength: 1, maxLength: 300 })
	.map((bytes) => Buffer.from(bytes).toString("base64"));

test("whatever the token, the gateway's parser gives back what was encoded", (t) => {
	fc.assert(
		fc.property(
			fc.option(
				text.filter((free) => !free.includes("?")),
				{ nil: undefined },
			),
			fc.option(names, { nil: undefined }),
			fc.option(signatures, { nil: undefined }),
			keys,
			text,
			(username, authorizerName, signature, tokenKeyName, token) => {
				const encoded = encodeUsername({ username, authorizerName, signature, tokenKeyName, token });
				const read = parseCustomAuthUsername(encoded);
				t.is(read.username ?? "", username ?? "");
				t.is(read.authorizerName, authorizerName);
				t.is(read.signature, signature);
				t.is(read.parameters.get(tokenKeyName), token);
			},
		),
		{ numRuns: 500 },
	);
});
