/**
 * The Lambda operations on a port, over an account with one function that echoes.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ExecutionContext } from "ava";
import { strToU8, zipSync } from "fflate";
import { Account, type FunctionConfiguration } from "../../src/account/index.js";
import { type AuthorizerFunction, FunctionError, openPackage } from "../../src/authorizer/index.js";
import { FunctionCode } from "../../src/control-plane/function-code.js";
import type { LambdaContext } from "../../src/control-plane/lambda-context.js";
import { lambdaOperations } from "../../src/control-plane/lambda-operations.js";
import { startControlPlane } from "../../src/control-plane/server.js";

export const FUNCTIONS = "/2015-03-31/functions";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

/** Answers with what it was asked, or fails as it was told. */
class EchoFunction implements AuthorizerFunction {
	readonly timeouts: number[] = [];

	async invoke(event: unknown, { timeout }: { readonly timeout: number }): Promise<unknown> {
		this.timeouts.push(timeout);
		if (event === "fail") throw new FunctionError("function-threw", "TypeError", "no such thing");
		if (event === "defect") throw new Error("a secret of the inside");
		if (event === "nothing") return undefined;
		return { event };
	}

	async close(): Promise<void> {}
}

/** What a test reaches. */
export interface LambdaSite {
	readonly account: Account;
	readonly echo: EchoFunction;
	/** Folder of the packages. */
	readonly code: string;
	readonly failed: unknown[];
	/** Settles when no package of a function waits for its removal. */
	tidied(functionName: string): Promise<void>;
	call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	readonly json: Readonly<Record<string, unknown>>;
}

/** Until the test is over. */
export async function openLambdaSite(t: ExecutionContext): Promise<LambdaSite> {
	const code = await mkdtemp(join(tmpdir(), "latchkey-lambda-"));
	const echo = new EchoFunction();
	const openFunction = ({ source, environment }: FunctionConfiguration) =>
		"directory" in source ? openPackage(resolve(code, source.directory), source.handler, { environment }) : echo;
	const account = new Account({ openFunction, now: () => NOW });
	const failed: unknown[] = [];
	const functionCode = new FunctionCode(code);
	const context: LambdaContext = {
		account,
		functionCode,
		eventFailed: (_reference, error) => failed.push(error),
	};
	const plane = await startControlPlane({ host: "127.0.0.1", port: 0, operations: lambdaOperations, context });
	t.teardown(async () => {
		await plane.close();
		await account.close();
		await rm(code, { recursive: true, force: true });
	});
	account.functions.create({ functionName: "echo", source: { module: "/echo.mjs" }, timeout: 7 });
	const call: LambdaSite["call"] = async (method, path, body, headers = {}) => {
		const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
		const answer = await fetch(`${plane.url}${FUNCTIONS}${path}`, { method, headers, body: text ?? null });
		const answered = await answer.text();
		const json = answered.startsWith("{") ? (JSON.parse(answered) as Answer["json"]) : {};
		return { status: answer.status, headers: answer.headers, text: answered, json };
	};
	const tidied = async (functionName: string) => {
		await account.functions.whenRetired(functionName);
		await functionCode.exclusively(functionName, async () => {});
	};
	return { account, echo, code, failed, tidied, call };
}

/** A deployment package, base64, whose function answers with a word of its own. */
export function packageOf(answer: string): string {
	const source = `export const handler = async (event) => ({ answer: ${JSON.stringify(answer)}, event, mode: process.env.MODE });`;
	return Buffer.from(zipSync({ "index.mjs": strToU8(source) })).toString("base64");
}

/** What is told of an error. */
export function refusal({ status, headers, json }: Answer) {
	return { status, type: headers.get("x-amzn-errortype"), message: json["Message"] };
}
