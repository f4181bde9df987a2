/**
 * A guest of the bench: RSA signatures and nothing else, so that as little as on the device is in the heap beside them.
 * @module
 */
import { parseRsaPrivateKey, signToken } from "../../../src/device/signing/index.js";
import { startWork } from "./bench-work.js";

startWork(({ digest, random }) => ({
	/** The key is parsed once, as at power-up. */
	"rsa-sign"({ privateKey, token }) {
		const key = parseRsaPrivateKey(privateKey);
		return () => signToken(token, key, digest);
	},
	/** As the agent signs. */
	"rsa-sign-blinded"({ privateKey, token }) {
		const key = parseRsaPrivateKey(privateKey);
		return () => signToken(token, key, digest, random);
	},
}));
