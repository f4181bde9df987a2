/**
 * What Node tells the device guest to do, as JSON; both sides import it.
 * @module
 */
import type { DeviceErrorDetails } from "../../src/device/device-error.js";
import type { OutgoingMessage } from "../../src/device/link/index.js";
import type { ProtocolVersion, Subscription } from "../../src/device/mqtt/index.js";

/** Argument of the command `start`. */
export interface StartArgument {
	/** DER in base64. */
	readonly certificate?: string | undefined;
	/**
	 * For TLS of the device's own, in an engine that has it: what a device without a `certificate` trusts, in the same form.
	 * Without this TLS is Node's.
	 */
	readonly ownTls?: { readonly roots: readonly string[] } | undefined;
	readonly version?: ProtocolVersion | undefined;
	readonly subscriptions?: readonly Subscription[] | undefined;
}

/** Argument of the command `publish`; the payload in base64. */
export type PublishArgument = Omit<OutgoingMessage, "payload"> & { readonly payload: string };

/** Result of the command `publish`: the packet id, or why there is none. */
export interface PublishResult {
	readonly packetId: number;
	readonly error?: DeviceErrorDetails;
}
