/**
 * A guest of the bench: the peers of `bench-wire.ts` that are as short as can be written.
 * @module
 */
import { startWork } from "./bench-work.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

startWork(() => ({
	base64() {
		const data = new Uint8Array(256).fill(0xa5);
		return () => {
			let text = "";
			for (let at = 0; at < data.length; at += 3) {
				const group = (data[at]! << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
				text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
				text += at + 1 < data.length ? ALPHABET[(group >> 6) & 63]! : "=";
				text += at + 2 < data.length ? ALPHABET[group & 63]! : "=";
			}
			return text;
		};
	},
	username:
		({ username: { username, authorizerName, signature, tokenKeyName, token } }) =>
		() =>
			`${username}?x-amz-customauthorizer-name=${encodeURIComponent(authorizerName!)}` +
			`&x-amz-customauthorizer-signature=${encodeURIComponent(signature!)}` +
			`&${encodeURIComponent(tokenKeyName!)}=${encodeURIComponent(token!)}`,
}));
