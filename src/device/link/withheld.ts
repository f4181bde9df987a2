/**
 * The server's own words, as far as they may be told: it has seen the device's secrets, and what it says ends up in logs.
 * @module
 */
import type { ConnectFields } from "../connect-fields.js";
import { utf8Decode } from "../encoding/utf8.js";
import type { ConnackPacket } from "../mqtt/index.js";

/** Shorter ones are found in any text. */
const LEAST_CHARACTERS = 4;
/** The one member of the username's query that is no secret. */
const AUTHORIZER = "x-amz-customauthorizer-name=";

/** A reason as it came, unless it repeats token, signature or password. */
export function reasonToTell(reason: string | undefined, fields: ConnectFields): string | undefined {
	return reason !== undefined && repeatsSecret(reason, fields)
		? "(withheld: it repeats a secret of the device's)"
		: reason;
}

/** A CONNACK as it came, or without its properties where one of them repeats a secret. */
export function connackToTell(connack: ConnackPacket, fields: ConnectFields): ConnackPacket {
	const { properties, ...rest } = connack;
	for (const value of Object.values(properties ?? {}))
		if (repeatsSecret(Array.isArray(value) ? value.join("\n") : String(value), fields)) return rest;
	return connack;
}

function repeatsSecret(text: string, { username = "", password }: ConnectFields): boolean {
	const query = username.slice(username.indexOf("?") + 1);
	for (const pair of query.split("&")) {
		if (pair.startsWith(AUTHORIZER)) continue;
		const value = pair.slice(pair.indexOf("=") + 1);
		if (
			repeats(text, value) ||
			repeats(
				text,
				readable(() => decodeURIComponent(value)),
			)
		)
			return true;
	}
	return (
		password !== undefined &&
		repeats(
			text,
			readable(() => utf8Decode(password)),
		)
	);
}

function repeats(text: string, secret: string): boolean {
	return secret.length >= LEAST_CHARACTERS && text.includes(secret);
}

/** Nothing where it is no text: then no text repeats it. */
function readable(decode: () => string): string {
	try {
		return decode();
	} catch {
		return "";
	}
}
