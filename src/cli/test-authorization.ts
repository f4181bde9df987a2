/**
 * `latchkey test-authorization`: AWS's simulation of stored policies with the AWS CLI's options, explained.
 * @module
 */
import type { ActionType } from "@aws-sdk/client-iot";
import type { Command } from "commander";
import { TEST_AUTHORIZATION } from "../aws-options/index.js";
import { type AwsResult, callAws } from "./aws/call.js";
import { chooseEndpoint, ENDPOINT_HELP, openService, type Service } from "./aws/endpoint.js";
import {
	type Authorization,
	type AuthorizationInput,
	explainAuthorization,
	isCustomPrincipal,
	type NamedDocument,
} from "./aws/explain-authorization.js";
import { type AwsVerbOptions, addOperationOptions, readRequest, wantsOneLine } from "./aws/options.js";
import { announce, printReport } from "./aws/report.js";
import { ExitCode } from "./failure.js";
import { addExamples } from "./output.js";

export function addTestAuthorizationVerb(program: Command): void {
	const verb = program
		.command("test-authorization")
		.description("AWS's test of what stored policies let a principal do, asked of Latchkey or of AWS, explained");
	addOperationOptions(verb, TEST_AUTHORIZATION);
	verb
		.action(async (options: AwsVerbOptions) => {
			process.exitCode = await testAuthorization(options);
		})
		.addHelpText("after", `\n${ENDPOINT_HELP}\n\nExit codes: 0 for an answer, whatever it decides, 1 for an error.`);
	addExamples(verb, [
		"latchkey test-authorization --principal arn:aws:iot:eu-west-1:123456789012:cert/ID --auth-infos actionType=CONNECT,resources=arn:aws:iot:eu-west-1:123456789012:client/dev1 --client-id dev1",
		"latchkey test-authorization --principal PRINCIPAL --auth-infos file://infos.json --policy-names-to-add Draft --explain",
	]);
}

async function testAuthorization(options: AwsVerbOptions): Promise<number> {
	const oneLine = wantsOneLine(options);
	const request = await readRequest(TEST_AUTHORIZATION, options);
	if ("print" in request) {
		process.stdout.write(request.print);
		return ExitCode.success;
	}
	const service = await openService(chooseEndpoint(options, process.env), options, process.env);
	announce(service, request.warnings);
	const input = request.input as unknown as AuthorizationInput;
	const result = await simulate(service, input);
	const looks = options.explain === true || oneLine;
	const findings = looks ? explainAuthorization({ input, result, policies: await policiesOf(service, input) }) : [];
	return printReport({ operation: TEST_AUTHORIZATION, service, result, findings }, options);
}

async function simulate(service: Service, input: AuthorizationInput): Promise<Authorization["result"]> {
	const { TestAuthorizationCommand } = await import("@aws-sdk/client-iot");
	const { policyNamesToAdd, policyNamesToSkip } = input;
	const command = new TestAuthorizationCommand({
		...input,
		// A word that AWS does not know is for AWS to refuse.
		authInfos: input.authInfos.map(({ actionType, resources }) => ({
			actionType: actionType as ActionType | undefined,
			resources: [...resources],
		})),
		policyNamesToAdd: policyNamesToAdd && [...policyNamesToAdd],
		policyNamesToSkip: policyNamesToSkip && [...policyNamesToSkip],
	});
	return callAws(service, () => service.client.send(command));
}

/** The documents by which the service judges: attached, returned by a custom authorizer or added, less those skipped. */
async function policiesOf(service: Service, input: AuthorizationInput): Promise<Authorization["policies"]> {
	const { principal, policyNamesToAdd = [] } = input;
	const returned = isCustomPrincipal(principal) ? await returnedFor(service, principal) : { answer: [] };
	if (returned.error !== undefined) return returned;
	const isStored = principal !== undefined && !isCustomPrincipal(principal);
	const attached = isStored ? await attachedTo(service, principal) : { answer: [] };
	if (attached.error !== undefined) return attached;
	const skipped = new Set(input.policyNamesToSkip);
	const names = new Set([...attached.answer, ...policyNamesToAdd].filter((name) => !skipped.has(name)));
	const { GetPolicyCommand } = await import("@aws-sdk/client-iot");
	const documents = [...returned.answer];
	for (const policyName of names) {
		const { answer, error } = await callAws(service, () => service.client.send(new GetPolicyCommand({ policyName })));
		if (error !== undefined) return { error };
		documents.push([policyName, answer.policyDocument ?? ""]);
	}
	return { answer: documents };
}

/** The policies that a custom authorizer returned last; AWS has no such principals. */
async function returnedFor(service: Service, principal: string): Promise<AwsResult<readonly NamedDocument[]>> {
	const { GetEffectivePoliciesCommand } = await import("@aws-sdk/client-iot");
	const command = new GetEffectivePoliciesCommand({ principal });
	const { answer, error } = await callAws(service, () => service.client.send(command));
	if (error !== undefined) return { error };
	const { effectivePolicies = [] } = answer;
	return { answer: effectivePolicies.map(({ policyName = "", policyDocument = "" }) => [policyName, policyDocument]) };
}

/** Most pages that are asked for; a principal has ten policies, and its groups some more. */
const MOST_PAGES = 20;

async function attachedTo(service: Service, target: string): Promise<AwsResult<readonly string[]>> {
	const { ListAttachedPoliciesCommand } = await import("@aws-sdk/client-iot");
	const names: string[] = [];
	let marker: string | undefined;
	for (let page = 0; page < MOST_PAGES; page++) {
		const command = new ListAttachedPoliciesCommand({ target, recursive: true, marker });
		const { answer, error } = await callAws(service, () => service.client.send(command));
		if (error !== undefined) return { error };
		names.push(...(answer.policies ?? []).flatMap(({ policyName }) => policyName ?? []));
		marker = answer.nextMarker;
		if (marker === undefined) break;
	}
	return { answer: names };
}
