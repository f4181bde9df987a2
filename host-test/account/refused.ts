/**
 * What a call of an account's API is refused with.
 * @module
 */
import type { ExecutionContext } from "ava";
import { ServiceError } from "../../src/account/index.js";

/** Type and message of the ServiceError that a call throws. */
export function refused(t: ExecutionContext, call: () => unknown): readonly [type: string, message: string] {
	const { type, message } = t.throws(call, { instanceOf: ServiceError });
	return [type, message];
}

/** A clock that a test sets, in milliseconds since the epoch. */
export class SetClock {
	time = 1000;
	readonly now = () => this.time;
}
