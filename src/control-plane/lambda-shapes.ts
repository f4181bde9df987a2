/**
 * Inputs of the Lambda operations (AWS Lambda API, 2015-03-31).
 * @module
 */
import {
	blob,
	boolean,
	header,
	integer,
	list,
	map,
	payload,
	query,
	string,
	structure,
	unsupported,
	uri,
	word,
} from "./shape.js";

const FUNCTION_NAME = string({
	pattern:
		"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
	min: 1,
	max: 140,
});
/** As {@link FUNCTION_NAME}, and names with dots, which are another service's. */
const NAMESPACED_FUNCTION_NAME = string({
	pattern:
		"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
	min: 1,
	max: 170,
});
const QUALIFIER = string({ pattern: "(|[a-zA-Z0-9$_-]+)", min: 1, max: 128 });
/** Names of runtimes are checked by the operation: AWS adds some every year. */
const RUNTIME = string();
const ENVIRONMENT = structure({ Variables: map(string({ pattern: "[a-zA-Z]([a-zA-Z0-9_])+" }), string()) });

/** Where code may come from; Latchkey takes it from the request alone. */
const CODE_SOURCES = {
	ZipFile: blob(),
	S3Bucket: unsupported(),
	S3Key: unsupported(),
	S3ObjectVersion: unsupported(),
	ImageUri: unsupported(),
} as const;

export const addPermissionInput = structure(
	{
		FunctionName: uri(FUNCTION_NAME),
		StatementId: string({ pattern: "([a-zA-Z0-9-_]+)", min: 1, max: 100 }),
		Action: string({ pattern: "(lambda:[*]|lambda:[a-zA-Z]+|[*])" }),
		Principal: string({ pattern: "[^\\s]+" }),
		SourceArn: string({
			pattern: "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
		}),
		SourceAccount: string({ pattern: "\\d{12}", max: 12 }),
		EventSourceToken: unsupported(),
		Qualifier: query(QUALIFIER),
		RevisionId: unsupported(),
		PrincipalOrgID: unsupported(),
		FunctionUrlAuthType: unsupported(),
		InvokedViaFunctionUrl: unsupported(false),
	},
	["StatementId", "Action", "Principal"],
);

export const removePermissionInput = structure({
	FunctionName: uri(FUNCTION_NAME),
	StatementId: uri(string({ pattern: "([a-zA-Z0-9-_.]+)", min: 1, max: 100 })),
	Qualifier: query(QUALIFIER),
	RevisionId: query(unsupported()),
});

/** A function to look at. */
export const functionInput = structure({
	FunctionName: uri(NAMESPACED_FUNCTION_NAME),
	Qualifier: query(QUALIFIER),
});

/** A function to delete. */
export const deleteFunctionInput = structure({
	FunctionName: uri(FUNCTION_NAME),
	Qualifier: query(QUALIFIER),
});

export const createFunctionInput = structure(
	{
		FunctionName: FUNCTION_NAME,
		Runtime: RUNTIME,
		Role: string({ pattern: "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+" }),
		Handler: string({ pattern: "[^\\s]+", max: 128 }),
		Code: structure(CODE_SOURCES),
		Description: string({ min: 0, max: 256 }),
		Timeout: integer({ min: 1 }),
		MemorySize: integer({ min: 128, max: 10_240 }),
		Publish: unsupported(false),
		VpcConfig: unsupported(),
		PackageType: unsupported("Zip"),
		DeadLetterConfig: unsupported(),
		Environment: ENVIRONMENT,
		KMSKeyArn: unsupported(),
		TracingConfig: unsupported(),
		Tags: map(string(), string()),
		Layers: unsupported(),
		FileSystemConfigs: unsupported(),
		ImageConfig: unsupported(),
		CodeSigningConfigArn: unsupported(),
		Architectures: list(word(["x86_64", "arm64"]), { min: 1, max: 1 }),
		EphemeralStorage: unsupported(),
		SnapStart: unsupported(),
		LoggingConfig: unsupported(),
		CapacityProviderConfig: unsupported(),
		DurableConfig: unsupported(),
		PublishTo: unsupported(),
		TenancyConfig: unsupported(),
	},
	["FunctionName", "Role", "Code"],
);

export const updateFunctionCodeInput = structure({
	FunctionName: uri(FUNCTION_NAME),
	...CODE_SOURCES,
	Publish: unsupported(false),
	DryRun: boolean(),
	RevisionId: unsupported(),
	Architectures: list(word(["x86_64", "arm64"]), { min: 1, max: 1 }),
	PublishTo: unsupported(),
});

export const listFunctionsInput = structure({
	MasterRegion: query(unsupported("ALL")),
	FunctionVersion: query(word(["ALL"])),
	Marker: query(string()),
	MaxItems: query(integer({ min: 1, max: 10_000 })),
});

export const invokeInput = structure({
	FunctionName: uri(NAMESPACED_FUNCTION_NAME),
	InvocationType: header(word(["Event", "RequestResponse", "DryRun"]), "X-Amz-Invocation-Type"),
	LogType: header(word(["None", "Tail"]), "X-Amz-Log-Type"),
	ClientContext: header(unsupported(), "X-Amz-Client-Context"),
	DurableExecutionName: header(unsupported(), "X-Amz-Durable-Execution-Name"),
	TenantId: header(unsupported(), "X-Amz-Tenant-Id"),
	Payload: payload(blob()),
	Qualifier: query(QUALIFIER),
});
