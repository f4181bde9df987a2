/**
 * The HTTP server: routes, answers, errors, its end.
 * @module
 */

import { once } from "node:events";
import { connect } from "node:net";
import test from "ava";
import fc from "fast-check";
import { originOf } from "../../src/control-plane/server.js";
import { openShelf } from "./shelf.js";
import { exchange, requestBytes, send, type WireAnswer } from "./wire.js";

function payloadOf(input: object | undefined): Buffer | undefined {
	return (input as { payload?: Buffer } | undefined)?.payload;
}

const JSON_TYPE = "application/json";

function errorOf(answer: WireAnswer | undefined): { status: number; type: string | undefined; message: unknown } {
	if (answer === undefined) throw new Error("no answer");
	const { message, Message } = JSON.parse(answer.body) as { message?: unknown; Message?: unknown };
	return { status: answer.status, type: answer.headers["x-amzn-errortype"], message: message ?? Message };
}

test("an operation is found, its input gathered from path, query, header and body, its output sent as JSON", async (t) => {
	const { port, calls } = await openShelf(t);
	const answer = await send(port, {
		method: "POST",
		target: "/thing/A%3Db%2Cc%40d-e?limit=5&dryRun=true&unknown=1",
		headers: [["x-NOTE", "hello"]],
		body: '{"kind":"SMALL","picture":"AP8","tags":{"a":"b"},"unheard":{"of":1}}',
	});
	t.is(answer?.status, 201);
	t.is(answer?.headers["content-type"], JSON_TYPE);
	t.deepEqual(JSON.parse(answer?.body ?? ""), { thingName: "A=b,c@d-e", nothing: null });
	t.deepEqual(calls, [
		{
			operation: "PutThing",
			input: {
				thingName: "A=b,c@d-e",
				kind: "SMALL",
				picture: new Uint8Array([0, 255]),
				tags: { a: "b" },
				limit: 5,
				dry: true,
				note: "hello",
			},
		},
	]);
});

test("every answer carries a request id of its own, errors too", async (t) => {
	const { port } = await openShelf(t);
	const answers = await Promise.all([
		send(port, { target: "/things" }),
		send(port, { target: "/nothing" }),
		send(port, { target: "/thing/%zz", method: "DELETE" }),
		exchange(port, Buffer.from("nonsense\r\n\r\n")),
	]);
	const ids = answers.map((answer) => answer?.headers["x-amzn-requestid"] ?? "");
	for (const id of ids) t.regex(id, /^[0-9a-f-]{36}$/);
	t.is(new Set(ids).size, ids.length);
});

for (const target of ["/things", "/things/", "/things?pageSize=2", "/things/?pageSize=2"]) {
	test(`a list is found under ${target}`, async (t) => {
		const { port } = await openShelf(t);
		t.is((await send(port, { target }))?.status, 200);
	});
}

test("the log tells of each answer by its request id", async (t) => {
	const { port, log } = await openShelf(t);
	const listed = await send(port, { target: "/things" });
	const unknown = await send(port, { target: "/nothing" });
	t.deepEqual(log, [
		{ requestId: listed?.headers["x-amzn-requestid"], operation: "ListThings", status: 200, errorType: undefined },
		{
			requestId: unknown?.headers["x-amzn-requestid"],
			operation: undefined,
			status: 404,
			errorType: "UnknownOperationException",
		},
	]);
});

test("an unknown path is an UnknownOperationException that says where the operations are listed", async (t) => {
	const { port } = await openShelf(t);
	t.deepEqual(errorOf(await send(port, { target: "/certificates" })), {
		status: 404,
		type: "UnknownOperationException",
		message: "Latchkey has no operation under this path (docs/api.md lists all operations)",
	});
});

test("a method that a path does not have is an UnknownOperationException that names those it has", async (t) => {
	const { port } = await openShelf(t);
	t.deepEqual(errorOf(await send(port, { method: "PATCH", target: "/thing/a" })), {
		status: 404,
		type: "UnknownOperationException",
		message:
			"Latchkey has no operation by PATCH under this path, but by DELETE, POST (docs/api.md lists all operations)",
	});
});

for (const method of ["HEAD", "OPTIONS", "TRACE", "PROPFIND", "CONNECT"]) {
	test(`the method ${method} is answered with 404`, async (t) => {
		const { port } = await openShelf(t);
		const answer = await send(port, { method, target: method === "CONNECT" ? "localhost:443" : "/things" });
		t.is(answer?.status, 404);
		t.is(answer?.headers["x-amzn-errortype"], "UnknownOperationException");
	});
}

