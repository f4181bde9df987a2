/**
 * Unsigned integers of any length as bytes, in steps of 64 bits: `BigInt("0x...")` and `toString(16)` cost XS tens of times more.
 * @module
 */

/** Big-endian as in DER and RSA, little-endian as in Ed25519. */
export type ByteOrder = "big" | "little";

/** The unsigned integer of `bytes`; 0 for none. */
export function bytesToUnsigned(bytes: Uint8Array, order: ByteOrder): bigint {
	const { length } = bytes;
	const view = new DataView(bytes.buffer, bytes.byteOffset, length);
	const little = order === "little";
	const odd = length % 8;
	let value = 0n;
	for (let i = 0; i < odd; i++) value = (value << 8n) | BigInt(bytes[little ? length - 1 - i : i]!);
	for (let at = odd; at < length; at += 8)
		value = (value << 64n) | view.getBigUint64(little ? length - at - 8 : at, little);
	return value;
}

/** The lowest `length` bytes of `value`, which is 0 or more. */
export function unsignedToBytes(value: bigint, length: number, order: ByteOrder): Uint8Array {
	const bytes = new Uint8Array(length);
	const view = new DataView(bytes.buffer);
	const little = order === "little";
	const whole = length - (length % 8);
	for (let done = 0; done < whole; done += 8)
		view.setBigUint64(little ? done : length - done - 8, value >> BigInt(8 * done), little);
	for (let done = whole; done < length; done++)
		bytes[little ? done : length - 1 - done] = Number((value >> BigInt(8 * done)) & 0xffn);
	return bytes;
}
