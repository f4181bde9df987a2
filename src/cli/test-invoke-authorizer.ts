/**
 * `latchkey test-invoke-authorizer`: AWS's test call with the AWS CLI's options, explained, and compared with the wire.
 * @module
 */
import type { Command } from "commander";
import type { Authorizer } from "../authorizer/index.js";
import { TEST_INVOKE_AUTHORIZER } from "../aws-options/index.js";
import { type AwsResult, callAws } from "./aws/call.js";
import { chooseEndpoint, ENDPOINT_HELP, openService, type Service } from "./aws/endpoint.js";
import { explainInvocation } from "./aws/explain-invocation.js";
import { leavesAuthorizerOut } from "./aws/explain-username.js";
import { bad, type Finding } from "./aws/finding.js";
import {
	type DefaultAuthorizer,
	describedAuthorizer,
	type Invocation,
	type InvocationInput,
} from "./aws/invocation.js";
import { type AwsVerbOptions, addOperationOptions, readRequest, wantsOneLine } from "./aws/options.js";
import { announce, printReport } from "./aws/report.js";
import { parseAddress, requireSendable } from "./aws/wire-fields.js";
import { compareWire, type WireOptions } from "./aws/wire-test.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { addExamples } from "./output.js";

interface TestInvokeOptions extends AwsVerbOptions, WireOptions {
	readonly clientId?: string;
}

export function addTestInvokeAuthorizerVerb(program: Command): void {
	const verb = program
		.command("test-invoke-authorizer")
		.description(
			"AWS's test of an authorizer, asked of Latchkey or of AWS: explained, and compared with a real CONNECT",
		);
	addOperationOptions(verb, TEST_INVOKE_AUTHORIZER);
	verb
		.option("--client-id <id>", "client id for --explain and --wire where no MQTT context names one")
		.option(
			"--wire [address]",
			"send the credential as a real CONNECT, too, to HOST:PORT (default: DescribeEndpoint's)",
		)
		.option(
			"--ca <file>",
			"root the gateway must chain to, PEM (default: Latchkey's own; for AWS the well-known roots)",
		)
		.action(async (options: TestInvokeOptions) => {
			process.exitCode = await testInvoke(options);
		})
		.addHelpText(
			"after",
			`
${ENDPOINT_HELP}

--wire disconnects a device that is connected with the same client id. With it the exit code is 0 where test call and
gateway agree, whether both admit or both refuse, and 1 where they do not or where one of them did not judge the
credential (the caller's own credentials, throttling, the network). Without it: 0 for an answer, 1 for an error.
A token need not stand on the command line: --token file://token.txt, or file:///dev/stdin.`,
		);
	addExamples(verb, [
		"latchkey test-invoke-authorizer --authorizer-name A --token file://token.txt --token-signature file://signature.txt --explain",
		"latchkey test-invoke-authorizer --authorizer-name A --mqtt-context 'username=u?token=abc,password=dGVzdA==,clientId=dev1' --wire",
		"latchkey test-invoke-authorizer --generate-cli-skeleton > input.json",
		"latchkey test-invoke-authorizer --cli-input-json file://input.json --endpoint-url aws --profile dev --region eu-west-1",
	]);
}

async function testInvoke(options: TestInvokeOptions): Promise<number> {
	const oneLine = wantsOneLine(options);
	const request = await readRequest(TEST_INVOKE_AUTHORIZER, options);
	if ("print" in request) {
		process.stdout.write(request.print);
		return ExitCode.success;
	}
	const input = request.input as unknown as InvocationInput;
	const clientId = input.mqttContext?.clientId ?? options.clientId;
	if (options.wire !== undefined) requireSendable(input, clientId);
	if (typeof options.wire === "string") parseAddress(options.wire, false);
	const service = await openService(chooseEndpoint(options, process.env), options, process.env);
	announce(service, request.warnings);
	const result = await invoke(service, input);
	const report = { operation: TEST_INVOKE_AUTHORIZER, service, result };
	if (options.explain !== true && options.wire === undefined && !oneLine)
		return printReport({ ...report, findings: [] }, options);
	const authorizer = await describe(service, input.authorizerName);
	const defaultAuthorizer = leavesAuthorizerOut(input) ? await describeDefault(service) : undefined;
	const invocation = { input, result, authorizer, defaultAuthorizer, clientId };
	const explained = explainInvocation(invocation);
	if (options.wire === undefined) return printReport({ ...report, findings: explained }, options);
	const { agree, findings, wire } = await testWire(service, invocation, explained, options);
	const told = options.explain === true || oneLine ? [...explained, ...findings] : findings;
	printReport({ ...report, findings: told, wire }, options);
	return agree ? ExitCode.success : ExitCode.failure;
}

interface WireReport {
	readonly agree: boolean;
	readonly findings: readonly Finding[];
	/** For the JSON line. */
	readonly wire: object;
}

/** What keeps the credential from the wire is one more finding: the test call's answer is known by now and is to be told. */
async function testWire(
	service: Service,
	invocation: Invocation,
	explained: readonly Finding[],
	options: TestInvokeOptions,
): Promise<WireReport> {
	try {
		const { verdict, agree, address, result, findings } = await compareWire(service, invocation, explained, options);
		return { agree, findings, wire: { verdict, agree, ...address, ...result } };
	} catch (error) {
		if (!(error instanceof CommandFailure)) throw error;
		const findings = [bad(error.code, error.message, error.remedy)];
		return { agree: false, findings, wire: { verdict: "undecided", agree: false, cause: error.message } };
	}
}

async function invoke(service: Service, input: InvocationInput): Promise<Invocation["result"]> {
	const { TestInvokeAuthorizerCommand } = await import("@aws-sdk/client-iot");
	const { headers, ...rest } = input.httpContext ?? {};
	const httpContext = input.httpContext && { ...rest, ...(headers === undefined ? {} : { headers: { ...headers } }) };
	const command = new TestInvokeAuthorizerCommand({ ...input, httpContext });
	return callAws(service, () => service.client.send(command));
}

async function describe(service: Service, authorizerName: string): Promise<AwsResult<Authorizer>> {
	const { DescribeAuthorizerCommand } = await import("@aws-sdk/client-iot");
	const { answer, error } = await callAws(service, () =>
		service.client.send(new DescribeAuthorizerCommand({ authorizerName })),
	);
	return error === undefined ? { answer: describedAuthorizer(answer.authorizerDescription ?? {}) } : { error };
}

async function describeDefault(service: Service): Promise<DefaultAuthorizer> {
	const { DescribeDefaultAuthorizerCommand } = await import("@aws-sdk/client-iot");
	const { answer, error } = await callAws(service, () => service.client.send(new DescribeDefaultAuthorizerCommand({})));
	return error === undefined ? { answer: describedAuthorizer(answer.authorizerDescription ?? {}) } : { error };
}
