/** @module */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { inputSkeleton, outputSkeleton, TEST_INVOKE_AUTHORIZER } from "../../src/aws-options/index.js";
import { readVectors } from "../vectors.js";
import { inputOf, requestOf } from "./given-options.js";

interface Recorded {
	readonly id: string;
	readonly operation: string;
	readonly client: string;
	readonly args: readonly string[];
	readonly inJson?: unknown;
	readonly request: { readonly path: string; readonly query: string | null; readonly body: string };
	readonly stdout?: string | null;
}

const vectors = readVectors<{ readonly requests: readonly Recorded[]; readonly noRequest: readonly Recorded[] }>(
	"aws/api-requests.json",
);

const OPERATIONS = ["TestInvokeAuthorizer", "TestAuthorization"] as const;
type OperationName = (typeof OPERATIONS)[number];

for (const { id, operation, client, args, inJson, request } of vectors?.requests ?? []) {
	if (client !== "AWS CLI" || !OPERATIONS.some((name) => name === operation)) continue;
	test(`recorded AWS CLI, ${id}: the same options make the same request`, async (t) => {
		const folder = mkdtempSync(join(tmpdir(), "latchkey-vectors-"));
		t.teardown(() => rmSync(folder, { recursive: true }));
		if (inJson !== undefined) writeFileSync(join(folder, "in.json"), JSON.stringify(inJson));
		const service = args.indexOf("iot");
		const { input } = await inputOf([...args.slice(service + 1), ...args.slice(0, service)], folder);
		const { path, body } = requestOf(operation as OperationName, input);
		t.is(path, request.query === null ? request.path : `${request.path}?${request.query}`);
		t.deepEqual(body, JSON.parse(request.body));
	});
}

const skeletons: Readonly<Record<string, string>> = {
	"cli-test-invoke-generate-cli-skeleton": inputSkeleton(TEST_INVOKE_AUTHORIZER),
	"cli-test-invoke-generate-cli-skeleton-output": `${JSON.stringify(outputSkeleton(TEST_INVOKE_AUTHORIZER), null, 4)}\n`,
};

for (const { id, stdout } of vectors?.noRequest ?? []) {
	const skeleton = skeletons[id];
	if (skeleton !== undefined) test(`recorded AWS CLI, ${id}: the same skeleton`, (t) => t.is(skeleton, stdout!));
}

test("the operations' skeletons name every member of the input", (t) => {
	t.deepEqual(
		Object.keys(JSON.parse(inputSkeleton(TEST_INVOKE_AUTHORIZER)) as object),
		Object.keys(TEST_INVOKE_AUTHORIZER.input.members),
	);
});
