/**
 * The Lambda operations on functions themselves.
 * @module
 */
import { type ExpectedError, Newer, type Scenario, type Step } from "../scenario.js";
import { ADMISSION, arn, SCRIPTED_ARN } from "../site.js";
import { ADMITTED } from "./invocations.js";
import { PERMISSION, statement } from "./lambda-permissions.js";
import {
	brokenFunction,
	CREATION,
	configured,
	conflict,
	ECHO,
	invalidParameter,
	invokes,
	MADE,
	MADE_ARN,
	MISSING,
	made,
	notThere,
} from "./made-functions.js";
import { packageOf } from "./packages.js";
import { atMost, fails, invalidResponse, succeeds } from "./steps.js";

/** Answers like an authorizer's function that lets this principal in. */
const admitting = (principalId: string) =>
	packageOf({
		"src/answer.mjs": `export const answer = ${JSON.stringify({ ...ADMISSION, principalId })};`,
		"src/index.mjs": 'import { answer } from "./answer.mjs"; export const handler = async () => answer;',
	});
const [FIRST, SECOND] = [admitting("First"), admitting("Second")];

function refusesCreation(more: object, error: ExpectedError, unsent?: string): Step {
	return fails("lambda:CreateFunction", { ...CREATION, ...more }, error, unsent);
}

const AUTHORIZER_ARN = arn("iot", "authorizer/Made");

