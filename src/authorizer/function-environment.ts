/**
 * What the process of a local function finds in its environment: what AWS Lambda puts there (AWS Lambda Developer Guide,
 * "Defined runtime environment variables"), what its owner configured, and of Latchkey's own environment only what a
 * program needs to run. Keys and tokens stay behind.
 * @module
 */
import type { RuntimeStart } from "./function-messages.js";

/** Names without which programs do not start, or do not find their files. The second line is Windows's. */
const INHERITED = [
	...["PATH", "HOME", "USER", "TMPDIR", "LANG", "LD_LIBRARY_PATH"],
	...["SystemRoot", "SystemDrive", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA"],
];

/**
 * @param configured the function's own variables; those that AWS Lambda reserves win over them.
 * @param outer the environment of this process.
 */
export function functionEnvironment(
	{ functionName, functionArn, logStreamName, memory, taskRoot, handler }: RuntimeStart,
	configured: Readonly<Record<string, string>>,
	outer: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
	const region = functionArn.split(":")[3] ?? "";
	return {
		...Object.fromEntries(INHERITED.flatMap((name) => (outer[name] === undefined ? [] : [[name, outer[name]]]))),
		TZ: ":UTC",
		...configured,
		AWS_REGION: region,
		AWS_DEFAULT_REGION: region,
		AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split(".")[0]}.x`,
		AWS_LAMBDA_FUNCTION_NAME: functionName,
		AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
		AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
		AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
		AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
		AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
		LAMBDA_TASK_ROOT: taskRoot,
		_HANDLER: handler,
	};
}
