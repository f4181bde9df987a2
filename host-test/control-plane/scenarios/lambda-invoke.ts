/**
 * The Lambda operation Invoke.
 * @module
 */
import type { Scenario } from "../scenario.js";
import { ADMISSION, tokenFor } from "../site.js";
import { ADMITTED, tokenInput } from "./invocations.js";
import { base64, brokenFunction, CREATION, ECHO, invokes, json, lambdaError, MADE, made } from "./made-functions.js";
import { packageOf } from "./packages.js";
import { fails, succeeds } from "./steps.js";

export const lambdaInvokeScenarios: readonly Scenario[] = [
	{
		title: "a function is invoked with a payload, without one, and not at all",
		steps: [
			succeeds(
				"lambda:CreateFunction",
				{ ...CREATION, Environment: { Variables: { NAME: "here" } } },
				made(ECHO, { Environment: { Variables: { NAME: "here" } } }),
			),
			invokes({ Payload: json({ a: ["é", 1, null] }) }, { event: { a: ["é", 1, null] }, name: "here" }),
			invokes({}, { event: {}, name: "here" }),
			invokes({ InvocationType: "RequestResponse", Payload: json("text") }, { event: "text", name: "here" }),
			succeeds("lambda:Invoke", { ...MADE, InvocationType: "DryRun" }, { StatusCode: 204, ExecutedVersion: "$LATEST" }),
			succeeds("lambda:Invoke", { ...MADE, InvocationType: "Event", Payload: json({}) }, { StatusCode: 202 }),
			// Answered after the event's call, so that this one does not end with the site.
			invokes({}, { event: {}, name: "here" }),
		],
	},
	{
		title: "what a function throws is told with the payload and FunctionError",
		steps: [
			succeeds(
				"lambda:Invoke",
				{ FunctionName: "Scripted", Payload: json({ token: '{"throw":"no such device"}' }) },
				{
					StatusCode: 200,
					ExecutedVersion: "$LATEST",
					FunctionError: "Unhandled",
					Payload: base64({ errorType: "RangeError", errorMessage: "no such device", trace: [] }),
				},
			),
			succeeds(
				"lambda:CreateFunction",
				{ ...CREATION, Code: { ZipFile: packageOf({ "index.mjs": "export const handler = 1;" }) } },
				made(packageOf({ "index.mjs": "export const handler = 1;" })),
			),
			succeeds("lambda:Invoke", MADE, {
				StatusCode: 200,
				ExecutedVersion: "$LATEST",
				FunctionError: "Unhandled",
				Payload: (text: unknown) =>
					Buffer.from(String(text), "base64").includes('"errorMessage":"the module exports no function as handler"'),
			}),
		],
	},
	{
		title: "a payload must be JSON, and that of an event not over 1 MB",
		steps: [
			fails(
				"lambda:Invoke",
				{ FunctionName: "Scripted", Payload: Buffer.from("no JSON") },
				lambdaError("InvalidRequestContent")("Could not parse request body into json"),
			),
			fails(
				"lambda:Invoke",
				{ FunctionName: "Scripted", InvocationType: "Event", Payload: Buffer.alloc(1_048_577, "1") },
				lambdaError("RequestTooLarge")(
					"1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
				),
			),
			fails(
				"lambda:Invoke",
				{ FunctionName: "Scripted", InvocationType: "Now" },
				brokenFunction("invocationType", "satisfy enum value set: [Event, RequestResponse, DryRun]"),
			),
		],
	},
	{
		title: "a function that an authorizer uses answers Invoke as well",
		steps: [
			succeeds("TestInvokeAuthorizer", tokenInput("Signed", tokenFor(ADMISSION)), ADMITTED),
			succeeds(
				"lambda:Invoke",
				{ FunctionName: "Scripted", Payload: json({ token: tokenFor(ADMISSION) }) },
				{ StatusCode: 200, ExecutedVersion: "$LATEST", Payload: base64(ADMISSION) },
			),
		],
	},
];
