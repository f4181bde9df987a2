import test from "ava";
import fc from "fast-check";
import { readCustomAuthFields } from "../../src/authorizer/custom-auth-fields.js";

const NAME = "x-amz-customauthorizer-name";
const SIGNATURE = "x-amz-customauthorizer-signature";

for (const [where, facts] of [
	["the username", { mqtt: { username: `u?${NAME}=A&${SIGNATURE}=a%2Bb%3D&Tok=t%20k` } }],
	["a query string", { http: { queryString: `${NAME}=A&${SIGNATURE}=a%2Bb%3D&Tok=t%20k` } }],
	["a query string with its question mark", { http: { queryString: `?Tok=t%20k&${NAME}=A&${SIGNATURE}=a+b=` } }],
	["headers", { http: { headers: { [NAME]: "A", [SIGNATURE]: "a+b=", Tok: "t k" } } }],
	[
		"headers in any letter case",
		{ http: { headers: { [NAME.toUpperCase()]: "A", "X-Amz-CustomAuthorizer-Signature": "a+b=", tok: "t k" } } },
	],
	[
		"several places",
		{ mqtt: { username: `?${NAME}=A` }, http: { headers: { tok: "t k" }, queryString: `${SIGNATURE}=a+b=` } },
	],
] as const) {
	test(`reads name, signature and token from ${where}`, (t) => {
		const fields = readCustomAuthFields(facts);
		t.deepEqual([fields.authorizerName, fields.signature, fields.token("Tok").token], ["A", "a+b=", "t k"]);
	});
}

test("the username comes before the query string, and that before the headers", (t) => {
	const headers = { [NAME]: "header" };
	const queryString = `?${NAME}=query`;
	const mqtt = { username: `u?${NAME}=user` };
	const names = [{ http: { headers } }, { http: { headers, queryString } }, { mqtt, http: { headers, queryString } }];
	t.deepEqual(
		names.map((facts) => readCustomAuthFields(facts).authorizerName),
		["header", "query", "user"],
	);
});

test("an empty value leaves the word to the next place", (t) => {
	const facts = { mqtt: { username: `u?${NAME}=` }, http: { queryString: `?${NAME}=query` } };
	t.is(readCustomAuthFields(facts).authorizerName, "query");
});

test("of two parameters with one name the first counts", (t) => {
	t.is(readCustomAuthFields({ mqtt: { username: "u?T=1&T=2" } }).token("T").token, "1");
});

test("what follows the token comes with it, as it was sent", (t) => {
	t.like(readCustomAuthFields({ mqtt: { username: "u?a=1&tok%65n=x%20y&z=2" } }).token("token"), {
		queryRest: "x%20y&z=2",
	});
	t.like(readCustomAuthFields({ http: { queryString: "a=1&T=x&z" } }).token("T"), { queryRest: "x&z" });
	t.like(readCustomAuthFields({ http: { headers: { T: "x&z" } } }).token("T"), { queryRest: undefined });
});

for (const [facts, found] of [
	[{ mqtt: {} }, "CONNECT has no username"],
	[{}, "CONNECT has no username"],
	[{ mqtt: { username: "u" } }, "the username has no query"],
	[{ mqtt: { username: "u?Tok=" } }, "it is there, but empty"],
	[{ mqtt: { username: "u?tok=1" } }, 'the username spells it "tok"'],
	[{ mqtt: { username: "u?a=1&b=2" } }, "none of the 2 parameters of the username has that name"],
	[{ http: {} }, "there is neither a query nor a header"],
	[{ http: { headers: { tok: "" } } }, "it is there, but empty"],
	[{ http: { queryString: "?tOK=1", headers: {} } }, 'the query string spells it "tOK"'],
	[
		{ mqtt: { username: "u" }, http: { headers: { host: "h" } } },
		"no parameter of a query and no header has that name",
	],
] as const) {
	test(`where there is no token it is said what is: ${JSON.stringify(facts)}`, (t) => {
		const place = readCustomAuthFields(facts).token("Tok");
		t.is(place.token === undefined ? place.found : undefined, found);
	});
}

test("takes any text, and shows nothing of it", (t) => {
	const text = fc.option(fc.string({ unit: "binary", maxLength: 60 }), { nil: undefined });
	const facts = fc.record({
		mqtt: fc.record({ username: text }),
		http: fc.option(fc.record({ headers: fc.dictionary(fc.string(), fc.string()), queryString: text }), {
			nil: undefined,
		}),
	});
	fc.assert(
		fc.property(facts, (given) => {
			const place = readCustomAuthFields(given).token("S3CRET");
			if (place.token === undefined) t.regex(place.found, /^[\w ",]+$/);
			else t.true(place.token.length > 0);
		}),
	);
});
