/**
 * The Lambda operation that calls a function.
 * @module
 */
import { type AuthorizerFunction, FunctionError } from "../authorizer/index.js";
import { ApiError } from "./errors.js";
import { functionReference, type LambdaContext } from "./lambda-context.js";
import { invokeInput } from "./lambda-shapes.js";
import { operation, Reply } from "./operation.js";

/** Bytes of a payload (AWS Lambda Developer Guide, "Lambda quotas"). */
const PAYLOAD_LIMIT = 6_291_456;
const EVENT_PAYLOAD_LIMIT = 1_048_576;

/** Seconds that a function may take which has no configuration; as on AWS. */
const DEFAULT_TIMEOUT = 3;

const EXECUTED_VERSION = { "x-amz-executed-version": "$LATEST" } as const;

export const invoke = operation({
	service: "lambda",
	name: "Invoke",
	method: "POST",
	path: "/2015-03-31/functions/{FunctionName}/invocations",
	input: invokeInput,
	errors: [
		"ResourceNotFoundException",
		"InvalidRequestContentException",
		"InvalidParameterValueException",
		"RequestTooLargeException",
		"ServiceException",
	],
	bodyLimit: PAYLOAD_LIMIT,
	differences:
		"`LogType` Tail is taken, but no log comes back: what functions print goes to Latchkey's own output. An Event is called once, and not again where it fails.",
	run(input, { account, eventFailed }: LambdaContext) {
		const reference = functionReference(input);
		const { functions } = account;
		const run = functions.open(reference);
		const record = run === undefined ? functions.describe(reference) : functions.get(reference);
		if (run === undefined) throw new ApiError("ServiceException", "Latchkey has nothing that could run this function");
		const timeout = (record?.timeout ?? DEFAULT_TIMEOUT) * 1000;
		const { InvocationType: type = "RequestResponse", Payload: payload = new Uint8Array() } = input;
		if (type === "Event" && payload.length > EVENT_PAYLOAD_LIMIT) {
			const limit = `(limit ${EVENT_PAYLOAD_LIMIT} bytes)`;
			const message = `${payload.length} byte payload is too large for the Event invocation type ${limit}`;
			throw new ApiError("RequestTooLargeException", message);
		}
		const event = parsePayload(payload);
		if (type === "DryRun") return new Reply({ status: 204, headers: EXECUTED_VERSION });
		if (type === "RequestResponse") return call(run, event, timeout);
		run.invoke(event, { timeout }).catch((error: unknown) => eventFailed?.(reference, error));
		return new Reply({ status: 202 });
	},
});

async function call(run: AuthorizerFunction, event: unknown, timeout: number): Promise<Reply> {
	try {
		return reply(await run.invoke(event, { timeout }), {});
	} catch (error) {
		if (!(error instanceof FunctionError)) throw error;
		const { errorType, errorMessage } = error;
		return reply({ errorType, errorMessage, trace: [] }, { "x-amz-function-error": "Unhandled" });
	}
}

/** What a function answers with, or that it failed; either is a success of the call. */
function reply(value: unknown, headers: Readonly<Record<string, string>>): Reply {
	return new Reply({
		headers: { "content-type": "application/json", ...EXECUTED_VERSION, ...headers },
		body: Buffer.from(JSON.stringify(value ?? null)),
	});
}

/** No payload stands for `{}`. */
function parsePayload(payload: Uint8Array): unknown {
	if (payload.length === 0) return {};
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
	} catch {
		// The parser's own words would repeat the payload.
		throw new ApiError("InvalidRequestContentException", "Could not parse request body into json");
	}
}
