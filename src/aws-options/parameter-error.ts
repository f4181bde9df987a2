/**
 * What is wrong with the options, in the AWS CLI's own words where it has some.
 * @module
 */

export type ParameterErrorCode =
	| "wrong-parameter"
	| "wrong-json"
	| "wrong-yaml"
	| "wrong-base64"
	| "file-unreadable"
	| "validation-failed";

/** Its message shows no value of a secret member, unlike the AWS CLI's. */
export class ParameterError extends Error {
	override readonly name = "ParameterError";
	readonly code: ParameterErrorCode;

	constructor(code: ParameterErrorCode, message: string) {
		super(message);
		this.code = code;
	}

	/** @param option with its hyphens, for instance `--mqtt-context`. */
	static of(option: string, problem: string, code: ParameterErrorCode = "wrong-parameter"): ParameterError {
		return new ParameterError(code, `Error parsing parameter '${option}': ${problem}`);
	}
}
