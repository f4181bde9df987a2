/**
 * Exceptions of callbacks that the platform calls: one that leaves a callback restarts the chip and tells nobody why.
 * @module
 */
import type { OnFault } from "../device/agent/index.js";

export type { OnFault };

/** `callback` for the platform to call: what it throws goes to `onFault`, with the callback's name. */
export function guarded<Arguments extends unknown[]>(
	where: string,
	onFault: OnFault,
	callback: (...values: Arguments) => void,
): (...values: Arguments) => void {
	return (...values) => {
		try {
			callback(...values);
		} catch (error) {
			onFault(where, error);
		}
	};
}

/** Kind and message of what was thrown, for a log: never its stack, which may show values. */
export function faultText(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
}
