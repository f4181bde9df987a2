/**
 * Requests that nobody should send: each is answered with an error of the client in AWS's shape, and nothing comes of it.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { openShelf } from "./shelf.js";
import { exchange, misshapen, requestBytes, type WireAnswer, type WireRequest } from "./wire.js";

const RUNS = 2000;

const VALID_BODY: Readonly<Record<string, unknown>> = {
	kind: "SMALL",
	label: "x",
	tags: { a: "b" },
	parts: [{ Weight: 1 }],
};

const put = (body: unknown, more: WireRequest = {}): WireRequest => ({
	method: "POST",
	target: "/thing/a",
	body: JSON.stringify(body),
	...more,
});

/** A value that is no string. */
const notString = fc.oneof(
	fc.integer(),
	fc.double(),
	fc.boolean(),
	fc.array(fc.jsonValue(), { maxLength: 3 }),
	fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
);
const notNumber = fc.oneof(
	fc.string(),
	fc.boolean(),
	fc.array(fc.jsonValue()),
	fc.dictionary(fc.string(), fc.string()),
);

/** A wrong value of a member of the body. */
const wrongMember = fc.oneof(
	fc.record({
		kind: fc.oneof(
			notString,
			fc.string().filter((text) => text !== "SMALL" && text !== "LARGE"),
			fc.constant(null),
		),
	}),
	fc.record({ label: fc.oneof(notString, fc.constant(""), fc.string({ minLength: 6, maxLength: 5000 })) }),
	fc.record({
		count: fc.oneof(notNumber, fc.integer({ max: -1 }), fc.integer({ min: 10 }), fc.constant(1.5), fc.constant(1e300)),
	}),
	fc.record({ fragile: fc.oneof(fc.string(), fc.integer(), fc.array(fc.boolean())) }),
	fc.record({
		picture: fc.oneof(
			notString,
			fc.constantFrom("", "A", "AAAAA", "A=", "A===", "QQ=", "=QQ=", "QQ\n", "Q Q=", "__--"),
		),
	}),
	fc.record({
		picture: fc.uint8Array({ minLength: 9, maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString("base64")),
	}),
	fc.record({ colours: fc.oneof(fc.string(), fc.integer(), fc.constant([]), fc.array(notString, { minLength: 1 })) }),
	fc.record({ colours: fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 500 }) }),
	fc.record({ colours: fc.constantFrom([null], ["a", null], ["four"], [[]]) }),
	fc.record({
		tags: fc.oneof(
			fc.string(),
			fc.integer(),
			fc.array(fc.jsonValue()),
			fc.constantFrom({ A: "b" }, { a: "12345" }, { a: null }),
		),
	}),
	fc.record({
		tags: fc.constantFrom({ a: "", b: "", c: "" }, { ["__proto__"]: "x" }, { constructor: "x" }, { "a\u0000": "x" }),
	}),
	fc.record({
		parts: fc.oneof(
			fc.string(),
			fc.array(notString.filter(isNoObject), { minLength: 1 }),
			fc.constantFrom([{}], [{ Weight: 0 }]),
		),
	}),
	fc.record({ future: fc.jsonValue().filter((value) => value !== null) }),
);

function isNoObject(value: unknown): boolean {
	return typeof value !== "object" || Array.isArray(value);
}

const wrongBody = fc.oneof(
	wrongMember.map((member) => put({ ...VALID_BODY, ...member })),
	fc
		.jsonValue()
		.filter((value) => isNoObject(value) || value === null)
		.map((value) => put(value)),
	fc.jsonValue({ maxDepth: 4 }).map((value) => put({ ...VALID_BODY, kind: [value] })),
	fc
		.constantFrom(
			"{",
			'{"kind"',
			"{'kind':'SMALL'}",
			"kind=SMALL",
			'{"kind":"SMALL"}{}',
			"NaN",
			"\u0000",
			"[".repeat(60_000),
		)
		.map((body) => ({ method: "POST", target: "/thing/a", body })),
	fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => ({ method: "POST", target: "/thing/a", body: bytes })),
	fc.constantFrom([0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80]).map((bytes) => {
		const body = Buffer.concat([Buffer.from('{"kind":"SMALL","label":"'), Buffer.from(bytes), Buffer.from('"}')]);
		return { method: "POST", target: "/thing/a", body };
	}),
	fc.integer({ min: 1_048_577, max: 1_400_000 }).map((size) => ({ ...put({}), body: Buffer.alloc(size, " ") })),
);

const ok = (more: WireRequest): WireRequest => put(VALID_BODY, more);

