/**
 * The real AWS CLI, version 2, as the judge: many calls in one Python process, each in a fork of its own, against a server
 * that records what was asked and answers what a case says.
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const DRIVER = fileURLToPath(new URL("aws-cli-driver.py", import.meta.url));

/** Python that can import an AWS CLI of version 2; undefined where there is none. */
export const awsCliPython: string | undefined = findPython();

if (awsCliPython === undefined) {
	const message = "There is no AWS CLI version 2 in Python here (Debian's awscli): the comparison with it is left out.";
	if (process.env["CI"] === "true") throw new Error(message);
	console.warn(`\n*** ${message} ***\n`);
}

function findPython(): string | undefined {
	const folders = new Set([...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"]);
	for (const folder of folders) {
		const python = interpreterOf(join(folder, "aws"));
		if (python === undefined) continue;
		const asked = spawnSync(python, ["-c", "import awscli; print(awscli.__version__)"], { encoding: "utf8" });
		if (asked.status === 0 && asked.stdout.startsWith("2.")) return python;
	}
	return undefined;
}

/** The interpreter in the first line of a script. */
function interpreterOf(script: string): string | undefined {
	try {
		return /^#!\s*(\S*python\S*)\s*$/m.exec(readFileSync(script, "latin1").slice(0, 200))?.[1];
	} catch {
		return undefined;
	}
}

export interface AwsCall {
	/** What follows `aws iot`. */
	readonly args: readonly string[];
	/** What the server answers; an empty object unless said otherwise. */
	readonly reply?: Reply;
}

export interface Reply {
	readonly status?: number;
	readonly errorType?: string;
	readonly body: unknown;
}

export interface RecordedRequest {
	readonly method: string;
	/** With the query. */
	readonly path: string;
	readonly body: string;
}

export interface AwsResult {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly requests: readonly RecordedRequest[];
}

/** Runs calls of the AWS CLI one after another. */
export async function runAwsCli(calls: readonly AwsCall[], folder: string): Promise<readonly AwsResult[]> {
	const recorded = calls.map((): RecordedRequest[] => []);
	const server = createServer((request, response) => void answer(request, response, calls, recorded));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	try {
		const args = calls.map((call, index) => [`--endpoint-url=http://127.0.0.1:${port}/${index}`, "iot", ...call.args]);
		const results = (await drive("calls", args, folder)) as readonly Omit<AwsResult, "requests">[];
		return results.map((result, index) => ({ ...result, requests: recorded[index] ?? [] }));
	} finally {
		server.close();
	}
}

/** What the AWS CLI's shorthand parser makes of texts: a value, or an error's message. */
export async function parseWithAwsCli(
	texts: readonly string[],
): Promise<readonly { value?: unknown; error?: string }[]> {
	return (await drive("shorthand", texts, ".")) as readonly { value?: unknown; error?: string }[];
}

/** What Python's base64, as the AWS CLI uses it, makes of texts: hex digits, or null for an error. */
export async function decodeWithPython(texts: readonly string[]): Promise<readonly (string | null)[]> {
	return (await drive("base64", texts, ".")) as readonly (string | null)[];
}

async function drive(mode: string, input: unknown, folder: string): Promise<readonly unknown[]> {
	const child = spawn(awsCliPython!, [DRIVER, mode], {
		cwd: folder,
		env: {
			PATH: process.env["PATH"],
			HOME: folder,
			AWS_CONFIG_FILE: "/dev/null",
			AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
			AWS_ACCESS_KEY_ID: "test",
			AWS_SECRET_ACCESS_KEY: "test",
			AWS_DEFAULT_REGION: "eu-west-1",
			AWS_MAX_ATTEMPTS: "1",
			AWS_PAGER: "",
			PYTHONUTF8: "1",
		},
		stdio: ["pipe", "pipe", "inherit"],
	});
	child.stdin.end(JSON.stringify(input));
	const output = await text(child.stdout);
	return JSON.parse(output) as readonly unknown[];
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	calls: readonly AwsCall[],
	recorded: readonly RecordedRequest[][],
): Promise<void> {
	const [, index, path = ""] = /^\/(\d+)(.*)$/s.exec(request.url ?? "") ?? [];
	const body = await text(request);
	recorded[Number(index)]?.push({ method: request.method ?? "", path, body });
	const { status = 200, errorType, body: reply } = calls[Number(index)]?.reply ?? { body: {} };
	response.writeHead(status, {
		"content-type": "application/json",
		...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
	});
	response.end(JSON.stringify(reply));
}
