/**
 * Keeps what a client sent in confidence out of messages that quote somebody else, such as an error of the function.
 * @module
 */
import { printable } from "../policy/index.js";
import type { HttpFacts } from "./event.js";
import { NAME_PARAMETER, SIGNATURE_PARAMETER, splitUsernameQuery } from "./query.js";

/** Shorter values stand in any text by chance, and protect nothing. */
const SHORTEST_SECRET = 4;

/** Everything a client may have sent in confidence. */
export interface Confidences {
	/** CONNECT username as it came. */
	readonly username?: string | undefined;
	readonly password?: Uint8Array | undefined;
	readonly http?: HttpFacts | undefined;
	readonly token?: string | undefined;
	readonly tokenSignature?: string | undefined;
}

/**
 * The text with every secret replaced by its length: the password, as text and as base64, token and signature, the values
 * of all parameters and headers that are not AWS's own, as sent, decoded and made printable.
 */
export function withoutSecrets(text: string, confidences: Confidences): string {
	const { username = "", password, http, token = "", tokenSignature = "" } = confidences;
	const bytes = Buffer.from(password ?? []);
	const query = querySecrets(`?${http?.queryString?.replace(/^\?/, "") ?? ""}`);
	const user = querySecrets(username);
	const plain = [bytes.toString(), token, tokenSignature, ...user.plain, ...query.plain, ...headerSecrets(http)];
	const encoded = [bytes.toString("base64"), ...user.encoded, ...query.encoded];
	const secrets = [...plain, ...plain.map((secret) => printable(secret, secret.length)), ...encoded];
	return secrets
		.sort((one, other) => other.length - one.length)
		.filter(({ length }) => length >= SHORTEST_SECRET)
		.reduce((rest, secret) => rest.replaceAll(secret, `<${secret.length} characters>`), text);
}

function querySecrets(text: string): { readonly plain: string[]; readonly encoded: string[] } {
	const plain: string[] = [];
	const encoded: string[] = [];
	const parameters = splitUsernameQuery(text);
	for (const [index, { known, name, value, rawValue }] of parameters.entries()) {
		if (known && name !== SIGNATURE_PARAMETER) continue;
		plain.push(value);
		encoded.push(rawValue);
		// After another one of the client's own it may be the rest of a token that was not URL-encoded, name and all.
		if (!known && parameters[index - 1]?.known === false) plain.push(name);
	}
	return { plain, encoded };
}

function headerSecrets(http: HttpFacts | undefined): readonly string[] {
	const headers = Object.entries(http?.headers ?? {});
	return headers.flatMap(([name, value]) => (name.toLowerCase() === NAME_PARAMETER ? [] : [value]));
}
