/**
 * An authorizer's function behind an endpoint that speaks AWS Lambda's Invoke (AWS Lambda API Reference, "Invoke"): AWS
 * itself, SAM, LocalStack, another Latchkey.
 * @module
 */
import type { InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { type AuthorizerFunction, FunctionError, functionClosed } from "./function.js";
import { type LambdaInvoker, openLambdaInvoker } from "./lambda-client.js";

export interface LambdaEndpointOptions {
	/** Name, partial ARN or ARN. */
	readonly functionName: string;
	/**
	 * Such as `http://127.0.0.1:3001`; AWS's own of the region unless said otherwise. Where it is plain HTTP and the
	 * environment has no credentials, placeholders sign.
	 */
	readonly endpoint?: string | undefined;
	readonly region: string;
	/** Version or alias. */
	readonly qualifier?: string | undefined;
	/** Told of the last 4 KB that each call printed, line by line, where the endpoint gives them. They may hold secrets. */
	readonly log?: ((line: string) => void) | undefined;
}

/**
 * Opens such a function. Nothing is sent before the first call, and each call is one attempt: AWS IoT does not try again
 * while a client waits. An answer that is not JSON comes back as the text it is.
 */
export function openLambdaEndpoint(options: LambdaEndpointOptions): Required<AuthorizerFunction> {
	return new LambdaEndpoint(options);
}

/** Why a call was given up. */
type Interruption = "function-timed-out" | "function-crashed";

class LambdaEndpoint implements AuthorizerFunction {
	private readonly options: LambdaEndpointOptions;
	/** What gives up each call that is under way. */
	private readonly interruptions = new Set<(why: Interruption) => void>();
	private readonly underWay = new Set<Promise<unknown>>();
	private invoker: Promise<LambdaInvoker> | undefined;
	private state: "open" | "retired" | "closed" = "open";

	constructor(options: LambdaEndpointOptions) {
		this.options = options;
	}

	async invoke(event: unknown, { timeout }: { readonly timeout: number }): Promise<unknown> {
		if (this.state !== "open") throw functionClosed();
		const call = this.call(event, timeout);
		this.underWay.add(call);
		try {
			return await call;
		} finally {
			this.underWay.delete(call);
		}
	}

	async retire(): Promise<void> {
		if (this.state === "open") this.state = "retired";
		await Promise.allSettled(this.underWay);
		await this.close();
	}

	async close(): Promise<void> {
		this.state = "closed";
		for (const interrupt of this.interruptions) interrupt("function-crashed");
		const invoker = await this.invoker;
		this.invoker = undefined;
		invoker?.destroy();
	}

	private async call(event: unknown, timeout: number): Promise<unknown> {
		// Loaded at the first call, so that start-up does not pay for it; and before its time runs, so that it does not either.
		this.invoker ??= openLambdaInvoker({ ...this.options, tail: this.options.log !== undefined });
		const invoker = await this.invoker;
		if (this.state === "closed") throw functionClosed();
		const giveUp = new AbortController();
		const interrupted = new Promise<never>((_, reject) => {
			const interrupt = (why: Interruption) => {
				reject(interruption(why, timeout));
				giveUp.abort();
			};
			this.interruptions.add(interrupt);
			const timer = setTimeout(interrupt, timeout, "function-timed-out");
			giveUp.signal.addEventListener("abort", () => {
				clearTimeout(timer);
				this.interruptions.delete(interrupt);
			});
		});
		try {
			// The SDK does not interrupt all of its work, the search for credentials for one.
			return this.answerOf(await Promise.race([invoker.invoke(event, giveUp.signal), interrupted]));
		} catch (error) {
			throw functionErrorOf(error);
		} finally {
			giveUp.abort();
		}
	}

	private answerOf({ StatusCode, FunctionError: kind, Payload, LogResult }: InvokeCommandOutput): unknown {
		this.tell(LogResult);
		if (StatusCode === 202) throw crashed("Accepted", "the endpoint answered 202 and did not wait for the function");
		const text = Buffer.from(Payload ?? []).toString();
		const answer = jsonOf(text);
		if (kind === undefined) return answer;
		const { errorType, errorMessage } = (answer ?? {}) as { errorType?: unknown; errorMessage?: unknown };
		throw new FunctionError(
			"function-threw",
			typeof errorType === "string" ? errorType : kind,
			typeof errorMessage === "string" ? errorMessage : "it does not say what went wrong",
		);
	}

	private tell(logResult: string | undefined): void {
		if (logResult === undefined) return;
		const text = Buffer.from(logResult, "base64").toString().replace(/\n$/, "");
		for (const line of text.split("\n")) this.options.log?.(line);
	}
}

function interruption(why: Interruption, timeout: number): FunctionError {
	if (why === "function-crashed") return functionClosed();
	return new FunctionError(why, "Sandbox.Timedout", `no answer in ${timeout} ms`);
}

function crashed(errorType: string, errorMessage: string): FunctionError {
	return new FunctionError("function-crashed", errorType, errorMessage);
}

/** What the SDK threw, as a call that brought no answer. */
function functionErrorOf(error: unknown): FunctionError {
	if (error instanceof FunctionError) return error;
	const thrown = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } };
	const status = thrown.$metadata?.httpStatusCode;
	// The SDK adds an advice for its own users on lines of their own.
	const [message = ""] = thrown.message.split("\n", 1);
	if (status === 404) return new FunctionError("function-not-found", thrown.name, message);
	if (status !== undefined) return crashed(thrown.name, `the endpoint answered ${status}: ${message}`);
	// Of several addresses that were tried the message is empty (AggregateError, Node 20).
	return crashed(thrown.code ?? thrown.name, `the endpoint cannot be asked: ${message || thrown.code}`);
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text; // No answer that AWS IoT takes is a text, so the check of the answer tells.
	}
}