export const lambdaScenarios: readonly Scenario[] = [
	{
		title: "a function is created from a package, permitted, named by an authorizer, tested and updated",
		steps: [
			succeeds(
				"lambda:CreateFunction",
				{ ...CREATION, Handler: "src/index.handler", Code: { ZipFile: FIRST } },
				made(FIRST, { Handler: "src/index.handler" }),
			),
			succeeds(
				"CreateAuthorizer",
				{ authorizerName: "Made", authorizerFunctionArn: MADE_ARN, signingDisabled: true },
				{ authorizerName: "Made", authorizerArn: AUTHORIZER_ARN },
			),
			fails(
				"TestInvokeAuthorizer",
				{ authorizerName: "Made", mqttContext: { clientId: "dev1" } },
				invalidResponse(/^Lambda function encountered error in execution: AWS IoT is not authorized to invoke /),
			),
			succeeds(
				"lambda:AddPermission",
				{ ...MADE, ...PERMISSION, StatementId: "iot", SourceArn: AUTHORIZER_ARN },
				{
					Statement: JSON.stringify({
						...statement("iot"),
						Resource: MADE_ARN,
						Condition: { ArnLike: { "AWS:SourceArn": AUTHORIZER_ARN } },
					}),
				},
			),
			succeeds(
				"TestInvokeAuthorizer",
				{ authorizerName: "Made", mqttContext: { clientId: "dev1" } },
				{ ...ADMITTED, principalId: "First" },
			),
			succeeds(
				"lambda:UpdateFunctionCode",
				{ ...MADE, ZipFile: SECOND },
				made(SECOND, { Handler: "src/index.handler" }),
			),
			succeeds(
				"TestInvokeAuthorizer",
				{ authorizerName: "Made", mqttContext: { clientId: "dev1" } },
				{ ...ADMITTED, principalId: "Second" },
			),
			succeeds("lambda:DeleteFunction", MADE, { StatusCode: new Newer(204) }),
			fails(
				"TestInvokeAuthorizer",
				{ authorizerName: "Made", mqttContext: { clientId: "dev1" } },
				invalidResponse(/^Lambda function encountered error in execution: Function not found: /),
			),
		],
	},
	{
		title: "a function is described with what it was created with",
		steps: [
			succeeds(
				"lambda:CreateFunction",
				{
					...CREATION,
					Description: "lets devices in",
					Timeout: 5,
					MemorySize: 256,
					Environment: { Variables: { NAME: "here" } },
					Tags: { team: "sensors" },
				},
				made(ECHO, {
					Description: "lets devices in",
					Timeout: 5,
					MemorySize: 256,
					Environment: { Variables: { NAME: "here" } },
				}),
			),
			succeeds("lambda:GetFunction", MADE, {
				Configuration: made(ECHO, {
					Description: "lets devices in",
					Timeout: 5,
					MemorySize: 256,
					Environment: { Variables: { NAME: "here" } },
				}),
				Code: { Location: /^file:\/\/\// },
				Tags: { team: "sensors" },
			}),
			succeeds(
				"lambda:GetFunctionConfiguration",
				{ FunctionName: MADE_ARN },
				made(ECHO, {
					Description: "lets devices in",
					Timeout: 5,
					MemorySize: 256,
					Environment: { Variables: { NAME: "here" } },
				}),
			),
		],
	},
	{
		title: "a function is named by name, partial ARN, ARN and $LATEST",
		steps: ["Scripted", "123456789012:function:Scripted", SCRIPTED_ARN, `${SCRIPTED_ARN}:$LATEST`, "Scripted:$LATEST"]
			.map((FunctionName) => succeeds("lambda:GetFunctionConfiguration", { FunctionName }, configured("Scripted")))
			.concat(
				succeeds(
					"lambda:GetFunctionConfiguration",
					{ FunctionName: "Scripted", Qualifier: "$LATEST" },
					configured("Scripted"),
				),
				fails("lambda:GetFunction", { FunctionName: "Scripted", Qualifier: "1" }, notThere("Scripted:1")),
				fails("lambda:GetFunctionConfiguration", { FunctionName: "Scripted:1" }, notThere("Scripted:1")),
			),
	},
	{
		title: "functions are listed by name in pages",
		steps: [
			succeeds(
				"lambda:ListFunctions",
				{},
				{ Functions: ["Example", "Forbidden", "Scripted"].map((name) => configured(name)) },
			),
			succeeds(
				"lambda:ListFunctions",
				{ MaxItems: 2, FunctionVersion: "ALL" },
				{
					Functions: ["Example", "Forbidden"].map((name) => configured(name)),
					NextMarker: (marker: unknown) => typeof marker === "string",
				},
			),
			succeeds("lambda:ListFunctions", (outputs) => ({ MaxItems: 2, Marker: outputs[1]?.["NextMarker"] }), {
				Functions: [configured("Scripted")],
			}),
			fails(
				"lambda:ListFunctions",
				{ Marker: "AAAA" },
				invalidParameter("Invalid/Malformed marker passed for listFunctions"),
			),
			fails(
				"lambda:ListFunctions",
				{ MaxItems: 10_001 },
				brokenFunction("maxItems", "have value less than or equal to 10000"),
			),
		],
	},
	{
		title: "a package must be a ZIP archive for a Node.js runtime, with a handler in it",
		steps: [
			refusesCreation(
				{ Code: { ZipFile: Buffer.from("no archive") } },
				invalidParameter("Could not unzip uploaded file. Please check your file, then try to upload again."),
			),
			refusesCreation(
				{ Code: { ZipFile: packageOf({ "../index.mjs": "" }) } },
				invalidParameter(
					"The deployment package holds a file whose path does not stay inside of it or cannot be written",
				),
			),
			refusesCreation(
				{ Runtime: "python3.9" },
				invalidParameter(
					"Value at 'runtime' is not supported by Latchkey, which runs Node.js: nodejs20.x and its like",
				),
			),
			refusesCreation(
				{ Runtime: undefined },
				invalidParameter(
					"Runtime and Handler are mandatory parameters for functions created with deployment packages.",
				),
			),
			refusesCreation(
				{ Handler: "../index.handler" },
				invalidParameter(
					"Value at 'handler' must name a file of the deployment package and its export, as index.handler",
				),
			),
			fails("lambda:GetFunction", MADE, notThere("Made")),
		],
	},
	{
		title: "a function's code comes in the request",
		steps: [
			fails(
				"lambda:UpdateFunctionCode",
				{ FunctionName: "Scripted" },
				invalidParameter("Please provide a source for function code."),
			),
			fails(
				"lambda:UpdateFunctionCode",
				{ FunctionName: "Scripted", S3Bucket: "bucket", S3Key: "code.zip" },
				{
					type: "ValidationException",
					message: "'s3Bucket' is not supported by Latchkey; 's3Key' is not supported by Latchkey",
				},
			),
			fails("lambda:UpdateFunctionCode", { FunctionName: "missing", ZipFile: ECHO }, MISSING),
		],
	},
	{
		title: "members of a function keep their constraints",
		steps: [
			refusesCreation(
				{ FunctionName: "a b" },
				{
					type: "ValidationException",
					message:
						/^1 validation error detected: Value at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: /,
				},
			),
			refusesCreation(
				{ Role: "role" },
				{ type: "ValidationException", message: /Value at 'role' failed to satisfy constraint/ },
			),
			refusesCreation({ Role: undefined }, brokenFunction("role", "not be null"), "Role"),
			refusesCreation({ Description: "d".repeat(257) }, brokenFunction("description", atMost(256))),
			refusesCreation({ MemorySize: 10_241 }, brokenFunction("memorySize", "have value less than or equal to 10240")),
			refusesCreation(
				{ Timeout: 901 },
				invalidParameter(
					"1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
				),
			),
			refusesCreation(
				{ Environment: { Variables: { NAME: "v".repeat(4096) } } },
				invalidParameter(
					"Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
				),
			),
		],
	},
	{
		title: "a function's name is taken once, and free again after its deletion",
		steps: [
			succeeds("lambda:CreateFunction", CREATION, made(ECHO)),
			refusesCreation({}, conflict("Function already exist: Made")),
			refusesCreation({ FunctionName: "Scripted" }, conflict("Function already exist: Scripted")),
			succeeds("lambda:DeleteFunction", { FunctionName: MADE_ARN }, { StatusCode: new Newer(204) }),
			fails("lambda:GetFunction", MADE, notThere("Made")),
			succeeds("lambda:CreateFunction", { ...CREATION, Code: { ZipFile: FIRST } }, made(FIRST)),
		],
	},
	{
		title: "an update that is tried out changes nothing",
		steps: [
			succeeds("lambda:CreateFunction", CREATION, made(ECHO)),
			succeeds("lambda:UpdateFunctionCode", { ...MADE, ZipFile: FIRST, DryRun: true }, made(FIRST)),
			succeeds("lambda:GetFunctionConfiguration", MADE, made(ECHO)),
			invokes({}, { event: {} }),
		],
	},
	{
		title: "a function that does not exist is not found by any operation",
		steps: [
			...["GetFunction", "GetFunctionConfiguration", "DeleteFunction", "GetPolicy", "Invoke"].map((operation) =>
				fails(`lambda:${operation}`, { FunctionName: "missing" }, MISSING),
			),
			fails("lambda:AddPermission", { FunctionName: "missing", StatementId: "s", ...PERMISSION }, MISSING),
			fails("lambda:RemovePermission", { FunctionName: "missing", StatementId: "s" }, MISSING),
		],
	},
	{
		title: "a reference and a qualifier that contradict each other are refused by every operation that takes both",
		steps: ["GetFunction", "GetFunctionConfiguration", "DeleteFunction", "GetPolicy", "Invoke"]
			.map((operation) => [operation, {}] as const)
			.concat([
				["AddPermission", { StatementId: "s", ...PERMISSION }],
				["RemovePermission", { StatementId: "s" }],
			])
			.map(([operation, more]) =>
				fails(
					`lambda:${operation}`,
					{ FunctionName: "Scripted:1", Qualifier: "2", ...more },
					invalidParameter("The derived qualifier from the function name does not match the specified qualifier."),
				),
			),
	},
];
