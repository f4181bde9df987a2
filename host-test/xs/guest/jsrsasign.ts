/**
 * A guest for the bench: the same signature by jsrsasign, the peer that our own is measured beside.
 * @module
 */
import jsrsasign from "jsrsasign";
import { base64Encode } from "../../../src/device/encoding/base64.js";
import { fromHex } from "../../device/case.js";
import { startGuest } from "./start-guest.js";

startGuest(() => ({
	sign(argument) {
		const { privateKey, token } = argument as { privateKey: string; token: string };
		const signer = new jsrsasign.KJUR.crypto.Signature({ alg: "SHA256withRSA" });
		signer.init(privateKey);
		signer.updateString(token);
		return base64Encode(fromHex(signer.sign()));
	},
}));
