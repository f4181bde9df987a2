/**
 * How a verb ends when it cannot do what it was asked: one class, one way to print it, the documented exit codes.
 * @module
 */

/** Exit codes of design section 5; a refused connection exits with the MQTT reason code instead. */
export const ExitCode = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

export interface CommandFailureDetails {
	/** Stable, kebab-case. */
	readonly code: string;
	readonly cause: string;
	readonly remedy?: string;
	/** {@link ExitCode.failure} unless told otherwise. */
	readonly exitCode?: number;
}

export class CommandFailure extends Error {
	override name = "CommandFailure";
	readonly code: string;
	readonly remedy: string | undefined;
	readonly exitCode: number;

	constructor({ code, cause, remedy, exitCode = ExitCode.failure }: CommandFailureDetails) {
		super(cause);
		this.code = code;
		this.remedy = remedy;
		this.exitCode = exitCode;
	}
}

/** Any error with a stable `code`, as every room's errors have; others are defects and keep their stack. */
export function asCommandFailure(error: unknown): CommandFailure | undefined {
	if (error instanceof CommandFailure) return error;
	if (!(error instanceof Error)) return undefined;
	const { code, remedy } = error as Error & { code?: unknown; remedy?: unknown };
	if (typeof code !== "string") return undefined;
	return new CommandFailure({
		code,
		cause: error.message,
		...(typeof remedy === "string" ? { remedy } : {}),
	});
}
