import test from "ava";
import fc from "fast-check";
import { parseCustomAuthUsername } from "../../src/authorizer/index.js";
import { readVectors } from "../vectors.js";

interface Vector {
	readonly id: string;
	readonly input: Readonly<Record<string, unknown>>;
	readonly connect?: { readonly username: string | null };
}

const recorded = readVectors<{ vectors: readonly Vector[] }>("aws/mqtt-connect.json")?.vectors ?? [];
const ofSdk = recorded.filter(({ id, connect }) => id.startsWith("sdk") && typeof connect?.username === "string");

/** What the SDK was given, as the parser should find it again. */
function inputOf({ id, input }: Vector) {
	const text = (name: string) => (input[name] as string | undefined) || undefined;
	const signature = text("authorizerSignature") ?? text("tokenSignature");
	return {
		username: text("username")?.split("?", 1)[0] ?? "",
		authorizerName: text("authorizerName"),
		signature: signature?.includes("%") ? decodeURIComponent(signature) : signature,
		// The SDK does not encode tokens: of "a b&c=d?e%f" only "a b" is left.
		token: id.includes("special-chars") ? "a b" : text("tokenValue"),
	};
}

for (const vector of ofSdk) {
	test(`reads what the AWS SDK sends: ${vector.id}`, (t) => {
		const parsed = parseCustomAuthUsername(vector.connect?.username ?? undefined);
		const { username, authorizerName, signature } = parsed;
		t.deepEqual({ username, authorizerName, signature, token: parsed.parameters.get("MyAuthToken") }, inputOf(vector));
	});
}

for (const { id, connect } of recorded.filter(({ id }) => !id.startsWith("sdk"))) {
	test(`reads what other clients send: ${id}`, (t) => {
		const { username, authorizerName, signature, parameters } = parseCustomAuthUsername(connect?.username ?? undefined);
		const absent = connect?.username === null;
		t.is(username, absent ? undefined : "user1");
		t.is(authorizerName, absent ? undefined : "IoTAuthorizer");
		t.regex(signature ?? "QQ==", /^[A-Za-z0-9+/]+={0,2}$/);
		t.is(parameters.get("MyAuthToken"), absent ? undefined : "allow");
	});
}

test("warns of a token that went unencoded, without showing a piece of it", (t) => {
	const { warnings } = parseCustomAuthUsername("u?x-amz-customauthorizer-name=A&Tok=a b&sec=ret?e%f");
	t.deepEqual(warnings, [
		"parameter 2 of the query holds characters that must be URL-encoded",
		'parameter 3 of the query holds a "%" that begins no valid sequence; it was kept as it is',
		'parameter 3 of the query follows another one of the client\'s own: if it is the rest of that, its "&" must be URL-encoded',
	]);
});

test("does not warn of a well-formed username with the SDK's metrics", (t) => {
	const query =
		"x-amz-customauthorizer-name=A&Tok=t&SDK=IoTDeviceSDK/JS&Platform=Unix&Metadata=(CRTVersion=1.33.1;F=F/3,G/A)";
	t.deepEqual(parseCustomAuthUsername(`?${query}`).warnings, []);
});

const signatureWarnings: readonly (readonly [sent: string, warning: RegExp])[] = [
	["abcd%0Aefgh", /line breaks/],
	["ab-_", /base64url/],
	["ab%252B", /encoded twice/],
	["ab%20cd", /%2B/],
];

for (const [sent, warning] of signatureWarnings) {
	test(`warns of the signature ${sent}`, (t) => {
		const { warnings } = parseCustomAuthUsername(`u?x-amz-customauthorizer-signature=${sent}`);
		t.is(warnings.length, 1);
		t.regex(warnings[0] ?? "", warning);
	});
}

test("a username without a query is only a username", (t) => {
	t.deepEqual(parseCustomAuthUsername("user"), { username: "user", parameters: new Map(), warnings: [] });
});

