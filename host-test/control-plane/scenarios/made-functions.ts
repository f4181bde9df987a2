/**
 * A function that is made by CreateFunction, what it is described with, and how Lambda refuses.
 * @module
 */
import type { ExpectedError, Step } from "../scenario.js";
import { arn } from "../site.js";
import { codeFacts, packageOf } from "./packages.js";
import { constraintText, notFound, succeeds } from "./steps.js";

const ROLE = "arn:aws:iam::123456789012:role/service-role/authorizer";
export const MADE_ARN = arn("lambda", "function:Made");
export const MADE = { FunctionName: "Made" };

/** Answers with its event and a variable of its environment. */
export const ECHO = packageOf({
	"index.mjs": "export const handler = async (event) => ({ event, name: process.env.NAME });",
});

export const CREATION = {
	...MADE,
	Role: ROLE,
	Runtime: "nodejs20.x",
	Handler: "index.handler",
	Code: { ZipFile: ECHO },
};

const LAMBDA_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/;

/** What every function is described with. */
export function configured(name: string, more: object = {}) {
	return {
		FunctionName: name,
		FunctionArn: arn("lambda", `function:${name}`),
		CodeSize: 0,
		Description: "",
		Timeout: 3,
		MemorySize: 128,
		LastModified: LAMBDA_DATE,
		Version: "$LATEST",
		State: "Active",
		LastUpdateStatus: "Successful",
		PackageType: "Zip",
		Architectures: [process.arch === "arm64" ? "arm64" : "x86_64"],
		...more,
	};
}

export function made(zip: Uint8Array, more: object = {}) {
	return configured("Made", {
		...codeFacts(zip),
		Role: ROLE,
		Runtime: "nodejs20.x",
		Handler: "index.handler",
		...more,
	});
}

export const json = (value: unknown) => Buffer.from(JSON.stringify(value));
export const base64 = (value: unknown) => json(value).toString("base64");

export function invokes(input: object, answer: unknown): Step {
	const output = { StatusCode: 200, ExecutedVersion: "$LATEST", Payload: base64(answer) };
	return succeeds("lambda:Invoke", { ...MADE, ...input }, output);
}

export function lambdaError(name: string) {
	return (message: string): ExpectedError => ({ type: `${name}Exception`, message });
}

export const invalidParameter = lambdaError("InvalidParameterValue");
export const conflict = lambdaError("ResourceConflict");

export function brokenFunction(member: string, constraint: string): ExpectedError {
	return { type: "ValidationException", message: constraintText([member, constraint]) };
}

export const notThere = (name: string) => notFound(`Function not found: ${arn("lambda", `function:${name}`)}`);
export const MISSING = notThere("missing");
