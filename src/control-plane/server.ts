/**
 * The control plane's HTTP server: finds the operation of a request, reads its input, runs it and answers, so that the AWS
 * CLI and AWS's SDKs can be pointed at it by `--endpoint-url`.
 * @module
 */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type FastifyInstance, fastify } from "fastify";
import { ClientErrors } from "./client-error.js";
import { Front, type FrontOptions } from "./front.js";
import { BODY_LIMIT } from "./operation.js";

export interface ControlPlaneOptions<C> extends FrontOptions<C> {
	/** Address to listen on. */
	readonly host: string;
	/** 0 for any free port. */
	readonly port: number;
	readonly limits?: Partial<ControlPlaneLimits> | undefined;
}

/** All in milliseconds. */
export interface ControlPlaneLimits {
	/** From the first byte to the last one of a request's headers. */
	readonly headersTimeout: number;
	/** From the first byte to the last one of a request. */
	readonly requestTimeout: number;
	/** What requests under way may still take when the server closes. */
	readonly closeTimeout: number;
}

const DEFAULT_LIMITS: ControlPlaneLimits = { headersTimeout: 10_000, requestTimeout: 60_000, closeTimeout: 2000 };

/** How often Node looks for requests that are too slow, in milliseconds. */
const TIMEOUT_GRANULARITY = 500;

/** Bytes of a request line and its headers. */
const HEADER_LIMIT = 32_768;

export class ControlPlane {
	/** Origin by which this machine reaches it, without a slash at its end. */
	readonly url: string;
	readonly port: number;
	private readonly app: FastifyInstance;
	private readonly closeTimeout: number;

	constructor(app: FastifyInstance, closeTimeout: number) {
		const place = app.server.address() as AddressInfo;
		this.app = app;
		this.closeTimeout = closeTimeout;
		this.port = place.port;
		this.url = originOf(place);
	}

	/** Ends: takes no request any more, lets those under way finish for a moment, then cuts them off. */
	async close(): Promise<void> {
		const cut = setTimeout(() => this.app.server.closeAllConnections(), this.closeTimeout);
		try {
			await this.app.close();
		} finally {
			clearTimeout(cut);
		}
	}
}

/** The origin by which this machine reaches a server; one that listens on all addresses is at the loopback's too. */
export function originOf({ address, family, port }: AddressInfo): string {
	if (family === "IPv6") return `http://[${address === "::" ? "::1" : address}]:${port}`;
	return `http://${address === "0.0.0.0" ? "127.0.0.1" : address}:${port}`;
}

/**
 * Starts to listen.
 * @throws the socket's error where the port cannot be had.
 */
export async function startControlPlane<C>(options: ControlPlaneOptions<C>): Promise<ControlPlane> {
	const limits = { ...DEFAULT_LIMITS, ...options.limits };
	const clientErrors = new ClientErrors();
	const app = fastify({
		bodyLimit: BODY_LIMIT,
		clientErrorHandler: (error, socket) => clientErrors.answer(error, socket),
		exposeHeadRoutes: false,
		forceCloseConnections: "idle",
		frameworkErrors: (error, request, reply) => front.refuse(error, request, reply),
		genReqId: () => randomUUID(),
		http: {
			connectionsCheckingInterval: TIMEOUT_GRANULARITY,
			headersTimeout: limits.headersTimeout,
			maxHeaderSize: HEADER_LIMIT,
			requireHostHeader: false,
		},
		requestIdHeader: false,
		requestTimeout: limits.requestTimeout,
		return503OnClosing: false,
		routerOptions: { maxParamLength: HEADER_LIMIT, querystringParser: () => ({}) },
	});
	app.server.on("request", (request, response) => clientErrors.noteRequest(request, response));
	const front = new Front(options);
	front.install(app);
	await app.listen({ host: options.host, port: options.port });
	return new ControlPlane(app, limits.closeTimeout);
}
