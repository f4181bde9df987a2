/**
 * A guest of the bench: Ed25519 signatures and nothing else.
 * @module
 */
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { signEd25519, storedEd25519KeyPair } from "../../../src/device/signing/index.js";
import { startWork } from "./bench-work.js";

startWork(({ digest }) => ({
	"ed25519-sign"({ keyPair, token }) {
		const key = storedEd25519KeyPair(base64Decode(keyPair), digest);
		const message = utf8Encode(token);
		return () => base64Encode(signEd25519(message, key, digest));
	},
}));
