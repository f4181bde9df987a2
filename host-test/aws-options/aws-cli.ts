/**
 * The real AWS CLI as the judge: calls of `aws iot` against a server that records what was asked and answers what a case says.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { AwsCli, CommandResult } from "../aws-clients/index.js";

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

export interface AwsResult extends CommandResult {
	readonly requests: readonly RecordedRequest[];
}

/**
 * Runs calls of the AWS CLI one after another.
 * @param directory for `file://` parameters; the CLI's home folder, too.
 */
export async function runAwsCli(
	cli: AwsCli,
	calls: readonly AwsCall[],
	directory: string,
): Promise<readonly AwsResult[]> {
	const recorded = calls.map((): RecordedRequest[] => []);
	const server = createServer((request, response) => void answer(request, response, calls, recorded));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const run = async ({ args }: AwsCall, index: number) => {
		const surroundings = { endpoint: `http://127.0.0.1:${port}/${index}`, directory, environment: { HOME: directory } };
		return { ...(await cli.run(["iot", ...args], surroundings)), requests: recorded[index] ?? [] };
	};
	try {
		return await Promise.all(calls.map(run));
	} finally {
		server.closeAllConnections();
		server.close();
	}
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