test("no username is no username", (t) => {
	t.deepEqual(parseCustomAuthUsername(undefined), { parameters: new Map(), warnings: [] });
});

test("a plus sign is a plus sign", (t) => {
	t.is(parseCustomAuthUsername("u?x-amz-customauthorizer-signature=a+b/c==").signature, "a+b/c==");
});

test("values are decoded once", (t) => {
	t.is(parseCustomAuthUsername("u?t=a%2525").parameters.get("t"), "a%25");
});

test("names are decoded", (t) => {
	t.is(parseCustomAuthUsername("u?x%2Damz-customauthorizer-name=A%3Db").authorizerName, "A=b");
});

test("sequences that are no UTF-8 stay as they are", (t) => {
	t.is(parseCustomAuthUsername("u?t=a%ff%C3%B6").parameters.get("t"), "a%ff%C3%B6");
});

test("of two parameters with one name the first counts, with a warning", (t) => {
	const { authorizerName, warnings } = parseCustomAuthUsername(
		"u?x-amz-customauthorizer-name=A&x-amz-customauthorizer-name=B",
	);
	t.is(authorizerName, "A");
	t.deepEqual(warnings, ["x-amz-customauthorizer-name repeats a name; the first one counts"]);
});

test("an empty authorizer name or signature counts as absent", (t) => {
	const parsed = parseCustomAuthUsername("u?x-amz-customauthorizer-name=&x-amz-customauthorizer-signature");
	t.is(parsed.authorizerName, undefined);
	t.is(parsed.signature, undefined);
});

test("a parameter named like a member of every object is one like any other", (t) => {
	t.is(parseCustomAuthUsername("u?__proto__=x").parameters.get("__proto__"), "x");
});

test("never throws and keeps the text before the question mark, whatever it is given", (t) => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 80 }), (username) => {
			t.true(username.startsWith(parseCustomAuthUsername(username).username ?? "never"));
		}),
	);
});

test("any token that is URL-encoded comes out as it went in", (t) => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (token) => {
			const { parameters, warnings } = parseCustomAuthUsername(`u?SDK=x&T=${encodeURIComponent(token)}&Platform=y`);
			t.is(parameters.get("T"), token);
			t.deepEqual(warnings, []);
		}),
	);
});

test("no warning shows a piece of a token, encoded or not", (t) => {
	const secret = "S3CRET";
	const noise = fc.array(fc.constantFrom(secret, "&", "=", "%", "?", " ", "%20", "x-amz-customauthorizer-signature="), {
		maxLength: 12,
	});
	fc.assert(
		fc.property(noise, (pieces) => {
			t.false(
				parseCustomAuthUsername(`u?T=${pieces.join("")}`)
					.warnings.join()
					.includes(secret),
			);
		}),
	);
});

for (const [name, query, told, more] of [
	["different names", Array.from({ length: 20_000 }, (_, index) => index.toString(36)).join("&"), 5, 19_994],
	["one name", "a&".repeat(20_000), 10, 39_988],
] as const) {
	test(`of thousands of parameters with ${name} the first few are warned of, the rest counted`, (t) => {
		const { warnings } = parseCustomAuthUsername(`u?${query}`);
		const counts = warnings.map((warning) => /^and (\d+) more of this kind$/.exec(warning)?.[1]);
		t.is(counts.filter((count) => count === undefined).length, told);
		t.is(
			counts.reduce((sum, count) => sum + Number(count ?? 0), 0),
			more,
		);
	});
}

test("what is wrong with the signature is told also where everything else is", (t) => {
	const { warnings } = parseCustomAuthUsername(`u?${"a&".repeat(100)}x-amz-customauthorizer-signature=a-b`);
	t.true(warnings.some((warning) => warning.includes("base64url")));
});

test("as many warnings as are told one by one need no count", (t) => {
	const { warnings } = parseCustomAuthUsername("u?a&b&c&d&e&f");
	t.is(warnings.length, 5);
	t.true(warnings.every((warning) => warning.startsWith("parameter ")));
});
