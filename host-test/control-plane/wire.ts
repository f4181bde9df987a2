/**
 * HTTP as bytes, for requests that no client would send.
 * @module
 */
import { connect } from "node:net";

export interface WireAnswer {
	readonly status: number;
	/** By names in small letters. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export interface WireRequest {
	readonly method?: string | undefined;
	readonly target?: string | undefined;
	/** Besides Host, Connection and Content-Length, which it may name as well. */
	readonly headers?: readonly (readonly [string, string])[] | undefined;
	readonly body?: Uint8Array | string | undefined;
}

/** The bytes of a request; its connection ends with the answer. */
export function requestBytes({ method = "GET", target = "/", headers = [], body = "" }: WireRequest): Buffer {
	const bytes = Buffer.from(body);
	const named = new Set(headers.map(([name]) => name.toLowerCase()));
	const own = [
		["Host", "localhost"],
		["Connection", "close"],
		["Content-Length", String(bytes.length)],
	].filter(([name = ""]) => !named.has(name.toLowerCase()));
	const lines = [`${method} ${target} HTTP/1.1`, ...[...own, ...headers].map((pair) => pair.join(": ")), "", ""];
	return Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), bytes]);
}

/** Sends bytes and takes what comes until the connection ends; undefined where nothing came. */
export function exchange(port: number, bytes: Uint8Array): Promise<WireAnswer | undefined> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
		socket.on("data", (chunk) => chunks.push(chunk));
		socket.on("error", (error: NodeJS.ErrnoException) => {
			// A server may close while the client still writes.
			if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
		});
		socket.on("close", () => resolve(parseAnswer(Buffer.concat(chunks).toString("utf8"))));
	});
}

/** The first answer. */
function parseAnswer(text: string): WireAnswer | undefined {
	const [head = "", ...rest] = text.split("\r\n\r\n");
	const [statusLine = "", ...lines] = head.split("\r\n");
	const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1];
	if (status === undefined) return undefined;
	const headers = Object.fromEntries(
		lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
	);
	return { status: Number(status), headers, body: rest.join("\r\n\r\n") };
}

export function send(port: number, request: WireRequest): Promise<WireAnswer | undefined> {
	return exchange(port, requestBytes(request));
}

/** What is wrong with an answer as an AWS error of the client's; undefined where nothing is. */
export function misshapen(answer: WireAnswer | undefined): string | undefined {
	if (answer === undefined) return "no answer";
	const { status, headers, body } = answer;
	if (status < 400 || status > 499) return `status ${status}`;
	if (!/^\w+Exception$/.test(headers["x-amzn-errortype"] ?? "")) return "no x-amzn-ErrorType";
	if (!/^[0-9a-f-]{36}$/.test(headers["x-amzn-requestid"] ?? "")) return "no x-amzn-RequestId";
	if (!headers["content-type"]?.startsWith("application/json")) return `content type ${headers["content-type"]}`;
	const { message, Message = message } = JSON.parse(body) as { message?: unknown; Message?: unknown };
	if (Message !== null && (typeof Message !== "string" || Message === "")) return `body ${body}`;
	return String(Message).includes(" at file:") ? "a stack" : undefined;
}
