/**
 * What people sign in place of the token, or send in place of what they signed.
 * @module
 */

/** One usual mistake. */
export interface TokenFault {
	/** Stable, kebab-case. */
	readonly code: string;
	/** Follows "the signature was made with the key K, but ". */
	readonly detail: string;
	readonly remedy: string;
	/**
	 * The texts that would have been signed, given the token that arrived.
	 * @param queryRest raw text of the query from the token's value to its end, where there is one.
	 */
	signed(token: string, queryRest: string | undefined): readonly string[];
}

/** Most "&" of an unencoded token that are tried. */
const MOST_PIECES = 16;

export const TOKEN_FAULTS: readonly TokenFault[] = [
	{
		code: "line-feed-signed",
		detail: "over the token with a line feed at its end, as echo without -n adds one",
		remedy: "Sign the token without the line feed: printf %s TOKEN | openssl dgst ..., or echo -n.",
		signed: (token) => [`${token}\n`, `${token}\r\n`],
	},
	{
		code: "line-feed-sent",
		detail: "over the token without the line feeds and blanks that stand around the one that was sent",
		remedy: "Send the token without them: it was probably read from a file whose last line ends with a line feed.",
		signed: (token) => [token.replace(/[\r\n]+$/, ""), token.trim()],
	},
	{
		code: "token-not-encoded",
		detail:
			"over a token that was put into the username without URL-encoding, so that a part of it was lost or changed",
		remedy: "URL-encode the token (encodeURIComponent) before it goes into the username; AWS's SDKs leave that to you.",
		signed: (_, queryRest) => prefixes(queryRest ?? ""),
	},
	{
		code: "encoded-token-signed",
		detail: "over the URL-encoded form of the token",
		remedy: "Sign the plain token, and URL-encode token and signature afterwards.",
		signed: (token) => [wellFormed(token, encodeURIComponent)],
	},
	{
		code: "token-encoded-twice",
		detail: "over the token with its percent sequences decoded once more: it was URL-encoded twice",
		remedy: "URL-encode the token once.",
		signed: (token) => [wellFormed(token, decodeURIComponent)],
	},
	{
		code: "plus-for-blank",
		detail: "over the token with blanks where a plus sign arrived",
		remedy: "Encode a blank as %20 (encodeURIComponent), not as + (URLSearchParams, form encoding).",
		signed: (token) => [token.replaceAll("+", " ")],
	},
	{
		code: "whole-jwt-sent",
		detail: "over the first two parts of the JWT that was sent whole",
		remedy:
			"Send header.payload as the token, and the JWT's third part, from base64url to padded base64, as the signature.",
		signed: (token) => [/^([^.]+\.[^.]+)\.[^.]+$/.exec(token)?.[1] ?? token],
	},
	{
		code: "letter-case",
		detail: "over the token in other letter case",
		remedy: "Send the token exactly as it was signed.",
		signed: (token) => [token.toLowerCase(), token.toUpperCase()],
	},
	{
		code: "quoted-token-signed",
		detail: "over the token with quotation marks around it",
		remedy: "Sign the bare token, without the quotation marks of JSON or of the shell.",
		signed: (token) => [`"${token}"`, `'${token}'`],
	},
];

/** The text up to each of its first "&"s, and the whole of it. */
function prefixes(text: string): readonly string[] {
	const pieces = text.split("&");
	const counts = pieces.slice(0, MOST_PIECES).map((_, index) => index + 1);
	return counts.map((count) => pieces.slice(0, count).join("&"));
}

/** `change(text)`, or the text itself where it has a lone surrogate or an invalid percent sequence. */
function wellFormed(text: string, change: (text: string) => string): string {
	try {
		return change(text);
	} catch {
		return text;
	}
}
