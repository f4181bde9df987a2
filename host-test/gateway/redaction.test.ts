import test from "ava";
import fc from "fast-check";
import { redactUsername } from "../../src/gateway/redaction.js";
import { answer, Site, signatureOf, signedUsername, TOKEN_KEY } from "./site.js";

const KEY_NAMES = new Set([TOKEN_KEY]);

for (const [username, shown] of [
	["", ""],
	["alice", "<5 characters>"],
	["?", "?"],
	["alice?x-amz-customauthorizer-name=A", "<5 characters>?x-amz-customauthorizer-name=A"],
	["?x-amz-customauthorizer-name=A%3Db", "?x-amz-customauthorizer-name=A%3Db"],
	["?x-amz-customauthorizer-name=a token", "?x-amz-customauthorizer-name=<7 characters>"],
	["?x-amz-customauthorizer-signature=abc%2B", "?x-amz-customauthorizer-signature=<6 characters>"],
	["?MyAuthToken=secret", "?MyAuthToken=<6 characters>"],
	["?SDK=JS&Platform=Unix", "?SDK=<2 characters>&Platform=<4 characters>"],
	["?MyAuthTokn=secret", "?<10 characters>=<6 characters>"],
	["?MyAuthToken=a&b=c", "?MyAuthToken=<1 characters>&<1 characters>=<1 characters>"],
	["?justatoken", "?<10 characters>"],
	["?MyAuthToken", "?MyAuthToken"],
	["?a=b=c?d&&", "?<1 characters>=<5 characters>&&"],
] as const) {
	test(`${JSON.stringify(username)} is shown as ${JSON.stringify(shown)}`, (t) => {
		t.is(redactUsername(username, KEY_NAMES), shown);
	});
}

test("16 parameters are shown, the rest is counted", (t) => {
	const shown = "&<1 characters>".repeat(16).slice(1);
	t.is(redactUsername(`?${"a&".repeat(15)}a`, KEY_NAMES), `?${shown}`);
	t.is(redactUsername(`?${"a&".repeat(1000)}a`, KEY_NAMES), `?${shown}&…and 985 more parameters`);
});

test("the event of a CONNECT stays small, however many parameters its username has", async (t) => {
	const site = await Site.start(t);
	const client = await site.connect("dev1", { packet: { username: `u?${"a&".repeat(32_760)}` } });
	client.socket.destroy();
	t.true(JSON.stringify(await site.told("connect-received", "dev1")).length < 4096);
});

/** Letters that stand nowhere in a redacted text but by a leak. */
const GREEK = [..."αβγδεζηθικλμνξοπρστυφχψω"];
const greek = fc.string({ unit: fc.constantFrom(...GREEK), minLength: 1, maxLength: 20 });
/** Secrets with everything in them that takes a query apart. */
const secret = fc.array(fc.oneof(greek, fc.constantFrom("&", "=", "?", "%", "+", "/", "%26", " ")), {
	minLength: 1,
	maxLength: 8,
});

test("no letter of a secret is shown, wherever it stands and however it is encoded", (t) => {
	const piece = fc.oneof(
		secret.map((parts) => parts.join("")),
		secret.map((parts) => encodeURIComponent(parts.join(""))),
		fc.constantFrom("?", "&", "=", "MyAuthToken=", "x-amz-customauthorizer-signature=", "SDK="),
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
			const shown = redactUsername(pieces.join(""), KEY_NAMES);
			t.false(GREEK.some((letter) => shown.includes(letter)));
			t.notRegex(shown, /%C[EF]/i);
		}),
		{ numRuns: 2000 },
	);
});

test("no event and no kept refusal holds a token, signature or password, in any spelling", async (t) => {
	const site = await Site.start(t);
	const token = "Ωmega-token &=?/+ with everything";
	const password = "Ψ-password";
	const signature = signatureOf(token);
	const usernames = [
		signedUsername(token),
		signedUsername(token, signatureOf("another")),
		`?x-amz-customauthorizer-name=Devices&x-amz-customauthorizer-signature=${signature}&${TOKEN_KEY}=${token}`,
		`?x-amz-customauthorizer-name=Devices&${TOKEN_KEY}=${token}`,
		`${token}?x-amz-customauthorizer-name=Nobody&x-amz-customauthorizer-signature=${signature}`,
		token,
		`?${token}`,
	];
	const responses = [
		() => answer(),
		() => answer([], { isAuthenticated: false }),
		(event: { token?: string }) => Promise.reject(new Error(`cannot read ${event.token} ${password} ${signature}`)),
	];
	for (const username of usernames) {
		for (const respond of responses) {
			site.function.respond = respond;
			const client = await site.connect("dev1", { packet: { username, password: Buffer.from(password) } });
			client.socket.destroy();
		}
	}
	const told = JSON.stringify([site.events, site.gateway.refusals()]);
	for (const word of [token, "Ωmega-token", signature, signature.slice(0, 40), password]) {
		t.false(told.includes(word), word);
		t.false(told.includes(encodeURIComponent(word)), encodeURIComponent(word));
		t.false(told.includes(Buffer.from(word).toString("base64").slice(0, -3)), "in base64");
	}
});
