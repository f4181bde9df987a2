/**
 * Keeps what a client sent in confidence out of messages that quote somebody else, such as an error of the function.
 * @module
 */
import { SIGNATURE_PARAMETER, splitUsernameQuery } from "./query.js";

/** Shorter values stand in any text by chance, and protect nothing. */
const SHORTEST_SECRET = 4;

/**
 * The text with every secret of a CONNECT replaced by its length: the password, as text and as base64, the signature,
 * and the values of all parameters that are not AWS's own, as sent and decoded.
 */
export function withoutSecrets(text: string, username: string | undefined, password: Uint8Array | undefined): string {
	const bytes = Buffer.from(password ?? []);
	const secrets = [bytes.toString(), bytes.toString("base64")];
	for (const { known, name, value, rawValue } of splitUsernameQuery(username ?? "")) {
		if (!known || name === SIGNATURE_PARAMETER) secrets.push(value, rawValue);
	}
	secrets.sort((one, other) => other.length - one.length);
	return secrets
		.filter(({ length }) => length >= SHORTEST_SECRET)
		.reduce((rest, secret) => rest.replaceAll(secret, `<${secret.length} characters>`), text);
}
