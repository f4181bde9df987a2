/**
 * Local functions out of a source text, for one test each.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import {
	type AuthorizerFunction,
	buildAuthorizerEvent,
	FunctionError,
	type LocalFunctionOptions,
	openLocalFunction,
} from "../../src/authorizer/index.js";

/** Milliseconds no test gets near to, and such as a hanging function is given once it is warm. */
export const PLENTY = { timeout: 60_000 };
export const SHORT = { timeout: 100 };

export function event(token: string) {
	return buildAuthorizerEvent({ mqtt: {}, connectionId: "0b8e0c5e-5f0a-4f5b-9b0a-1f1f1f1f1f1f" }, token);
}

/** A folder that is gone after the test. */
export function folder(t: ExecutionContext): string {
	const path = mkdtempSync(join(tmpdir(), "latchkey-function-"));
	t.teardown(() => rmSync(path, { recursive: true }));
	return path;
}

/** Opens a function with this source; it and its file are gone after the test. */
export function open(
	t: ExecutionContext,
	source: string,
	name = "function.ts",
	options?: LocalFunctionOptions,
): Required<AuthorizerFunction> {
	const file = join(folder(t), name);
	writeFileSync(file, source);
	const opened = openLocalFunction(file, options);
	t.teardown(() => opened.close());
	return opened;
}

/** The error that a call ends with. */
export async function failure(t: ExecutionContext, call: Promise<unknown>): Promise<FunctionError> {
	return (await t.throwsAsync(call, { instanceOf: FunctionError })) as FunctionError;
}
