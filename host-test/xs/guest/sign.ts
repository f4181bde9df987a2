/**
 * A guest that signs: the device core's token signature and nothing else.
 * @module
 */
import { parseRsaPrivateKey, signToken } from "../../../src/device/signing/index.js";
import { startGuest } from "./start-guest.js";

startGuest(({ ports }) => ({
	sign(argument) {
		const { privateKey, token } = argument as { privateKey: string; token: string };
		return signToken(token, parseRsaPrivateKey(privateKey), ports.digest);
	},
}));
