/**
 * AWS's own Lambda client, bounded: one attempt, an answer of limited size, and no look for credentials where a local
 * endpoint wants none.
 * @module
 */
import { addAbortSignal, pipeline, type Readable, Transform } from "node:stream";
import type { InvokeCommandOutput, LambdaClientConfig } from "@aws-sdk/client-lambda";
import { LONGEST_MESSAGE } from "./function-messages.js";

export interface LambdaClientOptions {
	readonly functionName: string;
	readonly endpoint?: string | undefined;
	readonly region: string;
	readonly qualifier?: string | undefined;
	/** Whether the last lines that the function printed are asked for. */
	readonly tail: boolean;
}

export interface LambdaInvoker {
	/** Sends one Invoke; rejects with whatever the SDK rejects with. */
	invoke(event: unknown, signal: AbortSignal): Promise<InvokeCommandOutput>;
	destroy(): void;
}

/** Who signs for an endpoint that asks for nobody in particular; such endpoints look at the form only. */
const PLACEHOLDER = { accessKeyId: "latchkey", secretAccessKey: "latchkey" };

/** The SDK's own 50 would make further calls wait for a connection in time that counts as the function's. */
const AGENT = { maxSockets: 1000 };

/** Loads the SDK, which takes a fifth of a second, and makes a client. */
export async function openLambdaInvoker(options: LambdaClientOptions): Promise<LambdaInvoker> {
	const { functionName, endpoint, region, qualifier, tail } = options;
	// The SDK's switch for its advice about Node's version, which is no business of who runs Latchkey.
	process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
	const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
	const client = new LambdaClient({
		region,
		maxAttempts: 1,
		requestHandler: { httpAgent: AGENT, httpsAgent: AGENT },
		...(endpoint === undefined ? {} : { endpoint }),
		...credentialsFor(endpoint, process.env),
	});
	return {
		async invoke(event, abortSignal) {
			const command = new InvokeCommand({
				FunctionName: functionName,
				InvocationType: "RequestResponse",
				Payload: Buffer.from(JSON.stringify(event)),
				...(qualifier === undefined ? {} : { Qualifier: qualifier }),
				...(tail ? { LogType: "Tail" } : {}),
			});
			command.middlewareStack.add(
				(next) => async (given) => {
					const result = await next(given);
					const response = result.response as { body: Readable };
					response.body = bounded(response.body, abortSignal);
					return result;
				},
				// Next to the wire, before anything reads the body.
				{ step: "deserialize", priority: "low", name: "boundedBody" },
			);
			return client.send(command, { abortSignal });
		},
		destroy: () => client.destroy(),
	};
}

/**
 * Credentials where the endpoint is plain HTTP, as local ones are: the environment's, without a session token, which would
 * travel in the clear, or a placeholder. The SDK's own search would ask the network of an EC2 instance, for seconds.
 */
function credentialsFor(
	endpoint: string | undefined,
	{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }: NodeJS.ProcessEnv,
): Pick<LambdaClientConfig, "credentials"> {
	if (!endpoint?.startsWith("http://")) return {};
	if (!accessKeyId || !secretAccessKey) return { credentials: PLACEHOLDER };
	return { credentials: { accessKeyId, secretAccessKey } };
}

/** The SDK reads a body to its end, however late or long; this one ends in time or with an error. */
function bounded(body: Readable, signal: AbortSignal): Readable {
	let size = 0;
	const limit = new Transform({
		transform(chunk: Uint8Array, _encoding, done) {
			size += chunk.length;
			if (size > LONGEST_MESSAGE) done(new Error(`the endpoint's answer is longer than ${LONGEST_MESSAGE} bytes`));
			else done(null, chunk);
		},
	});
	pipeline(body, limit, () => undefined); // An error reaches whoever reads `limit`.
	return addAbortSignal(signal, limit);
}
