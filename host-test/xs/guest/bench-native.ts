/**
 * A guest of the bench: RSA signatures by the device's own C, in an engine that has it.
 * @module
 */
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { startWork } from "./bench-work.js";

declare const native: { signRsaSha256(pkcs1: Uint8Array, message: Uint8Array): ArrayBuffer };

startWork(() => ({
	"rsa-sign"({ privateKey, token }) {
		const key = base64Decode(privateKey);
		const message = utf8Encode(token);
		return () => base64Encode(new Uint8Array(native.signRsaSha256(key, message)));
	},
}));
