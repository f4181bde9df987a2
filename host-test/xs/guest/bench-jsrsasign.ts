/**
 * A guest of the bench: RSA and SHA-256 in JavaScript by jsrsasign, whose digests are CryptoJS.
 * @module
 */
import jsrsasign from "jsrsasign";
import { startWork } from "./bench-work.js";

startWork(() => ({
	"rsa-sign"({ privateKey, token }) {
		const signer = new jsrsasign.KJUR.crypto.Signature({ alg: "SHA256withRSA" });
		signer.init(privateKey);
		return () => {
			signer.updateString(token);
			return jsrsasign.hextob64(signer.sign());
		};
	},
	sha256() {
		const data = "07".repeat(1024);
		return () => jsrsasign.KJUR.crypto.Util.sha256(data);
	},
}));
