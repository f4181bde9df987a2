/**
 * The control plane of a stage: AWS's APIs over its account and its gateway.
 * @module
 */
import type { Account } from "../account/index.js";
import { FunctionError } from "../authorizer/index.js";
import {
	ApiError,
	allOperations,
	type ControlPlane,
	type ControlPlaneLogEntry,
	FunctionCode,
	startControlPlane,
} from "../control-plane/index.js";
import { type Gateway, PublishError } from "../gateway/index.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { packageFolder } from "./functions.js";

export interface ApiOptions {
	readonly host: string;
	/** 0 for any free port. */
	readonly port: number;
	/** Folder of deployment packages. */
	readonly data: string;
	/** Whether requests must be signed with the credentials of this process's environment. */
	readonly verifySigV4?: boolean | undefined;
	/** Names, besides `localhost` and IP addresses, by which clients address the API. */
	readonly allowedHosts?: readonly string[] | undefined;
}

/** @throws {CommandFailure} where the port cannot be had or credentials are missing. */
export async function openApi(
	options: ApiOptions,
	account: Account,
	gateway: Gateway,
	endpoint: { readonly serverName: string; readonly port: number },
): Promise<ControlPlane> {
	const { host, port, data, allowedHosts, verifySigV4 = false } = options;
	const api = startControlPlane({
		host,
		port,
		operations: allOperations,
		context: {
			account,
			endpointAddress: endpoint.port === 443 ? endpoint.serverName : `${endpoint.serverName}:${endpoint.port}`,
			functionCode: new FunctionCode(packageFolder(data)),
			messages: messagesOf(gateway),
			eventFailed: reportFailedEvent,
			now: Date.now,
		},
		verifySigV4: verifySigV4 ? { region: account.region, credentials: [credentialsOfEnvironment()] } : undefined,
		allowedHosts,
		log: reportDefect,
	});
	return api.catch((error: unknown) => {
		throw cannotListen("the API", host, port, error as NodeJS.ErrnoException);
	});
}

/** @param what cannot, for instance `the gateway`. */
export function cannotListen(
	what: string,
	host: string,
	port: number,
	{ code, message }: NodeJS.ErrnoException,
): CommandFailure {
	return new CommandFailure({
		code: code === "EADDRINUSE" ? "port-in-use" : "cannot-listen",
		cause: `${what} cannot listen on ${host}, port ${port} (${code ?? message})`,
		remedy: "take another port (0 for any free one) or an address of this machine",
	});
}

/** The gateway's broker as the data plane knows it. */
function messagesOf(gateway: Gateway) {
	return {
		publish(message: Parameters<Gateway["publish"]>[0]) {
			try {
				gateway.publish(message);
			} catch (error) {
				throw error instanceof PublishError ? new ApiError("InvalidRequestException", error.message) : error;
			}
		},
		retainedMessage: (topic: string) => gateway.retainedMessage(topic),
		listRetainedMessages: () => gateway.listRetainedMessages(),
	};
}

function credentialsOfEnvironment() {
	const accessKeyId = process.env["AWS_ACCESS_KEY_ID"];
	const secretAccessKey = process.env["AWS_SECRET_ACCESS_KEY"];
	if (accessKeyId && secretAccessKey) {
		return { accessKeyId, secretAccessKey, sessionToken: process.env["AWS_SESSION_TOKEN"] || undefined };
	}
	throw new CommandFailure({
		code: "credentials-missing",
		cause: "--verify-sigv4: there are no credentials to verify with",
		remedy: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment of latchkey",
		exitCode: ExitCode.usage,
	});
}

/** Nobody else learns of it: the caller of an Event had its answer. What the function said may hold what it was given. */
function reportFailedEvent(functionName: string, error: unknown): void {
	const code = error instanceof FunctionError ? error.code : "function-crashed";
	process.stderr.write(`latchkey: an event for the function ${functionName} failed (${code})\n`);
}

/** Defects of Latchkey are the developer's to see; the client has the request's id. */
function reportDefect({ requestId, operation, defect }: ControlPlaneLogEntry): void {
	if (defect === undefined) return;
	const stack = defect instanceof Error ? (defect.stack ?? defect.message) : String(defect);
	process.stderr.write(`latchkey: ${operation ?? "request"} ${requestId} failed: ${stack}\n`);
}
