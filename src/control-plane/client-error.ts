/**
 * Answers what Node's HTTP parser refuses, in AWS's shape: malformed requests, headers beyond any measure, clients that
 * take too long.
 * @module
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

interface WireRefusal {
	readonly status: string;
	readonly type: string;
	readonly message: string;
}

const MALFORMED: WireRefusal = {
	status: "400 Bad Request",
	type: "InvalidRequestException",
	message: "The request is not well-formed HTTP/1.1",
};

const BY_CODE: Readonly<Record<string, WireRefusal>> = {
	HPE_HEADER_OVERFLOW: {
		status: "431 Request Header Fields Too Large",
		type: "InvalidRequestException",
		message: "The request line and the headers are too large",
	},
	ERR_HTTP_REQUEST_TIMEOUT: {
		status: "408 Request Timeout",
		type: "RequestTimeoutException",
		message: "The request did not arrive in time",
	},
};

/** Bytes of a broken request that are thrown away while its sender finishes, and milliseconds that this may take. */
const LINGER = { bytes: 1_048_576, time: 500 } as const;

/** Answers for one server. */
export class ClientErrors {
	/** The last answer begun on each connection. */
	private readonly answers = new WeakMap<Socket, ServerResponse>();

	/** For Node's event `request`. */
	noteRequest(request: IncomingMessage, response: ServerResponse): void {
		this.answers.set(request.socket, response);
	}

	/** Answers and closes; for Node's event `clientError`. */
	answer(error: Error & { readonly code?: string }, socket: Socket): void {
		const last = this.answers.get(socket);
		const isMidway = last?.headersSent === true && !last.writableFinished;
		// Nobody is left to read, or what is read would be taken for the rest of another answer.
		if (error.code === "ECONNRESET" || !socket.writable || isMidway) socket.destroy();
		else answerOnSocket(socket, BY_CODE[error.code ?? ""] ?? MALFORMED);
	}
}

/** For Node's event `connect`: CONNECT asks for a tunnel, which nobody has here. */
export function refuseTunnel(_request: unknown, socket: Socket): void {
	const message = "Latchkey has no operation by the method CONNECT (docs/api.md lists them)";
	answerOnSocket(socket, { status: "404 Not Found", type: "UnknownOperationException", message });
}

function answerOnSocket(socket: Socket, { status, type, message }: WireRefusal): void {
	const body = JSON.stringify({ message });
	socket.end(
		[
			`HTTP/1.1 ${status}`,
			"Content-Type: application/json",
			`Content-Length: ${Buffer.byteLength(body)}`,
			`x-amzn-ErrorType: ${type}`,
			`x-amzn-RequestId: ${randomUUID()}`,
			"Connection: close",
			"",
			body,
		].join("\r\n"),
	);
	linger(socket);
}

/**
 * Takes what the sender still writes before the connection goes, as a reset in the middle of it would take the answer
 * away from him.
 */
function linger(socket: Socket): void {
	let taken = 0;
	socket.removeAllListeners("data");
	socket.on("data", (chunk) => {
		taken += chunk.length;
		if (taken > LINGER.bytes) socket.destroy();
	});
	socket.on("error", () => socket.destroy());
	socket.setTimeout(LINGER.time, () => socket.destroy());
	socket.resume();
}
