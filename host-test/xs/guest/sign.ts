/**
 * A guest that signs: the device core's signatures and nothing else.
 * @module
 */
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import {
	ed25519KeyPair,
	parseRsaPrivateKey,
	signEd25519,
	signToken,
	storedEd25519KeyPair,
} from "../../../src/device/signing/index.js";
import { startGuest } from "./start-guest.js";

startGuest(({ ports }) => ({
	/** A token by RSA; with `blinded` the exponents are blinded. */
	sign(argument) {
		const { privateKey, token, blinded } = argument as { privateKey: string; token: string; blinded?: boolean };
		return signToken(token, parseRsaPrivateKey(privateKey), ports.digest, blinded ? ports.random : undefined);
	},
	/** The stored key pair of a seed; both in base64. */
	ed25519KeyPair(argument) {
		const seed = base64Decode(argument as string);
		return base64Encode(Uint8Array.from([...seed, ...ed25519KeyPair(seed, ports.digest).publicKey]));
	},
	/** Key pair, message and signature in base64. */
	signEd25519(argument) {
		const { keyPair, message } = argument as { keyPair: string; message: string };
		const key = storedEd25519KeyPair(base64Decode(keyPair), ports.digest);
		return base64Encode(signEd25519(base64Decode(message), key, ports.digest));
	},
}));