const wrongPath = fc.oneof(
	fc
		.constantFrom("/thing/%", "/thing/%zz", "/thing/%ff", "/thing/%c3%28", "/thing/a?limit=%", "/thing/a?%f0%28=1")
		.map((target) => ok({ target })),
	fc
		.string({ minLength: 1, maxLength: 30 })
		.filter((name) => !/^[\w=,@-]{1,20}$/.test(name))
		.map((name) => ok({ target: `/thing/${encodeURIComponent(name)}` })),
	fc
		.string({ minLength: 21, maxLength: 3000, unit: fc.constantFrom("a", "-", "=") })
		.map((name) => ok({ target: `/thing/${name}` })),
	fc
		.webPath()
		.filter((path) => !/^\/(?:thing|topics|functions)\//.test(path))
		.map((path) => ok({ target: path === "" ? "/" : path })),
	fc
		.constantFrom("/thing/", "/thing", "//thing/a", "/thing//a", "/THING/a", "/thing/a/b", "*")
		.map((target) => ok({ target })),
	fc
		.oneof(
			fc.integer({ max: 0 }),
			fc.integer({ min: 251 }),
			fc.double(),
			fc.constantFrom("", "1e2", "+1", "0x10", "5 ", "١"),
		)
		.map(String)
		.filter((text) => !/^(?:[1-9]|[1-9]\d|1\d\d|2[0-4]\d|250)$/.test(text))
		.map((text) => ok({ target: `/thing/a?limit=${encodeURIComponent(text)}` })),
	fc.constantFrom("", "1", "yes", "on", "truee", "null").map((text) => ok({ target: `/thing/a?dryRun=${text}` })),
	fc
		.constantFrom("", "!", "bm8=", "W10=", "WyIrbGlzdFRoaW5ncyIsMV0=", "WyItbGlzdFRoaW5ncyIsImEiXQ==", "a b")
		.map((text) => ({
			target: `/things?marker=${encodeURIComponent(text)}`,
		})),
);

const wrongMethod = fc
	.constantFrom("GET", "PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "LINK", "SEARCH", "get", "PO ST", "", "É")
	.map((method) => ok({ method }));

const wrongHeaders = fc.oneof(
	fc
		.constantFrom("gzip", "br", "aws-chunked", "deflate, gzip", "zstd")
		.map((value) => ok({ headers: [["Content-Encoding", value]] })),
	fc.webUrl().map((value) => ok({ headers: [["Origin", value]] })),
	fc
		.constantFrom("cross-site", "same-site", "same-origin", "NONE")
		.map((value) => ok({ headers: [["Sec-Fetch-Site", value]] })),
	fc
		.domain()
		.filter((name) => !name.endsWith(".localhost"))
		.map((value) => ok({ headers: [["Host", value]] })),
	fc
		.constantFrom(
			"",
			"localhost.",
			"localhost:x",
			"localhost:1:2",
			"127.0.0.1.example.com",
			"[::1",
			"local host",
			"@localhost",
		)
		.map((value) => ok({ headers: [["Host", value]] })),
	fc
		.string({ minLength: 9, maxLength: 2000, unit: "grapheme-ascii" })
		.map((text) => text.replace(/[^!-~]/g, "x"))
		.map((value) => ok({ headers: [["X-Note", value]] })),
	fc
		.constantFrom("chunked, gzip", "gzip", "identity", "chunked, chunked")
		.map((value) => ok({ headers: [["Transfer-Encoding", value]] })),
	fc
		.constantFrom("-1", "1, 2", "abc", "0x5", "99999999999999999999")
		.map((value) => ok({ headers: [["Content-Length", value]] })),
	fc.constantFrom("coffee", "200-ok").map((value) => ok({ headers: [["Expect", value]] })),
	fc.integer({ min: 33_000, max: 60_000 }).map((length) => ok({ headers: [["X-Long", "y".repeat(length)]] })),
	fc.constantFrom("X Note", "X-Note\u0000", "", "X(Note)").map((name) => ok({ headers: [[name, "v"]] })),
	fc.constantFrom("a\u0000b", "a\u0001", "\u007f").map((value) => ok({ headers: [["X-Note", value]] })),
);

const malformed = fc.oneof(
	{ weight: 8, arbitrary: wrongBody },
	{ weight: 5, arbitrary: wrongPath },
	{ weight: 1, arbitrary: wrongMethod },
	{ weight: 4, arbitrary: wrongHeaders },
);

function expectRefusal(answer: WireAnswer | undefined): void {
	const problem = misshapen(answer);
	if (problem !== undefined) throw new Error(problem);
}

test(`${RUNS} malformed requests are each answered with 4xx in AWS's shape, and nothing is called`, async (t) => {
	const { port, calls, log } = await openShelf(t);
	const property = fc.asyncProperty(malformed, async (request) => {
		expectRefusal(await exchange(port, requestBytes(request)));
	});
	await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
	t.deepEqual(
		calls.filter(({ operation }) => operation !== "ListThings"),
		[],
	);
	t.deepEqual(
		log.filter(({ defect }) => defect !== undefined),
		[],
	);
});

test("bytes that are no HTTP are answered with 4xx in AWS's shape", async (t) => {
	const { port, calls } = await openShelf(t, { limits: { headersTimeout: 300, requestTimeout: 300 } });
	// The end of any headers, and what begins no request, so that the connection ends.
	const end = Buffer.from("\r\n\r\n\u0001\r\n\r\n");
	const garbage = fc.oneof(
		fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
		fc.string({ minLength: 1 }).map((line) => Buffer.from(`${line}`)),
		fc
			.constantFrom(
				"GET",
				"GET /",
				"GET / HTTP/9.9",
				"GET  /  HTTP/1.1",
				"\u0016\u0003\u0001",
				"PRI * HTTP/2.0",
				"GET / HTTP/1.1\r\nHost",
			)
			.map((line) => Buffer.from(line, "latin1")),
	);
	// Empty lines before a request are no request yet (RFC 9112 section 2.2).
	const property = fc.asyncProperty(
		garbage.filter((bytes) => !/^[\r\n]*$/.test(bytes.toString("latin1"))),
		async (bytes) => {
			expectRefusal(await exchange(port, Buffer.concat([bytes, end])));
		},
	);
	await fc.assert(property, { numRuns: 300, includeErrorInReport: true });
	t.deepEqual(calls, []);
});

test("a broken chunk is answered with 400", async (t) => {
	const { port, calls } = await openShelf(t);
	const head = "POST /topics/t HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
	t.is(misshapen(await exchange(port, Buffer.from(`${head}zz\r\nabc\r\n0\r\n\r\n`))), undefined);
	t.deepEqual(calls, []);
});

test("a request without Host is answered with 400", async (t) => {
	const { port } = await openShelf(t);
	t.is(misshapen(await exchange(port, Buffer.from("GET /things HTTP/1.1\r\nConnection: close\r\n\r\n"))), undefined);
});
