/**
 * Functions as the Lambda API shows them.
 * @module
 */
import { pathToFileURL } from "node:url";
import type { FunctionConfiguration } from "../account/index.js";

/** AWS Lambda API, "FunctionConfiguration". What Latchkey does not keep (revisions, layers, networks) is left out. */
export function wireConfiguration(record: FunctionConfiguration): object {
	const { environment } = record;
	return {
		FunctionName: record.functionName,
		FunctionArn: record.functionArn,
		Runtime: record.runtime,
		Role: record.role,
		Handler: record.handler,
		CodeSize: record.codeSize ?? 0,
		Description: record.description ?? "",
		Timeout: record.timeout,
		MemorySize: record.memorySize,
		LastModified: lambdaDate(record.lastModified),
		CodeSha256: record.codeSha256,
		Version: "$LATEST",
		Environment: environment === undefined ? undefined : { Variables: environment },
		State: "Active",
		LastUpdateStatus: "Successful",
		PackageType: "Zip",
		Architectures: [process.arch === "arm64" ? "arm64" : "x86_64"],
	};
}

/** AWS Lambda API, "FunctionCodeLocation": where the code is on this machine, or the endpoint that has it. */
export function wireCode({ source }: FunctionConfiguration): object {
	if ("endpoint" in source) return { Location: source.endpoint };
	return { Location: pathToFileURL("module" in source ? source.module : source.directory).href };
}

/** `2026-01-02T03:04:05.000+0000`, as Lambda alone writes dates. */
function lambdaDate(time: number): string {
	return new Date(time).toISOString().replace("Z", "+0000");
}
