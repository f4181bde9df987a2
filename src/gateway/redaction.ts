/**
 * The CONNECT username as it may be shown: what it consists of, and none of its secrets.
 *
 * Redaction goes by what is known to be harmless: a token with an unencoded `&` or `=` falls into pieces that look like
 * parameter names, so a name is shown only when AWS, its SDKs or the account define it.
 * @module
 */
import { KNOWN_PARAMETERS, NAME_PARAMETER } from "../authorizer/index.js";

/** An authorizer name (AWS IoT API, "AuthorizerName"), URL-encoded or not. */
const AUTHORIZER_NAME = /^(?:[\w=,@-]|%3D|%2C|%40){1,128}$/i;

/** Parameters that are shown; a longer list says how many more there are. */
const SHOWN_PARAMETERS = 16;

/**
 * The username with its structure kept and every value, known parameter names apart, replaced by its length:
 * `<5 characters>?x-amz-customauthorizer-name=A&x-amz-customauthorizer-signature=<344 characters>`.
 * The name of the authorizer is shown. After 16 parameters follows `…and 985 more parameters`.
 * @param tokenKeyNames names of token parameters that the account's authorizers define.
 */
export function redactUsername(username: string, tokenKeyNames: ReadonlySet<string>): string {
	const mark = username.indexOf("?");
	if (mark < 0) return redacted(username);
	const parameters = username.slice(mark + 1).split("&");
	const shown = parameters.slice(0, SHOWN_PARAMETERS).map((text) => redactParameter(text, tokenKeyNames));
	const more = parameters.length - shown.length;
	if (more > 0) shown.push(`…and ${more} more parameters`);
	return `${redacted(username.slice(0, mark))}?${shown.join("&")}`;
}

function redactParameter(parameter: string, tokenKeyNames: ReadonlySet<string>): string {
	const equals = parameter.indexOf("=");
	const name = equals < 0 ? parameter : parameter.slice(0, equals);
	const shownName = KNOWN_PARAMETERS.has(name) || tokenKeyNames.has(name) ? name : redacted(name);
	if (equals < 0) return shownName;
	const value = parameter.slice(equals + 1);
	const isShown = name === NAME_PARAMETER && AUTHORIZER_NAME.test(value);
	return `${shownName}=${isShown ? value : redacted(value)}`;
}

function redacted(text: string): string {
	return text === "" ? "" : `<${text.length} characters>`;
}
