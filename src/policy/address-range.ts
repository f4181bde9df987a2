/**
 * Ranges of IP addresses in CIDR notation (RFC 4632, RFC 4291), for the operators IpAddress and NotIpAddress.
 * @module
 */
import { isIP } from "node:net";

/** Whether an address is in the range; what is no address is in none. */
export type AddressRange = (address: string) => boolean;

/** 16 bits each: two for IPv4, eight for IPv6. */
type Groups = readonly number[];

/** Groups of an IPv6 address before the IPv4 address that it may hold. */
const MAPPING = 6;

/**
 * Reads a range, IPv4 or IPv6. An address without a prefix length is a range of one; bits behind the prefix do not
 * matter. An IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`, which sockets for both report) counts as IPv4.
 * @returns undefined for what is no range.
 */
export function readAddressRange(text: string): AddressRange | undefined {
	const [address = "", length, ...rest] = text.split("/");
	const written = groupsOf(address);
	if (written === undefined || rest.length > 0) return undefined;
	const longest = written.length * 16;
	const prefix = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
	if (!(prefix <= longest)) return undefined;
	const isMapped = isMapping(written) && prefix >= MAPPING * 16;
	const start = isMapped ? written.slice(MAPPING) : written;
	const bits = isMapped ? prefix - MAPPING * 16 : prefix;
	return (candidate) => {
		const groups = groupsOf(candidate);
		return groups !== undefined && sharePrefix(start, isMapping(groups) ? groups.slice(MAPPING) : groups, bits);
	};
}

function sharePrefix(one: Groups, other: Groups, bits: number): boolean {
	if (one.length !== other.length) return false;
	for (let index = 0, left = bits; left > 0; index++, left -= 16) {
		const difference = (one[index] ?? 0) ^ (other[index] ?? 0);
		if (difference >> Math.max(16 - left, 0) !== 0) return false;
	}
	return true;
}

function isMapping(groups: Groups): boolean {
	return groups.length === 8 && groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function groupsOf(address: string): Groups | undefined {
	switch (isIP(address)) {
		case 4:
			return groupsOfIPv4(address);
		case 6:
			// A zone (`fe80::1%eth0`) names no address that another machine would know.
			return address.includes("%") ? undefined : groupsOfIPv6(address);
		default:
			return undefined;
	}
}

function groupsOfIPv4(address: string): Groups {
	const [first = 0, second = 0, third = 0, fourth = 0] = address.split(".").map(Number);
	return [first * 256 + second, third * 256 + fourth];
}

/** @param address valid; `::` stands for the groups that are missing. */
function groupsOfIPv6(address: string): Groups {
	const [head = "", tail] = address.split("::");
	const before = groupsOfPart(head);
	if (tail === undefined) return before;
	const after = groupsOfPart(tail);
	return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Hexadecimal groups, the last two perhaps written as IPv4. */
function groupsOfPart(part: string): Groups {
	if (part === "") return [];
	return part.split(":").flatMap((group) => (group.includes(".") ? groupsOfIPv4(group) : [Number.parseInt(group, 16)]));
}