test("a label is percent-decoded once, whatever it holds", async (t) => {
	const { port, calls } = await openShelf(t);
	const names = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
	const property = fc.asyncProperty(names, async (name) => {
		calls.length = 0;
		const answer = await send(port, { method: "POST", target: `/topics/${encodeURIComponent(name)}` });
		t.is(answer?.status, 200);
		t.is((calls[0]?.input as { topic?: string } | undefined)?.topic, name);
	});
	await fc.assert(property, { numRuns: 300, examples: [["%41"], ["%"], ["a/b/"], ["/"], ["#+$&,;:=?@"], ["é/ü"]] });
});

test("a topic may be written with its slashes as they are", async (t) => {
	const { port, calls } = await openShelf(t);
	await send(port, { method: "POST", target: "/topics/a/b%20c/?qos=1", body: "hello" });
	t.deepEqual(calls, [{ operation: "Publish", input: { topic: "a/b c/", qos: 1, payload: Buffer.from("hello") } }]);
});

for (const type of [
	"text/plain",
	"application/x-www-form-urlencoded",
	"nonsense",
	"application/json; charset=latin1",
]) {
	test(`a body is bytes whatever its type: ${type}`, async (t) => {
		const { port, calls } = await openShelf(t);
		const body = Buffer.from([0, 255, 123]);
		await send(port, { method: "POST", target: "/topics/t", headers: [["Content-Type", type]], body });
		t.deepEqual(payloadOf(calls[0]?.input), body);
	});
}

test("a body in chunks is taken", async (t) => {
	const { port, calls } = await openShelf(t);
	const head = "POST /topics/t HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
	const answer = await exchange(port, Buffer.from(`${head}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`));
	t.is(answer?.status, 200);
	t.is(payloadOf(calls[0]?.input)?.toString(), "abcde");
});

test("status 204 has no body", async (t) => {
	const { port } = await openShelf(t);
	const answer = await send(port, { method: "PUT", target: "/functions/f/call", body: '{"Answer":"none"}' });
	t.is(answer?.status, 204);
	t.is(answer?.body, "");
});

test("nothing is answered as an empty object", async (t) => {
	const { port } = await openShelf(t);
	const answer = await send(port, { method: "DELETE", target: "/thing/a" });
	t.is(answer?.status, 200);
	t.is(answer?.body, "{}");
});

test("an operation may answer with bytes and headers of its own", async (t) => {
	const { port } = await openShelf(t);
	const answer = await fetch(`http://127.0.0.1:${port}/functions/f/call`, {
		method: "PUT",
		body: '{"Answer":"bytes"}',
	});
	t.is(answer.status, 200);
	t.is(answer.headers.get("x-made-by"), "call");
	t.deepEqual(new Uint8Array(await answer.arrayBuffer()), new Uint8Array([0, 255]));
});

test("an error of a known type is answered with its status and members, in Lambda's form for Lambda", async (t) => {
	const { port } = await openShelf(t);
	const answer = await send(port, { method: "PUT", target: "/functions/f/call", body: '{"Answer":"known"}' });
	t.is(answer?.status, 409);
	t.is(answer?.headers["x-amzn-errortype"], "ResourceConflictException");
	t.deepEqual(JSON.parse(answer?.body ?? ""), { Type: "User", Message: "m", resourceId: "r" });
});

test("an unexpected error is answered without its words, which only the log is told", async (t) => {
	const { port, log } = await openShelf(t);
	const answer = await send(port, { method: "PUT", target: "/functions/f/call", body: '{"Answer":"throw"}' });
	t.is(answer?.status, 500);
	t.is(answer?.headers["x-amzn-errortype"], "ServiceException");
	t.notRegex(answer?.body ?? "", /secret/);
	t.is((log[0]?.defect as Error | undefined)?.message, "a secret of the inside");
});

test("a body over the operation's limit is 413, and read to its end so that the answer arrives", async (t) => {
	const { port } = await openShelf(t);
	const body = Buffer.alloc(3_000_000, "x");
	t.deepEqual(errorOf(await send(port, { method: "PUT", target: "/functions/f/call", body })), {
		status: 413,
		type: "RequestTooLargeException",
		message: "Request must be smaller than 64 bytes for the Call operation",
	});
});

test("an encoded body is 415", async (t) => {
	const { port } = await openShelf(t);
	const headers = [["Content-Encoding", "gzip"]] as const;
	t.is((await send(port, { method: "POST", target: "/topics/t", headers, body: "x" }))?.status, 415);
});

