/**
 * Reads a request's body as bytes, whatever its content type, within a limit.
 *
 * What is over the limit is read to its end and thrown away: a client that still writes when the connection is closed
 * sees a broken connection and tries again for seconds, where one that may finish reads why it was refused.
 * @module
 */
import type { Readable } from "node:stream";
import { ApiError, type Service, tooLargeErrorType } from "./errors.js";

/** Bytes that are read and thrown away at most. */
const MOST_DISCARDED = 268_435_456;

export interface BodyLimit {
	/** Bytes. */
	readonly limit: number;
	readonly service: Service;
	/** Operation, as the message names it. */
	readonly name: string;
}

/**
 * @throws {ApiError} for a body over the limit.
 * @throws the stream's own error where the client leaves.
 */
export async function readBody(stream: Readable, { limit, service, name }: BodyLimit): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length <= limit) chunks.push(chunk);
		else chunks.length = 0;
		if (length > MOST_DISCARDED) break;
	}
	if (length <= limit) return Buffer.concat(chunks);
	// AWS Lambda's words.
	throw new ApiError(
		tooLargeErrorType(service),
		`Request must be smaller than ${limit} bytes for the ${name} operation`,
	);
}
