/**
 * Between HTTP and the operations: guards, reads, verifies, runs, answers.
 * @module
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuseWebPages } from "./browser-guard.js";
import { refuseTunnel } from "./client-error.js";
import { ApiError, defectErrorType, errorAnswer, type Service, type ServiceFault, serviceFaultOf } from "./errors.js";
import { BODY_LIMIT, type Operation, type Output, Reply } from "./operation.js";
import { firstValues, malformedEncoding, parseQuery } from "./query-string.js";
import { readBody } from "./request-body.js";
import { readInput } from "./request-input.js";
import { labelValues, routerPaths, UnknownOperations } from "./routes.js";
import { type SigV4Options, SigV4Verifier } from "./sigv4.js";

/** One answered request. */
export interface ControlPlaneLogEntry {
	/** As the answer's `x-amzn-RequestId` has it. */
	readonly requestId: string;
	/** AWS's name; absent where no operation took the request. */
	readonly operation: string | undefined;
	/** HTTP status. */
	readonly status: number;
	/** Type of the error that was answered. */
	readonly errorType: string | undefined;
	/** What was thrown, where it is a defect of Latchkey (status 500). */
	readonly defect?: unknown;
}

export interface FrontOptions<C> {
	readonly operations: readonly Operation<C>[];
	/** What the operations work on. */
	readonly context: C;
	/** Only requests signed with one of these are taken; anything is unless given. */
	readonly verifySigV4?: SigV4Options | undefined;
	/** Names, besides `localhost` and IP addresses, by which clients address the API. */
	readonly allowedHosts?: readonly string[] | undefined;
	/** Told of every request after its answer; must not throw. */
	readonly log?: ((entry: ControlPlaneLogEntry) => void) | undefined;
	/** Milliseconds since the epoch; against it dates of signatures are held. */
	readonly now?: (() => number) | undefined;
}

/** Between HTTP and the operations. */
export class Front<C> {
	private readonly options: FrontOptions<C>;
	private readonly allowedHosts: ReadonlySet<string>;
	private readonly unknown: UnknownOperations;
	private readonly verifier: SigV4Verifier | undefined;

	constructor(options: FrontOptions<C>) {
		const { allowedHosts = [], operations, verifySigV4, now = Date.now } = options;
		this.options = options;
		this.allowedHosts = new Set(allowedHosts.map((name) => name.toLowerCase()));
		this.unknown = new UnknownOperations(operations);
		this.verifier = verifySigV4 === undefined ? undefined : new SigV4Verifier(verifySigV4, now);
	}

	install(app: FastifyInstance): void {
		app.removeAllContentTypeParsers();
		app.addContentTypeParser("*", (request: FastifyRequest, stream: IncomingMessage) => {
			const { operation, service = "iot" } = request.routeOptions.config as RouteConfig;
			const { name = "unknown", bodyLimit = BODY_LIMIT } = operation ?? {};
			return readBody(stream, { limit: bodyLimit, service, name });
		});
		app.addHook("onRequest", async (request, reply) => {
			reply.header("x-amzn-RequestId", request.id);
			this.receive(request);
		});
		app.setErrorHandler((error: FastifyError, request, reply) => this.refuse(error, request, reply));
		app.setNotFoundHandler((request, reply) => {
			this.refuse(this.unknown.refuse(request.method, request.raw.url ?? ""), request, reply);
		});
		app.server.on("connect", refuseTunnel);
		app.server.on("checkExpectation", refuseExpectation);
		for (const operation of this.options.operations) {
			const handler = (request: FastifyRequest, reply: FastifyReply) => this.answer(operation, request, reply);
			const config: RouteConfig = { operation, service: operation.service };
			for (const url of routerPaths(operation.path)) app.route({ method: operation.method, url, config, handler });
		}
	}

	/** Before the body is read. */
	private receive({ headers, raw }: FastifyRequest): void {
		refuseWebPages(headers, this.allowedHosts);
		const encoding = headers["content-encoding"];
		if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
			throw new ApiError("UnsupportedMediaTypeException", "A body must be sent without Content-Encoding");
		}
		// Bodies are bytes whatever their type; the framework refuses types that it cannot parse.
		delete raw.headers["content-type"];
	}

	private async answer(operation: Operation<C>, request: FastifyRequest, reply: FastifyReply): Promise<void> {
		const target = request.raw.url ?? "";
		const query = parseQuery(target);
		const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
		const { method, headers } = request;
		const { rawHeaders } = request.raw;
		await this.verifier?.verify({ method, target, query, rawHeaders, body }, operation.service);
		const labels = labelValues(request.params as Record<string, string>);
		const input = readInput(operation, { labels, query: firstValues(query), headers, body });
		const output = await operation.run(input as never, this.options.context);
		const status = send(reply, operation.status, output);
		this.tell(request, status, undefined);
	}

	/** Answers with an error; whatever is not meant as an answer is a defect, and only the log learns of it. */
	refuse(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
		const { service = "iot" } = (request.routeOptions.config ?? {}) as RouteConfig;
		const fault = serviceFaultOf(error) ?? frameworkFaultOf(error);
		const { status, headers, body } = errorAnswer(fault ?? defect(service), service);
		reply.code(status).headers(headers).header("x-amzn-RequestId", request.id).send(body);
		this.tell(request, status, headers["x-amzn-ErrorType"], fault === undefined ? error : undefined);
	}

	private tell(request: FastifyRequest, status: number, errorType: string | undefined, thrown?: unknown): void {
		const { operation } = (request.routeOptions.config ?? {}) as RouteConfig;
		const entry = { requestId: request.id, operation: operation?.name, status, errorType };
		this.options.log?.(thrown === undefined ? entry : { ...entry, defect: thrown });
	}
}

interface RouteConfig {
	/** Absent where no operation took the request. */
	readonly operation?: Pick<Operation, "name" | "bodyLimit">;
	readonly service?: Service;
}

/** @returns the status that was sent. */
function send(reply: FastifyReply, ownStatus: number, output: Output): number {
	const { status = ownStatus, headers = {}, body } = output instanceof Reply ? output : jsonReply(ownStatus, output);
	reply.code(status).headers(headers);
	if (body === undefined) reply.send();
	else reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
	return status;
}

function jsonReply(status: number, output: Output): Reply {
	if (status === 204) return new Reply({});
	return new Reply({
		headers: { "content-type": "application/json" },
		body: Buffer.from(JSON.stringify(output ?? {})),
	});
}

/** Requests that the framework itself refuses: its errors carry a status of 4xx. */
function frameworkFaultOf(error: Error): ServiceFault | undefined {
	const { code, statusCode } = error as Partial<FastifyError>;
	if (code === "FST_ERR_BAD_URL") return serviceFaultOf(malformedEncoding());
	if (code === "ECONNRESET" || (statusCode !== undefined && statusCode >= 400 && statusCode < 500)) {
		return serviceFaultOf(new ApiError("InvalidRequestException", "The request is malformed"));
	}
	return undefined;
}

function defect(service: Service): ServiceFault {
	const message = "Latchkey met an error of its own; its log has the details under this request's id";
	return { type: defectErrorType(service), message, members: {} };
}

/** For Node's event `checkExpectation`: anything but `100-continue` in the header Expect. */
function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
	const body = JSON.stringify({ message: "The header Expect may only be 100-continue" });
	request.resume();
	response.writeHead(417, {
		"content-length": Buffer.byteLength(body),
		"content-type": "application/json",
		"x-amzn-ErrorType": "InvalidRequestException",
		"x-amzn-RequestId": randomUUID(),
		connection: "close",
	});
	response.end(body);
}
