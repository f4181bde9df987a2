/**
 * Why there is no XS engine on this machine, and what to do about it.
 * @module
 */

export type XsUnavailableCode =
	| "no-compiler"
	| "no-emulator"
	| "cache-unwritable"
	| "fetch-failed"
	| "integrity"
	| "build-failed";

export class XsUnavailableError extends Error {
	override name = "XsUnavailableError";
	readonly code: XsUnavailableCode;
	/** What a person does to get the engine; one line. */
	readonly remedy: string;

	constructor(code: XsUnavailableCode, message: string, remedy: string) {
		super(message);
		this.code = code;
		this.remedy = remedy;
	}

	/** Whether something is missing on this machine, rather than wrong. */
	get isMissing(): boolean {
		return this.code === "no-compiler" || this.code === "no-emulator" || this.code === "fetch-failed";
	}
}
