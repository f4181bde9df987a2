/**
 * What the operations of AWS IoT Core work on.
 * @module
 */
import type { Account } from "../../account/index.js";
import type { AuthenticationStep } from "../../authorizer/index.js";

export interface IotContext {
	readonly account: Account;
	/** What DescribeEndpoint answers: the gateway's host name, with its port where that is not 443. */
	readonly endpointAddress: string;
	/** Told of each step of TestInvokeAuthorizer, with its duration. */
	readonly observe?: ((step: AuthenticationStep) => void) | undefined;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
}

/** A moment as the JSON protocol of AWS IoT carries it: seconds since the epoch, with a fraction. */
export function epochSeconds(milliseconds: number): number {
	return milliseconds / 1000;
}
