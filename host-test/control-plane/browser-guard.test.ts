/**
 * Which requests may have come from a web page.
 * @module
 */
import test from "ava";
import { openShelf } from "./shelf.js";
import { send } from "./wire.js";

const HOSTS = [
	"localhost",
	"LocalHost:4570",
	"api.localhost",
	"127.0.0.1:4570",
	"192.168.1.5",
	"[::1]:4570",
	"latchkey.lan:80",
];
for (const host of HOSTS) {
	test(`the host ${host} is served`, async (t) => {
		const { port } = await openShelf(t, { allowedHosts: ["Latchkey.lan"] });
		t.is((await send(port, { target: "/things", headers: [["Host", host]] }))?.status, 200);
	});
}

for (const host of ["example.com", "localhost.example.com", "127.0.0.1.nip.io", "notlocalhost", "", "::1"]) {
	test(`the host "${host}" is refused`, async (t) => {
		const { port, calls } = await openShelf(t);
		const answer = await send(port, { target: "/things", headers: [["Host", host]] });
		t.is(answer?.status, 403);
		t.is(answer?.headers["x-amzn-errortype"], "AccessDeniedException");
		t.deepEqual(calls, []);
	});
}

for (const header of [
	["Origin", "https://example.com"],
	["Origin", "null"],
	["Origin", "http://localhost:3000"],
	["Sec-Fetch-Site", "cross-site"],
	["Sec-Fetch-Site", "same-origin"],
] as const) {
	test(`a request with ${header.join(": ")} is refused, before its body is looked at`, async (t) => {
		const { port, calls } = await openShelf(t);
		const answer = await send(port, { method: "POST", target: "/topics/t", headers: [header], body: "x" });
		t.is(answer?.status, 403);
		t.is(answer?.headers["x-amzn-errortype"], "AccessDeniedException");
		t.deepEqual(calls, []);
	});
}

test("an address that a person typed into a browser is served", async (t) => {
	const { port } = await openShelf(t);
	t.is((await send(port, { target: "/things", headers: [["Sec-Fetch-Site", "none"]] }))?.status, 200);
});

test("no answer allows another origin anything", async (t) => {
	const { port } = await openShelf(t);
	const preflight = await send(port, {
		method: "OPTIONS",
		target: "/things",
		headers: [
			["Origin", "https://example.com"],
			["Access-Control-Request-Method", "POST"],
		],
	});
	t.is(preflight?.status, 403);
	t.deepEqual(
		Object.keys(preflight?.headers ?? {}).filter((name) => name.startsWith("access-control")),
		[],
	);
});
