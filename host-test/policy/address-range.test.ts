import { BlockList } from "node:net";
import test from "ava";
import fc from "fast-check";
import { readAddressRange } from "../../src/policy/address-range.js";

const ranges: readonly (readonly [range: string, address: string, inside: boolean])[] = [
	["203.0.113.0/24", "203.0.113.255", true],
	["203.0.113.0/24", "203.0.114.0", false],
	["203.0.113.77/24", "203.0.113.1", true],
	["203.0.113.7", "203.0.113.7", true],
	["203.0.113.7", "203.0.113.8", false],
	["0.0.0.0/0", "255.255.255.255", true],
	["0.0.0.0/0", "::1", false],
	["2001:DB8:1234:5678::/64", "2001:db8:1234:5678:ffff::1", true],
	["2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false],
	["::1", "0:0:0:0:0:0:0:1", true],
	["::/0", "::", true],
	["10.0.0.0/8", "::ffff:10.1.2.3", true],
	["10.0.0.0/8", "::ffff:0a01:0203", true],
	["::ffff:10.0.0.0/104", "10.1.2.3", true],
	["::ffff:10.0.0.0/104", "11.1.2.3", false],
	["::/0", "10.1.2.3", false],
	["64:ff9b::10.0.0.0/104", "64:ff9b::a01:203", true],
	["10.0.0.0/8", "not an address", false],
	["fe80::/10", "fe80::1%eth0", false],
];

test("tells which addresses are in a range", (t) => {
	for (const [range, address, inside] of ranges)
		t.is(readAddressRange(range)?.(address), inside, `${range} ${address}`);
});

test("what is no address or range is refused", (t) => {
	for (const text of [
		"",
		"/8",
		"10.0.0.0/",
		"10.0.0.0/33",
		"::/129",
		"10.0.0.0/8/8",
		"10.0.0/8",
		"10.0.0.0/-1",
		"*",
		"fe80::1%lo/64",
	]) {
		t.is(readAddressRange(text), undefined, text);
	}
});

/** An address, its family, and one like it whose bits differ from some place on. */
function addresses(family: "ipv4" | "ipv6") {
	const [width, format] = family === "ipv4" ? [32, dotted] : [128, grouped];
	return fc
		.tuple(fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }), fc.nat(width - 1), fc.nat(width))
		.map(([bits, flipped, prefix]) => ({
			family,
			one: format(bits),
			other: format(bits ^ (1n << BigInt(flipped))),
			prefix,
		}));
}

const dotted = (bits: bigint) => [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join(".");
const grouped = (bits: bigint) => {
	const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((bits >> shift) & 65_535n).toString(16));
	return groups.join(":").replace(/(?:^|:)0(?::0)+(?::|$)/, "::");
};

test("agrees with Node's own ranges", (t) => {
	fc.assert(
		fc.property(fc.oneof(addresses("ipv4"), addresses("ipv6")), ({ family, one, other, prefix }) => {
			const range = new BlockList();
			range.addSubnet(one, prefix, family);
			for (const address of [one, other]) {
				t.is(
					readAddressRange(`${one}/${prefix}`)?.(address),
					range.check(address, family),
					`${one}/${prefix} ${address}`,
				);
			}
		}),
		{ numRuns: 3000 },
	);
});
