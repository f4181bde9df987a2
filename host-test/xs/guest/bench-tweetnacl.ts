/**
 * A guest of the bench: the peer of `bench-ed25519.ts`, tweetnacl.
 * @module
 */
import nacl from "tweetnacl";
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { startWork } from "./bench-work.js";

startWork(() => ({
	"ed25519-sign"({ keyPair, token }) {
		const key = base64Decode(keyPair);
		const message = utf8Encode(token);
		return () => base64Encode(nacl.sign.detached(message, key));
	},
}));
