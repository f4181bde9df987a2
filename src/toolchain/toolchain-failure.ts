/**
 * How a firmware command ends when it cannot do what it was asked.
 * @module
 */

/** 0 done, 1 failed, 2 wrong usage, 130 interrupted: as the `latchkey` command's. */
export const ExitCode = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

export interface ToolchainFailureDetails {
	/** Stable, kebab-case. */
	readonly code: string;
	readonly cause: string;
	/** What to do about it. */
	readonly remedy?: string | undefined;
	/** {@link ExitCode.failure} unless told otherwise. */
	readonly exitCode?: number | undefined;
}

export class ToolchainFailure extends Error {
	override name = "ToolchainFailure";
	readonly code: string;
	readonly remedy: string | undefined;
	readonly exitCode: number;

	constructor({ code, cause, remedy, exitCode = ExitCode.failure }: ToolchainFailureDetails) {
		super(cause);
		this.code = code;
		this.remedy = remedy;
		this.exitCode = exitCode;
	}
}

/** @param option with its dashes. */
export function wrongOption(option: string, expected: string, got: string): ToolchainFailure {
	return new ToolchainFailure({
		code: "wrong-option",
		cause: `${option}: expected ${expected}, got ${JSON.stringify(got)}`,
		exitCode: ExitCode.usage,
	});
}
