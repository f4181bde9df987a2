/**
 * What the Moddable SDK's typings (8.2.3) leave out; read by mcconfig's compiler and by ours.
 * @module
 */

/** Flash as a buffer: the SDK adds it to what a `Uint8Array` may lie on, without the members that the engine gives it. */
interface HostBuffer extends ArrayBuffer {
	readonly byteLength: number;
}

declare module "resetReason" {
	/** @returns ESP-IDF's number of why the chip was started, and its name. */
	export default function getResetReason(): { readonly reason: number; readonly string: string };
}