test("any expectation but 100-continue is 417", async (t) => {
	const { port } = await openShelf(t);
	const answer = await send(port, { target: "/things", headers: [["Expect", "coffee"]] });
	t.is(answer?.status, 417);
	t.is(answer?.headers["x-amzn-errortype"], "InvalidRequestException");
});

test("headers beyond any measure are 431", async (t) => {
	const { port } = await openShelf(t);
	const answer = await send(port, { target: "/things", headers: [["X-Note", "x".repeat(40_000)]] });
	t.is(answer?.status, 431);
	t.is(answer?.headers["x-amzn-errortype"], "InvalidRequestException");
});

test("a client that takes too long for its request is answered with 408", async (t) => {
	const { port } = await openShelf(t, { limits: { headersTimeout: 200, requestTimeout: 200 } });
	const answer = await exchange(port, Buffer.from("GET /things HTTP/1.1\r\nHost: localhost\r\n"));
	t.is(answer?.status, 408);
	t.is(answer?.headers["x-amzn-errortype"], "RequestTimeoutException");
});

test("a client that takes too long for its body is answered with 408", async (t) => {
	const { port } = await openShelf(t, { limits: { headersTimeout: 200, requestTimeout: 200 } });
	const head = "POST /topics/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc";
	t.is((await exchange(port, Buffer.from(head)))?.status, 408);
});

test("a connection is kept for the next request", async (t) => {
	const { port } = await openShelf(t);
	const one = requestBytes({ target: "/things", headers: [["Connection", "keep-alive"]] });
	const two = requestBytes({ target: "/things" });
	const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.concat([one, two])));
	const chunks: Buffer[] = [];
	socket.on("data", (chunk) => chunks.push(chunk));
	await once(socket, "close");
	t.is(Buffer.concat(chunks).toString().split("HTTP/1.1 200").length - 1, 2);
});

test("what is no request is answered on a connection that has served others", async (t) => {
	const { port } = await openShelf(t);
	const socket = connect(port, "127.0.0.1");
	const chunks: Buffer[] = [];
	socket.on("data", (chunk) => {
		chunks.push(chunk);
		if (chunks.length === 1) socket.write("nonsense\r\n\r\n");
	});
	socket.write(requestBytes({ target: "/things", headers: [["Connection", "keep-alive"]] }));
	await once(socket, "close");
	t.deepEqual(
		Buffer.concat(chunks)
			.toString()
			.match(/HTTP\/1\.1 \d+/g),
		["HTTP/1.1 200", "HTTP/1.1 400"],
	);
});

test("a client that leaves in the middle of its request is no defect", async (t) => {
	let note = (_entry: unknown) => {};
	const noted = new Promise((resolve) => {
		note = resolve;
	});
	const { port } = await openShelf(t, { log: (entry) => note(entry) });
	const socket = connect(port, "127.0.0.1", () => {
		socket.write("POST /topics/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc", () => socket.destroy());
	});
	t.like(await noted, { status: 400, errorType: "InvalidRequestException", defect: undefined });
});

const ORIGINS = [
	["127.0.0.1", "IPv4", "http://127.0.0.1:4570"],
	["0.0.0.0", "IPv4", "http://127.0.0.1:4570"],
	["192.168.1.5", "IPv4", "http://192.168.1.5:4570"],
	["::1", "IPv6", "http://[::1]:4570"],
	["::", "IPv6", "http://[::1]:4570"],
] as const;
for (const [address, family, origin] of ORIGINS) {
	test(`a server on ${address} is reached by ${origin}`, (t) =>
		t.is(originOf({ address, family, port: 4570 }), origin));
}

test("closing ends connections that are idle, and those whose request never ends", async (t) => {
	const { plane, port } = await openShelf(t, { limits: { closeTimeout: 50 } });
	const idle = connect(port, "127.0.0.1");
	const slow = connect(port, "127.0.0.1");
	await Promise.all([once(idle, "connect"), once(slow, "connect")]);
	slow.write("POST /topics/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
	const closed = Promise.all(
		[idle, slow].map((socket) => {
			// A connection that is cut off is reset, which is an end as well.
			socket.on("error", () => {}).resume();
			return new Promise((resolve) => socket.on("close", resolve));
		}),
	);
	await plane.close();
	t.is((await closed).length, 2);
});

test("a port that is taken is an error of the start", async (t) => {
	const { port } = await openShelf(t);
	await t.throwsAsync(openShelf(t, { port }), { code: "EADDRINUSE" });
});
