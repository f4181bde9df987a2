/**
 * Requests as AWS's clients send them (vectors): each reaches its operation, with the input that the client was given.
 * @module
 */
import test from "ava";
import { readVectors } from "../vectors.js";
import { openStubPlane } from "./stub-plane.js";
import { send } from "./wire.js";

interface RequestVectors {
	readonly requests: readonly {
		readonly id: string;
		readonly operation: string;
		readonly request: {
			readonly method: string;
			readonly path: string;
			readonly query: string | null;
			readonly contentType: string | null;
			readonly body: string | null;
		};
	}[];
}

/** Requests that are there to be refused, with what is wrong. */
const REFUSED: Readonly<Record<string, RegExp>> = {
	"cli-test-invoke-bad-signature-pattern":
		/^1 validation error detected: Value at 'tokenSignature' failed to satisfy constraint: Member must satisfy regular expression pattern: \[A-Za-z0-9\+\/\]\+=\{0,2\}$/,
};

/** Members that have another name in the query. */
const MEMBERS: Readonly<Record<string, string>> = { isAscendingOrder: "ascendingOrder" };

/** Members that travel as bytes. */
const BLOBS = new Set(["password"]);

/** A JSON body as the operation sees it. */
function decoded(value: unknown, name = ""): unknown {
	if (typeof value === "string") return BLOBS.has(name) ? new Uint8Array(Buffer.from(value, "base64")) : value;
	if (Array.isArray(value)) return value.map((item) => decoded(item));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, decoded(member, key)]));
}

function texts(value: unknown): readonly string[] {
	if (value instanceof Uint8Array) return [];
	if (typeof value !== "object" || value === null) return [String(value)];
	return Object.values(value).flatMap(texts);
}

const vectors = readVectors<RequestVectors>("aws/api-requests.json");
for (const { id, operation, request } of vectors?.requests ?? []) {
	test(`${id} reaches ${operation}`, async (t) => {
		const { port, calls } = await openStubPlane(t);
		const { method, path, query, body, contentType } = request;
		const answer = await send(port, {
			method,
			target: query === null ? path : `${path}?${query}`,
			headers: contentType === null ? [] : [["Content-Type", contentType]],
			body: body ?? "",
		});
		const refusal = REFUSED[id];
		if (refusal !== undefined) {
			t.is(answer?.status, 400);
			t.regex((JSON.parse(answer?.body ?? "") as { message: string }).message, refusal);
			return;
		}
		t.true((answer?.status ?? 500) < 300, answer?.body);
		t.is(calls[0]?.operation, operation);
		const input = { ...calls[0]?.input };
		const json = body?.startsWith("{") === true ? (decoded(JSON.parse(body)) as object) : {};
		t.deepEqual(Object.fromEntries(Object.entries(input).filter(([name]) => name in json)), json);
		for (const [name, value] of new URLSearchParams(query ?? "")) {
			const member = MEMBERS[name] ?? name;
			t.is(String(input[member as never]), value);
		}
		const inQuery = [...new URLSearchParams(query ?? "").keys()].map((name) => MEMBERS[name] ?? name);
		const others = Object.entries(input).filter(([name]) => !(name in json) && !inQuery.includes(name));
		const labels = path.split("/").map(decodeURIComponent);
		for (const text of texts(Object.fromEntries(others))) t.true(labels.includes(text), `${text} in ${path}`);
	});
}
