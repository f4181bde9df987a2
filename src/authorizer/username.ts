/**
 * The CONNECT username as AWS IoT's custom authentication reads it:
 * `user?x-amz-customauthorizer-name=N&x-amz-customauthorizer-signature=S&TOKENKEY=T`, in any order, with parameters of
 * anybody else between them (AWS IoT Core Developer Guide, "Connecting to AWS IoT Core by using custom authentication").
 * @module
 */

export interface CustomAuthUsername {
	/** The text before the first "?", not decoded; may be empty. Absent where CONNECT has no username. */
	readonly username?: string;
	readonly authorizerName?: string;
	readonly signature?: string;
	/** Every parameter, these two among them, decoded once. */
	readonly parameters: ReadonlyMap<string, string>;
	/** What looks wrong, for people; without any name or value that could be a piece of a token. */
	readonly warnings: readonly string[];
}

export const NAME_PARAMETER = "x-amz-customauthorizer-name";
export const SIGNATURE_PARAMETER = "x-amz-customauthorizer-signature";

/** Parameters that are neither a token nor a piece of one: AWS's own, and the metrics that its SDKs append. */
const KNOWN_PARAMETERS = new Set([NAME_PARAMETER, SIGNATURE_PARAMETER, "SDK", "Platform", "Metadata", "Version", "MQTTLib"]);

interface Parameter {
	readonly name: string;
	readonly value: string;
	/** Text between the "&"s. */
	readonly raw: string;
	/** A "%" that begins no valid sequence. */
	readonly undecodable: boolean;
}

/**
 * Reads a username; takes any text and never throws.
 *
 * A parameter ends at "&" and its name at the first "="; both sides are percent-decoded once. "+" stays a plus sign:
 * one of AWS's SDKs sends signatures unencoded. What cannot be decoded stays as it is. Of two parameters with one name
 * the first counts. Empty parameters count as absent.
 */
export function parseCustomAuthUsername(username: string | undefined): CustomAuthUsername {
	if (username === undefined) return { parameters: new Map(), warnings: [] };
	const mark = username.indexOf("?");
	if (mark < 0) return { username, parameters: new Map(), warnings: [] };
	const list = splitQuery(username.slice(mark + 1));
	const parameters = new Map<string, string>();
	for (const { name, value } of list) if (!parameters.has(name)) parameters.set(name, value);
	const authorizerName = parameters.get(NAME_PARAMETER) || undefined;
	const signature = parameters.get(SIGNATURE_PARAMETER) || undefined;
	return {
		username: username.slice(0, mark),
		...(authorizerName === undefined ? {} : { authorizerName }),
		...(signature === undefined ? {} : { signature }),
		parameters,
		warnings: [...encodingWarnings(list), ...signatureWarnings(signature), ...duplicateWarnings(list)],
	};
}

function splitQuery(query: string): readonly Parameter[] {
	const list: Parameter[] = [];
	for (const raw of query.split("&")) {
		if (raw === "") continue;
		const equals = raw.indexOf("=");
		const name = decode(equals < 0 ? raw : raw.slice(0, equals));
		const value = decode(equals < 0 ? "" : raw.slice(equals + 1));
		list.push({ name: name.text, value: value.text, raw, undecodable: name.undecodable || value.undecodable });
	}
	return list;
}

/** Percent-decodes UTF-8 once (RFC 3986 section 2.1). A run of sequences that is no UTF-8 stays as it is, whole. */
function decode(text: string): { readonly text: string; readonly undecodable: boolean } {
	let undecodable = /%(?![0-9A-Fa-f]{2})/.test(text);
	const decoded = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
		try {
			return decodeURIComponent(run);
		} catch {
			undecodable = true;
			return run;
		}
	});
	return { text: decoded, undecodable };
}

/** What RFC 3986 lets stand in a query, the percent sign included. */
const QUERY_CHARACTERS = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*$/;

function encodingWarnings(list: readonly Parameter[]): string[] {
	const warnings: string[] = [];
	let afterStranger = false;
	for (const [index, { name, raw, undecodable }] of list.entries()) {
		const which = KNOWN_PARAMETERS.has(name) ? name : `parameter ${index + 1} of the query`;
		if (undecodable) warnings.push(`${which} holds a "%" that begins no valid sequence; it was kept as it is`);
		if (!QUERY_CHARACTERS.test(raw)) warnings.push(`${which} holds characters that must be URL-encoded`);
		const stranger = !KNOWN_PARAMETERS.has(name);
		if (stranger && afterStranger) {
			warnings.push(`${which}: if it is the rest of the one before, that one holds a "&" that must be URL-encoded`);
		}
		afterStranger = stranger;
	}
	return warnings;
}

function signatureWarnings(signature: string | undefined): string[] {
	const warnings: string[] = [];
	if (signature === undefined) return warnings;
	if (/[\r\n]/.test(signature)) warnings.push(`${SIGNATURE_PARAMETER} holds line breaks: use openssl base64 -A`);
	if (/[-_]/.test(signature)) warnings.push(`${SIGNATURE_PARAMETER} looks like base64url; plain base64 is wanted`);
	if (signature.includes("%")) warnings.push(`${SIGNATURE_PARAMETER} looks URL-encoded twice`);
	if (signature.includes(" ")) warnings.push(`${SIGNATURE_PARAMETER} holds blanks: "+" must be sent as %2B`);
	return warnings;
}

function duplicateWarnings(list: readonly Parameter[]): string[] {
	const names = list.map(({ name }) => name);
	const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
	return [...twice].map(
		(name) => `${KNOWN_PARAMETERS.has(name) ? name : "a parameter"} is there more than once; the first one counts`,
	);
}
