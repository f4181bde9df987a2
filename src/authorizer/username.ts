/**
 * The CONNECT username as AWS IoT's custom authentication reads it:
 * `user?x-amz-customauthorizer-name=N&x-amz-customauthorizer-signature=S&TOKENKEY=T`, in any order, with parameters of
 * anybody else between them (AWS IoT Core Developer Guide, "Connecting to AWS IoT Core by using custom authentication").
 * @module
 */
import { NAME_PARAMETER, type QueryParameter, SIGNATURE_PARAMETER, splitUsernameQuery } from "./query.js";

export interface CustomAuthUsername {
	/** The text before the first "?", not decoded; may be empty. Absent where CONNECT has no username. */
	readonly username?: string;
	readonly authorizerName?: string;
	readonly signature?: string;
	/** Every parameter, these two among them, decoded once. */
	readonly parameters: ReadonlyMap<string, string>;
	/**
	 * What looks wrong, for people; holds no name or value that could be a piece of a token. At most 16 lines, whatever
	 * the username is: it comes from somebody who has not proved anything yet.
	 */
	readonly warnings: readonly string[];
}

/**
 * Reads a username; takes any text and never throws.
 *
 * A parameter ends at "&" and its name at the first "="; both sides are percent-decoded once. "+" stays a plus sign:
 * one of AWS's SDKs sends signatures unencoded. What cannot be decoded stays as it is. Of two parameters with one name
 * the first counts. An empty authorizer name or signature counts as absent.
 */
export function parseCustomAuthUsername(username: string | undefined): CustomAuthUsername {
	if (username === undefined) return { parameters: new Map(), warnings: [] };
	const list = splitUsernameQuery(username);
	const parameters = new Map<string, string>();
	for (const { name, value } of list) if (!parameters.has(name)) parameters.set(name, value);
	const authorizerName = parameters.get(NAME_PARAMETER) || undefined;
	const signature = parameters.get(SIGNATURE_PARAMETER) || undefined;
	return {
		username: username.split("?", 1)[0] ?? "",
		...(authorizerName === undefined ? {} : { authorizerName }),
		...(signature === undefined ? {} : { signature }),
		parameters,
		warnings: [
			...firstOf(encodingWarnings(list)),
			...signatureWarnings(signature ?? ""),
			...firstOf(duplicateWarnings(list)),
		],
	};
}

/** Warnings of one kind that are told one by one. */
const TOLD_WARNINGS = 5;

/** The first warnings of a kind, and how many more there are. */
function firstOf(warnings: Iterable<string>): string[] {
	const told: string[] = [];
	let more = 0;
	for (const warning of warnings) {
		if (told.length < TOLD_WARNINGS) told.push(warning);
		else more++;
	}
	return more === 0 ? told : [...told, `and ${more} more of this kind`];
}

/** What RFC 3986 lets stand in a query, the percent sign included. */
const QUERY_CHARACTERS = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*$/;

function* encodingWarnings(list: readonly QueryParameter[]): Iterable<string> {
	for (const [index, parameter] of list.entries()) {
		const { known, raw, undecodable } = parameter;
		const which = shown(parameter, index);
		if (undecodable) yield `${which} holds a "%" that begins no valid sequence; it was kept as it is`;
		if (!QUERY_CHARACTERS.test(raw)) yield `${which} holds characters that must be URL-encoded`;
		if (!known && list[index - 1]?.known === false) {
			yield `${which} follows another one of the client's own: if it is the rest of that, its "&" must be URL-encoded`;
		}
	}
}

function signatureWarnings(signature: string): string[] {
	const warnings: string[] = [];
	const warn = (sign: RegExp, problem: string) => {
		if (sign.test(signature)) warnings.push(`${SIGNATURE_PARAMETER} ${problem}`);
	};
	warn(/[\r\n]/, "holds line breaks: make it one line (openssl base64 -A)");
	warn(/[-_]/, "looks like base64url: standard base64 is wanted");
	warn(/%[0-9A-Fa-f]{2}/, "looks URL-encoded twice");
	warn(/ /, 'holds blanks: "+" must be sent as %2B');
	return warnings;
}

function* duplicateWarnings(list: readonly QueryParameter[]): Iterable<string> {
	const seen = new Set<string>();
	for (const [index, parameter] of list.entries()) {
		if (seen.has(parameter.name)) yield `${shown(parameter, index)} repeats a name; the first one counts`;
		seen.add(parameter.name);
	}
}

/** How a parameter may be called in a message: by name only where the name cannot be a piece of a token. */
function shown({ known, name }: QueryParameter, index: number): string {
	return known ? name : `parameter ${index + 1} of the query`;
}
