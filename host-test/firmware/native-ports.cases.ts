/**
 * Random numbers, digests and signatures as the core wants them, out of what C gives.
 * @module
 */
import { type NativeModule, nativePorts } from "../../src/firmware/native-ports.js";
import type { Cases } from "../device/case.js";

class CountingHash {
	private count = 0;

	update(data: Uint8Array): void {
		this.count += data.length;
	}

	digest(): ArrayBuffer {
		return Uint8Array.of(this.count).buffer;
	}
}

const NATIVE: NativeModule = {
	randomBytes: (count) => new Uint8Array(count).fill(7).buffer,
	sha256: (data) => Uint8Array.of(1, data.length).buffer,
	sha512: (data) => Uint8Array.of(2, data.length).buffer,
	signRsaSha256: (key, message) => Uint8Array.of(key.length, message.length).buffer,
	Sha256: CountingHash,
};

export const cases: Cases = {
	"what C gives as buffers the core gets as bytes"(check) {
		const { random, digest, signer } = nativePorts(NATIVE);
		check.hex(random.bytes(3), "070707");
		check.hex(digest.sha256(new Uint8Array(5)), "0105");
		check.hex(digest.sha512(new Uint8Array(6)), "0206");
		check.hex(signer(new Uint8Array(8), new Uint8Array(9)), "0809");
	},

	"a hash is fed piece by piece, and each one for itself"(check) {
		const { createHash } = nativePorts(NATIVE);
		const [one, other] = [createHash(), createHash()];
		one.update(new Uint8Array(3));
		other.update(new Uint8Array(10));
		one.update(new Uint8Array(4));
		check.hex(one.digest(), "07");
		check.hex(other.digest(), "0a");
	},
};
