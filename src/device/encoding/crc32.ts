/**
 * CRC-32 as in zlib, PNG and Ethernet (RFC 1952 section 8): finds what a cut write or worn flash did to a record. It is no
 * protection against anybody who can write.
 * @module
 */

/**
 * The remainders of the sixteen half bytes by the reflected polynomial 0xedb88320. A table by whole bytes would be faster and
 * hold sixteen times as much. Signed as XS holds its integers: 0x80000000 and above would be computed as doubles, in software.
 */
const REMAINDERS: readonly number[] = /* @__PURE__ */ Object.freeze([
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, -0x12477ce0,
	-0x0ff06cbc, -0x29295c18, -0x349e4c74, -0x649b3d50, -0x792c2d2c, -0x5ff51d88, -0x42420de4,
]);

/** The checksum of `bytes`, 0..4294967295; 0 of none. */
export function crc32(bytes: Uint8Array): number {
	const table = REMAINDERS;
	const { length } = bytes;
	let remainder = -1;
	for (let at = 0; at < length; at++) {
		remainder ^= bytes[at]!;
		remainder = (remainder >>> 4) ^ table[remainder & 15]!;
		remainder = (remainder >>> 4) ^ table[remainder & 15]!;
	}
	return ~remainder >>> 0;
}
