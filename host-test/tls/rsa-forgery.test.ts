/**
 * The forged RSA signatures of the tables are what a careless verifier takes, and no signatures.
 * @module
 */
import { constants, createHash, publicDecrypt, randomBytes, verify } from "node:crypto";
import test from "ava";
import { keyPair } from "./pki/keys.js";
import { forgedSignature } from "./pki/rsa-forgery.js";

const { publicKey } = keyPair("Latchkey Exponent Three", "rsa2048-exponent-3");

/** The encoding that the public key makes of a signature. */
const encodingOf = (signature: Buffer): Buffer =>
	publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature);

const digestOf = (signed: Buffer): Buffer => createHash("sha256").update(signed).digest();

/** Bytes whose digest is odd: an even one cannot be forged at the end. */
function forgeable(): Buffer {
	for (;;) {
		const signed = randomBytes(40);
		if (digestOf(signed).at(-1)! % 2 === 1) return signed;
	}
}

test("a forgery with trailing garbage begins as an encoding of the digest does", (t) => {
	const signed = randomBytes(40);
	const forged = forgedSignature(signed, "trailing-garbage")!;
	const wanted = Buffer.from(`0001${"ff".repeat(8)}003031300d060960864801650304020105000420`, "hex");
	t.deepEqual(encodingOf(forged).subarray(0, wanted.length + 32), Buffer.concat([wanted, digestOf(signed)]));
	t.false(verify("sha256", signed, publicKey, forged));
});

test("a forgery with garbage in the parameters ends in the digest, its lengths fitting", (t) => {
	const signed = forgeable();
	const forged = forgedSignature(signed, "garbage-in-parameters")!;
	const encoding = encodingOf(forged);
	t.deepEqual(encoding.subarray(-34), Buffer.concat([Buffer.of(0x04, 0x20), digestOf(signed)]));
	t.is(encoding.subarray(0, 11).toString("hex"), `0001${"ff".repeat(8)}00`);
	const info = encoding.subarray(11);
	t.is(info[0], 0x30);
	t.is(info[2], info.length - 3, "DigestInfo reaches to the end");
	t.is(info[5], info.length - 6 - 34, "AlgorithmIdentifier reaches to the digest");
	t.is(info[6 + 11 + 2], info[5]! - 11 - 3, "the parameters reach to the end of the AlgorithmIdentifier");
	t.false(verify("sha256", signed, publicKey, forged));
});

test("an even digest is not forged at the end", (t) => {
	let signed = randomBytes(40);
	while (digestOf(signed).at(-1)! % 2 === 1) signed = randomBytes(40);
	t.is(forgedSignature(signed, "garbage-in-parameters"), undefined);
});
