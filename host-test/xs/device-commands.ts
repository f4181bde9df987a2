/**
 * What Node tells the device guest to do, as JSON; both sides import it.
 * @module
 */
import type { DeviceErrorDetails } from "../../src/device/device-error.js";
import type { ProtocolVersion } from "../../src/device/mqtt/index.js";
import type { Reset } from "../../src/device/ports.js";

/** Argument of the command `start`. */
export interface StartArgument {
	/** DER in base64. */
	readonly certificate?: string | undefined;
	/**
	 * For TLS of the device's own, in an engine that has it: what a device without a `certificate` trusts, in the same form.
	 * Without this TLS is Node's.
	 */
	readonly ownTls?: { readonly roots: readonly string[] } | undefined;
	/** Topic filters, for a device without an application of its own. */
	readonly subscriptions?: readonly string[] | undefined;
	/** Likewise. */
	readonly version?: ProtocolVersion | undefined;
	/** Which image runs, for a device that can be updated. */
	readonly firmware?: { readonly version: number; readonly isOnTrial: boolean } | undefined;
	readonly reset?: Reset | undefined;
}

/** Argument of the command `publish`; the payload in base64. */
export interface PublishArgument {
	readonly topic: string;
	readonly payload: string;
	readonly qos: 0 | 1;
	readonly retain?: boolean;
}

/** Result of the command `publish`: the outbox's id (0 at QoS 0), or why there is none. */
export interface PublishResult {
	readonly id: number;
	readonly error?: DeviceErrorDetails;
}
