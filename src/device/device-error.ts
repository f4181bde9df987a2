/**
 * The one error class of the device core: a code to decide by, and a text for people.
 *
 * Neither ever holds a token, a signature, a key or a password.
 * @module
 */

/** The part of the way from power-up to online that an error belongs to. */
export type DeviceStep = "credential" | "signing" | "connect-fields" | "link" | "outbox" | "update" | "application";

export interface DeviceErrorDetails {
	/** Stable, kebab-case. */
	readonly code: string;
	readonly step: DeviceStep;
	/** Which member of the input is meant, for instance `endpoint.port`. */
	readonly field?: string;
	/** What was expected and what was there. */
	readonly cause: string;
	/** What to do about it. */
	readonly remedy: string;
}

export class DeviceError extends Error {
	override name = "DeviceError";
	readonly code: string;
	readonly step: DeviceStep;
	readonly field: string | undefined;
	readonly remedy: string;

	constructor({ code, step, field, cause, remedy }: DeviceErrorDetails) {
		super(field === undefined ? cause : `${field}: ${cause}`);
		this.code = code;
		this.step = step;
		this.field = field;
		this.remedy = remedy;
	}
}
