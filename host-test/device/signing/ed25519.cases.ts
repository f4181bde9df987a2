/**
 * Ed25519 of RFC 8032, with the digests played back: portable cases have no SHA-512 of their own.
 * @module
 */
import type { Digest } from "../../../src/device/ports.js";
import { ed25519KeyPair, signEd25519, storedEd25519KeyPair } from "../../../src/device/signing/ed25519.js";
import { type Cases, fromHex, toHex } from "../case.js";

interface Vector {
	readonly name: string;
	readonly seed: string;
	readonly publicKey: string;
	readonly message: string;
	readonly signature: string;
}

/** RFC 8032 section 7.1, but for the one of 1,023 bytes. */
export const RFC_VECTORS: readonly Vector[] = [
	{
		name: "TEST 1",
		seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		message: "",
		signature:
			"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
	},
	{
		name: "TEST 2",
		seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		message: "72",
		signature:
			"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
	},
	{
		name: "TEST 3",
		seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
		message: "af82",
		signature:
			"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
	},
	{
		name: "TEST SHA(abc)",
		seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
		publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		message:
			"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		signature:
			"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
	},
];

/** SHA-512 by input, both in hex: seed, prefix and message, R and public key and message of each vector. */
export const DIGESTS: Readonly<Record<string, string>> = {
	"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60":
		"357c83864f2833cb427a2ef1c00a013cfdff2768d980c0a3a520f006904de90f9b4f0afe280b746a778684e75442502057b7473a03f08f96f5a38e9287e01f8f",
	"9b4f0afe280b746a778684e75442502057b7473a03f08f96f5a38e9287e01f8f":
		"b6b19cd8e0426f5983fa112d89a143aa97dab8bc5deb8d5b6253c928b65272f4044098c2a990039cde5b6a4818df0bfb6e40dc5dee54248032962323e701352d",
	e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a:
		"2771062b6b536fe7ffbdda0320c3827b035df10d284df3f08222f04dbca7a4c20ef15bdc988a22c7207411377c33f2ac09b1e86a046234283768ee7ba03c0e9f",
	"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb":
		"6ebd9ed75882d52815a97585caf4790a7f6c6b3b7f821c5e259a24b02e502e114566848291dacaf225cc63deb348da318e2c2e17b00b8160f9ce6bfa0472911d",
	"4566848291dacaf225cc63deb348da318e2c2e17b00b8160f9ce6bfa0472911d72":
		"d3ed2599eb78018fb16df36634c8cc5c5925536d258f8d676a750a5f62bf0ce396d4e16dc701d63e8b001bcb902f27b75bca8583c34deaf31a373cdf12d0714f",
	"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c72":
		"a271df0d2b0d03bd17b4ed9a4b6afddf2e73287fd630f1a137d87ce873a591cc31b6dd852a98b5dd1226fe993d8228278ceba21f80b8fc95986a70d71edf3faf",
	c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7:
		"909a8b755ed902849023a55b15c23d11ba4d7f4ec5c2f51b1325a181991ea99c6608c8666b9cde2325f539d7d83386fe8187c6be61d8a70c247190d64edf5f1e",
	"6608c8666b9cde2325f539d7d83386fe8187c6be61d8a70c247190d64edf5f1eaf82":
		"1a50bed315e61db803801f0538c952d222c279aebb1ada611ff09660781def6373ac7025635d44ad7135f39fd5b8bc3538373789af87c8cb02e3c7400e2393a4",
	"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3acfc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025af82":
		"09bfb4ff1993f38f2ef65699934a8b64c0325867f858059b95bca199f78dc09e544857aeb4abddc6e35660da2867ab5963135ffef60d242dbfce0a85fbc362bf",
	"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42":
		"30ddce4f59e04bec0b5713f19b07a09272d8dbd65da8a5f41a8f52c77241b685dd3ac9797b7d72ba33a7e9ae041678f60bd85c0326a2f4ae8a7611b3620b54a7",
	dd3ac9797b7d72ba33a7e9ae041678f60bd85c0326a2f4ae8a7611b3620b54a7ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f:
		"dda730dd40059772af1db1610c812e744f2e99f01565aad3367a5905a2a518dcd10fd9d7ce16b541ec7433fe19be4d5353e256d918119a850c4852b40e0ee2bf",
	dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bfddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f:
		"5ea8a61daa7bb05bc0c58f108ad46822e2ee812b418666d4b53e8160c268422edfcf89131f99e5a11f6df1c58753050b56122c166df6708fa961d63341e7aae5",
};

/** Fails on any input but those, so that the inputs are checked too. */
const digest: Digest = {
	sha256() {
		throw new Error("Ed25519 does not use SHA-256");
	},
	sha512(data) {
		const known = DIGESTS[toHex(data)];
		if (known === undefined) throw new Error(`unexpected input of SHA-512: ${toHex(data)}`);
		return fromHex(known);
	},
};

export const cases: Cases = {
	"the public key of a seed is RFC 8032's": (check) => {
		for (const { name, seed, publicKey } of RFC_VECTORS)
			check.hex(ed25519KeyPair(fromHex(seed), digest).publicKey, publicKey, name);
	},
	"a message is signed as RFC 8032 signs it, from a stored key pair": (check) => {
		for (const { name, seed, publicKey, message, signature } of RFC_VECTORS) {
			const key = storedEd25519KeyPair(fromHex(seed + publicKey), digest);
			check.hex(signEd25519(fromHex(message), key, digest), signature, name);
		}
	},
	"a part of a larger buffer is signed as that part": (check) => {
		const { seed, publicKey, message, signature } = RFC_VECTORS[2]!;
		const stored = fromHex(`ff${seed}${publicKey}ff`).subarray(1, 65);
		const key = storedEd25519KeyPair(stored, digest);
		check.hex(signEd25519(fromHex(`00${message}00`).subarray(1, 3), key, digest), signature);
	},
	"a seed or a key pair of another length is refused": (check) => {
		for (const length of [0, 1, 31, 33, 63, 64, 65])
			if (length !== 32)
				check.throws(() => ed25519KeyPair(new Uint8Array(length), digest), REFUSED_LENGTH, `seed of ${length}`);
		for (const length of [0, 32, 63, 65, 128])
			check.throws(() => storedEd25519KeyPair(new Uint8Array(length), digest), REFUSED_LENGTH, `pair of ${length}`);
	},
	"a stored public key that is no reduced number is refused": (check) => {
		const seed = RFC_VECTORS[0]!.seed;
		// y = p, p + 1, 2^255 - 1, each with both signs of x.
		for (const [first, rest] of [
			["ed", "ff"],
			["ee", "ff"],
			["ff", "ff"],
		] as const)
			for (const last of ["7f", "ff"])
				check.throws(
					() => storedEd25519KeyPair(fromHex(seed + first + rest.repeat(30) + last), digest),
					{ name: "DeviceError", code: "key-malformed", step: "signing", field: "keyPair" },
					first + last,
				);
		// y = p - 1 is one.
		check.is(storedEd25519KeyPair(fromHex(`${seed}ec${"ff".repeat(30)}7f`), digest).publicKey.length, 32);
	},
};

const REFUSED_LENGTH = { name: "DeviceError", code: "key-length", step: "signing" };
