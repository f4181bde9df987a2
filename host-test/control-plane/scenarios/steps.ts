/**
 * Steps of scenarios in few words.
 * @module
 */
import type { ServiceName } from "../clients/client.js";
import type { Expected, ExpectedError, Step } from "../scenario.js";

/** A call that succeeds with this output and nothing else. @param call `CreateAuthorizer`, `lambda:Invoke`. */
export function succeeds(call: string, input: Step["input"] = {}, output: Expected = {}): Step {
	return { ...named(call), input, output };
}

/**
 * A call that fails with this error.
 * @param unsent what clients say that check such an input themselves.
 */
export function fails(call: string, input: Step["input"], error: ExpectedError, unsent?: string): Step {
	return { ...named(call), input, error, unsent };
}

function named(call: string): Pick<Step, "service" | "operation"> {
	const [service, operation] = call.includes(":") ? call.split(":") : ["iot", call];
	return { service: service as ServiceName, operation: operation ?? "" };
}

export function invalidRequest(message: string | RegExp): ExpectedError {
	return { type: "InvalidRequestException", message };
}

export function invalidResponse(message: string | RegExp): ExpectedError {
	return { type: "InvalidResponseException", message };
}

export function notFound(message: string): ExpectedError {
	return { type: "ResourceNotFoundException", message };
}

export function alreadyExists(message: string): ExpectedError {
	return { type: "ResourceAlreadyExistsException", message };
}

export function deleteConflict(message: string): ExpectedError {
	return { type: "DeleteConflictException", message };
}

export function limitExceeded(message: string): ExpectedError {
	return { type: "LimitExceededException", message };
}

/** AWS's words for members that break their constraints, each with one constraint; `Member must` unless it says more. */
export function broken(...members: readonly (readonly [member: string, constraint: string])[]): ExpectedError {
	return invalidRequest(constraintText(...members));
}

export function constraintText(...members: readonly (readonly [member: string, constraint: string])[]): string {
	const faults = members.map(([member, constraint]) => {
		const text = constraint.startsWith("Map ") ? constraint : `Member must ${constraint}`;
		return `Value at '${member}' failed to satisfy constraint: ${text}`;
	});
	return `${faults.length} validation error${faults.length === 1 ? "" : "s"} detected: ${faults.join("; ")}`;
}

export const PATTERN = "satisfy regular expression pattern:";

export function atMost(length: number): string {
	return `have length less than or equal to ${length}`;
}

export function atLeast(length: number): string {
	return `have length greater than or equal to ${length}`;
}
