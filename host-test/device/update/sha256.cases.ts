/** @module */
import { type Cases, toHex } from "../case.js";
import { sha256Of, TestSha256 } from "./sha256.js";

const letters = (text: string) => Uint8Array.from(text, (letter) => letter.codePointAt(0)!);

export const cases: Cases = {
	"the messages of FIPS 180-4's examples": (check) => {
		check.is(toHex(sha256Of(letters("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
		check.is(
			toHex(sha256Of(letters("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
		);
		check.is(toHex(sha256Of(letters(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	},
	"in pieces of any length it is the same": (check) => {
		const data = Uint8Array.from({ length: 150 }, (_, i) => (7 * i) & 255);
		const whole = toHex(sha256Of(data));
		for (const piece of [1, 7, 63, 64, 65, 149]) {
			const hash = new TestSha256();
			for (let at = 0; at < data.length; at += piece) hash.update(data.subarray(at, at + piece));
			check.is(toHex(hash.digest()), whole, `${piece}`);
		}
	},
	"after the digest nothing more is taken": (check) => {
		const hash = new TestSha256();
		hash.digest();
		check.throws(() => hash.update(letters("a")), { name: "TypeError" });
	},
};
