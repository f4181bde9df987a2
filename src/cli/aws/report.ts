/**
 * What an AWS verb prints: AWS's answer or error as the AWS CLI does, findings on stderr, or one JSON line of everything.
 * @module
 */
import type { Operation } from "../../aws-options/index.js";
import { ExitCode } from "../failure.js";
import { paintFor } from "../output.js";
import { type AwsResult, describeAwsError } from "./call.js";
import type { Service } from "./endpoint.js";
import { type Finding, renderFindings } from "./finding.js";
import { type AwsVerbOptions, printedAnswer, wantsOneLine } from "./options.js";
import { shapedAnswer } from "./output.js";

/** Said before anything is asked: whom, and what in the options is rarely meant. */
export function announce({ title }: Service, warnings: readonly string[]): void {
	const { dim } = paintFor(process.stderr);
	process.stderr.write(`${dim(`latchkey: asking ${title}`)}\n`);
	for (const warning of warnings) process.stderr.write(`latchkey: ${warning}\n`);
}

export interface Report {
	readonly operation: Operation;
	readonly service: Service;
	readonly result: AwsResult<object>;
	/** Of `--explain` and `--wire`; empty without them. */
	readonly findings: readonly Finding[];
	/** Of `--wire`. */
	readonly wire?: object | undefined;
}

/** @returns the exit code of the call alone: 0 for an answer, 1 for an error of AWS's. */
export function printReport(report: Report, options: AwsVerbOptions): number {
	const { operation, result, findings } = report;
	if (wantsOneLine(options)) console.log(JSON.stringify(jsonOf(report)));
	else if (result.answer !== undefined) process.stdout.write(printedAnswer(operation, result.answer, options));
	else process.stderr.write(`\n${describeAwsError(result.error, operation.name)}\n`);
	if (findings.length > 0 && !wantsOneLine(options))
		process.stderr.write(`\n${renderFindings(findings, paintFor(process.stderr))}`);
	return result.error === undefined ? ExitCode.success : ExitCode.failure;
}

function jsonOf({ operation, service, result, findings, wire }: Report): object {
	return {
		event: "tested",
		operation: operation.name,
		endpoint: service.url,
		answer: result.answer === undefined ? null : shapedAnswer(operation, result.answer),
		error: result.error === undefined ? null : { name: result.error.name, message: result.error.message ?? null },
		findings,
		wire: wire ?? null,
	};
}
