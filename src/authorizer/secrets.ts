/**
 * Keeps what a client sent in confidence out of messages that quote somebody else, such as an error of the function.
 * @module
 */
import { printable } from "../policy/index.js";
import { SIGNATURE_PARAMETER, splitUsernameQuery } from "./query.js";

/** Shorter values stand in any text by chance, and protect nothing. */
const SHORTEST_SECRET = 4;

/**
 * The text with every secret of a CONNECT replaced by its length: the password, as text and as base64, the signature,
 * and the values of all parameters that are not AWS's own, as sent, decoded and made printable.
 */
export function withoutSecrets(text: string, username: string | undefined, password: Uint8Array | undefined): string {
	const bytes = Buffer.from(password ?? []);
	const plain = [bytes.toString()];
	const encoded = [bytes.toString("base64")];
	const parameters = splitUsernameQuery(username ?? "");
	for (const [index, { known, name, value, rawValue }] of parameters.entries()) {
		if (known && name !== SIGNATURE_PARAMETER) continue;
		plain.push(value);
		encoded.push(rawValue);
		// After another one of the client's own it may be the rest of a token that was not URL-encoded, name and all.
		if (!known && parameters[index - 1]?.known === false) plain.push(name);
	}
	const secrets = [...plain, ...plain.map((secret) => printable(secret, secret.length)), ...encoded];
	return secrets
		.sort((one, other) => other.length - one.length)
		.filter(({ length }) => length >= SHORTEST_SECRET)
		.reduce((rest, secret) => rest.replaceAll(secret, `<${secret.length} characters>`), text);
}
