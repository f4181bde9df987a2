/**
 * The second argument of a handler (AWS Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function
 * information").
 * @module
 */
import { randomUUID } from "node:crypto";
import type { RuntimeStart } from "./function-messages.js";

export type Callback = (error?: unknown, answer?: unknown) => void;

export interface LambdaContext {
	readonly functionName: string;
	readonly functionVersion: "$LATEST";
	readonly invokedFunctionArn: string;
	/** MB, as text, as on AWS. */
	readonly memoryLimitInMB: string;
	readonly awsRequestId: string;
	readonly logGroupName: string;
	readonly logStreamName: string;
	/** A handler may set it; here its answer never waits for an empty event loop, for calls may overlap. */
	callbackWaitsForEmptyEventLoop: boolean;
	getRemainingTimeInMillis(): number;
	/** The three of the first Node.js runtimes; samples from then still use them. */
	done: Callback;
	succeed(answer?: unknown): void;
	fail(error?: unknown): void;
}

/**
 * @param timeout milliseconds of this call.
 * @param now milliseconds since some fixed moment.
 * @param callback ends the call.
 */
export function lambdaContext(
	start: Omit<RuntimeStart, "module">,
	timeout: number,
	now: () => number,
	callback: Callback,
): LambdaContext {
	const deadline = now() + timeout;
	return {
		functionName: start.functionName,
		functionVersion: "$LATEST",
		invokedFunctionArn: start.functionArn,
		memoryLimitInMB: String(start.memory),
		awsRequestId: randomUUID(),
		logGroupName: `/aws/lambda/${start.functionName}`,
		logStreamName: start.logStreamName,
		callbackWaitsForEmptyEventLoop: true,
		getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - now())),
		done: callback,
		succeed: (answer) => callback(null, answer),
		fail: (error) => callback(error ?? new Error("the handler failed without an error")),
	};
}
