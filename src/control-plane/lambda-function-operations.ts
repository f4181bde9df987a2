/**
 * The Lambda operations on functions themselves.
 * @module
 */
import { ApiError } from "./errors.js";
import { wireCode, wireConfiguration } from "./function-wire.js";
import { functionReference, type LambdaContext } from "./lambda-context.js";
import {
	createFunctionInput,
	deleteFunctionInput,
	functionInput,
	listFunctionsInput,
	updateFunctionCodeInput,
} from "./lambda-shapes.js";
import { type Operation, operation } from "./operation.js";
import { page } from "./paging.js";
import type { InputOf } from "./shape.js";

const PATH = "/2015-03-31/functions";

/** Bytes of a request with a deployment package of 50 MiB in base64; AWS's own limit. */
const PACKAGE_LIMIT = 69_905_067;

/** Functions of a page at most, whatever MaxItems says (AWS Lambda API, "ListFunctions"). */
const PAGE_SIZE = 50;

const CODE_DIFFERENCES =
	"Code comes as a ZIP file in the request, for a Node.js runtime; whatever its version, it runs on Latchkey's own Node.js.";

const createFunction = operation({
	service: "lambda",
	name: "CreateFunction",
	method: "POST",
	path: PATH,
	status: 201,
	input: createFunctionInput,
	errors: [
		"CodeStorageExceededException",
		"InvalidParameterValueException",
		"ResourceConflictException",
		"ResourceNotFoundException",
		"ServiceException",
	],
	bodyLimit: PACKAGE_LIMIT,
	differences: `${CODE_DIFFERENCES} The role is kept and not looked at; Architectures are this machine's.`,
	run(input, context: LambdaContext) {
		const { account, functionCode } = context;
		const { functions } = account;
		const name = ownName(input.FunctionName);
		const { handler, runtime, zip } = checkedCode(input);
		return functionCode.exclusively(name, async () => {
			if (functions.get(name) !== undefined) {
				throw new ApiError("ResourceConflictException", `Function already exist: ${name}`);
			}
			const { directory, codeSha256, codeSize } = await functionCode.store(name, zip);
			try {
				const record = functions.create({
					functionName: name,
					source: { directory, handler },
					runtime,
					role: input.Role,
					handler,
					description: input.Description,
					timeout: input.Timeout,
					memorySize: input.MemorySize,
					environment: input.Environment?.Variables,
					codeSha256,
					codeSize,
					tags: Object.entries(input.Tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
				});
				return wireConfiguration(record);
			} catch (error) {
				forgetUnused(name, context);
				throw error;
			}
		});
	},
});

const updateFunctionCode = operation({
	service: "lambda",
	name: "UpdateFunctionCode",
	method: "PUT",
	path: `${PATH}/{FunctionName}/code`,
	input: updateFunctionCodeInput,
	errors: [
		"CodeStorageExceededException",
		"InvalidParameterValueException",
		"ResourceNotFoundException",
		"ServiceException",
	],
	bodyLimit: PACKAGE_LIMIT,
	differences: CODE_DIFFERENCES,
	run(input, context: LambdaContext) {
		const { account, functionCode } = context;
		const { functions } = account;
		const { functionName } = functions.describe(input.FunctionName);
		const zip = input.ZipFile;
		if (zip === undefined) throw noSource();
		return functionCode.exclusively(functionName, async () => {
			const former = functions.describe(functionName);
			const { handler = "index.handler" } = former;
			if (input.DryRun === true) return wireConfiguration({ ...former, ...(await functionCode.inspect(zip)) });
			const { directory, ...facts } = await functionCode.store(functionName, zip);
			try {
				return wireConfiguration(functions.update(functionName, { source: { directory, handler }, ...facts }));
			} finally {
				forgetUnused(functionName, context);
			}
		});
	},
});

const getFunction = operation({
	service: "lambda",
	name: "GetFunction",
	method: "GET",
	path: `${PATH}/{FunctionName}`,
	input: functionInput,
	errors: ["ResourceNotFoundException", "InvalidParameterValueException", "ServiceException"],
	differences: "Code.Location is a file on this machine, or the endpoint behind which the function is.",
	run(input, { account, functionCode }: LambdaContext) {
		const record = account.functions.describe(functionReference(input));
		const tags = account.tags.list(record.functionArn).map(({ Key, Value }) => [Key, Value] as const);
		return {
			Configuration: wireConfiguration(record),
			Code: wireCode({ ...record, source: functionCode.locate(record.source) }),
			Tags: tags.length === 0 ? undefined : Object.fromEntries(tags),
		};
	},
});

const getFunctionConfiguration = operation({
	service: "lambda",
	name: "GetFunctionConfiguration",
	method: "GET",
	path: `${PATH}/{FunctionName}/configuration`,
	input: functionInput,
	errors: ["ResourceNotFoundException", "InvalidParameterValueException", "ServiceException"],
	run(input, { account }: LambdaContext) {
		return wireConfiguration(account.functions.describe(functionReference(input)));
	},
});

const listFunctions = operation({
	service: "lambda",
	name: "ListFunctions",
	method: "GET",
	path: PATH,
	input: listFunctionsInput,
	errors: ["InvalidParameterValueException", "ServiceException"],
	differences: "There is one version of a function, `$LATEST`, with FunctionVersion and without.",
	run(input, { account }: LambdaContext) {
		const { items, nextMarker } = page({
			operation: "listFunctions",
			items: account.functions.list(),
			place: ({ functionName }) => [functionName],
			size: Math.min(input.MaxItems ?? PAGE_SIZE, PAGE_SIZE),
			marker: input.Marker,
			errorType: "InvalidParameterValueException",
		});
		return { Functions: items.map(wireConfiguration), NextMarker: nextMarker };
	},
});

const deleteFunction = operation({
	service: "lambda",
	name: "DeleteFunction",
	method: "DELETE",
	path: `${PATH}/{FunctionName}`,
	status: 204,
	input: deleteFunctionInput,
	errors: ["ResourceNotFoundException", "InvalidParameterValueException", "ServiceException"],
	run(input, context: LambdaContext) {
		const { account, functionCode } = context;
		const { functionName } = account.functions.describe(functionReference(input));
		return functionCode.exclusively(functionName, async () => {
			account.functions.delete(functionName);
			forgetUnused(functionName, context);
			return undefined;
		});
	},
});

export const lambdaFunctionOperations: readonly Operation<LambdaContext>[] = [
	createFunction,
	updateFunctionCode,
	getFunction,
	getFunctionConfiguration,
	listFunctions,
	deleteFunction,
];

interface Code {
	readonly zip: Uint8Array;
	readonly runtime: string;
	/** `file.export`, the file below the package's folder. */
	readonly handler: string;
}

/** @throws {ApiError} InvalidParameterValueException; in AWS's words where they are known. */
function checkedCode({ Code: code, Runtime: runtime, Handler: handler }: InputOf<typeof createFunctionInput>): Code {
	if (code.ZipFile === undefined) throw noSource();
	if (runtime === undefined || handler === undefined) {
		throw invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
	}
	if (!/^nodejs(?:[\d.]+x?)?$/.test(runtime)) {
		throw invalid("Value at 'runtime' is not supported by Latchkey, which runs Node.js: nodejs20.x and its like");
	}
	const parts = handler.split("/");
	const leadsOut = parts.some((part) => part === "" || part === "." || part === "..");
	if (leadsOut || !/^[^\\]*[^\\./]\.[\w$]+$/.test(handler)) {
		throw invalid("Value at 'handler' must name a file of the deployment package and its export, as index.handler");
	}
	return { zip: code.ZipFile, runtime, handler };
}

/** The name of a function to be made; AWS takes its whole ARN as well. */
function ownName(reference: string): string {
	return (
		reference
			.replace(/:\$LATEST$/, "")
			.split(":")
			.at(-1) ?? reference
	);
}

/**
 * Removes the packages that a function no longer has, once nothing runs any more that was started from one: calls under
 * way may still load files. The answer does not wait for it.
 */
function forgetUnused(name: string, { account, functionCode }: LambdaContext): void {
	const { functions } = account;
	const forgotten = functions
		.whenRetired(name)
		.then(() => functionCode.exclusively(name, () => functionCode.forgetOthers(name, functions.get(name)?.source)));
	// What cannot be removed harms nothing but the disk's room, and goes with the function's next change.
	forgotten.catch(() => {});
}

function noSource(): ApiError {
	return invalid("Please provide a source for function code.");
}

function invalid(message: string): ApiError {
	return new ApiError("InvalidParameterValueException", message);
}
