/**
 * The AWS verbs as a process of their own, and an API that they can ask: it answers what a test says, and remembers.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ExecutionContext } from "ava";
import { type Finished, latchkey } from "./run.js";

/** Nothing of the machine's own AWS configuration has a part in a test. */
export const CLEAN: Readonly<Record<string, string | undefined>> = {
	AWS_CONFIG_FILE: "/dev/null",
	AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
	AWS_ACCESS_KEY_ID: undefined,
	AWS_SECRET_ACCESS_KEY: undefined,
	AWS_SESSION_TOKEN: undefined,
	AWS_PROFILE: undefined,
	AWS_REGION: undefined,
	AWS_DEFAULT_REGION: undefined,
	AWS_DEFAULT_OUTPUT: undefined,
	AWS_ENDPOINT_URL: undefined,
	AWS_ENDPOINT_URL_IOT: undefined,
	LATCHKEY_ENDPOINT_URL: undefined,
	LATCHKEY_OUTPUT: undefined,
};

export interface VerbOptions {
	readonly environment?: Readonly<Record<string, string | undefined>>;
	readonly folder?: string;
	readonly input?: string;
}

/** Runs an AWS verb to its end. */
export function runVerb(args: readonly string[], { environment, ...options }: VerbOptions = {}): Promise<Finished> {
	return latchkey(args, { ...options, environment: { ...CLEAN, ...environment } });
}

export interface ApiReply {
	readonly status?: number;
	/** As `x-amzn-errortype` says it. */
	readonly errorType?: string;
	readonly body?: unknown;
}

export interface ApiRequest {
	/** `POST /authorizer/A/test`, with the query. */
	readonly target: string;
	readonly body: unknown;
	readonly authorization: string | undefined;
}

export interface FakeApi {
	readonly url: string;
	readonly requests: readonly ApiRequest[];
}

/** @param replies by method and path, without the query; others are answered like an unknown resource. */
export async function startApi(t: ExecutionContext, replies: Readonly<Record<string, ApiReply>>): Promise<FakeApi> {
	const requests: ApiRequest[] = [];
	const server = createServer((request, response) => void answer(request, response, replies, requests));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const UNKNOWN: ApiReply = { status: 404, errorType: "ResourceNotFoundException", body: { message: "not found" } };

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	replies: Readonly<Record<string, ApiReply>>,
	requests: ApiRequest[],
): Promise<void> {
	const body = await text(request);
	const target = `${request.method} ${request.url}`;
	requests.push({
		target,
		body: body === "" ? undefined : JSON.parse(body),
		authorization: request.headers.authorization,
	});
	const { status = 200, errorType, body: reply = {} } = replies[target.replace(/\?.*$/, "")] ?? UNKNOWN;
	response.writeHead(status, {
		"content-type": "application/json",
		...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
	});
	response.end(typeof reply === "string" ? reply : JSON.stringify(reply));
}
