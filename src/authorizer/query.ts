/**
 * The query of a CONNECT username, parameter by parameter.
 * @module
 */

export const NAME_PARAMETER = "x-amz-customauthorizer-name";
export const SIGNATURE_PARAMETER = "x-amz-customauthorizer-signature";

/** Parameters that are neither a token nor a piece of one: AWS's own, and the metrics that its SDKs append. */
export const KNOWN_PARAMETERS: ReadonlySet<string> = new Set([
	NAME_PARAMETER,
	SIGNATURE_PARAMETER,
	"SDK",
	"Version",
	"Platform",
	"Metadata",
	"MQTTLib",
]);

export interface QueryParameter {
	/** Decoded. */
	readonly name: string;
	/** Decoded. */
	readonly value: string;
	/** As it was sent: the text between the "&"s, and that after the first "=" of it. */
	readonly raw: string;
	readonly rawValue: string;
	/** Position of `rawValue` in the username, UTF-16 units. */
	readonly start: number;
	/** Whether AWS or one of its SDKs defines this parameter, so that its name may be shown. */
	readonly known: boolean;
	/** Whether a "%" in it begins no valid sequence. */
	readonly undecodable: boolean;
}

/** Splits what follows the first "?" of a username; empty where there is none. Never throws. */
export function splitUsernameQuery(username: string): readonly QueryParameter[] {
	const list: QueryParameter[] = [];
	const mark = username.indexOf("?");
	if (mark < 0) return list;
	let start = mark + 1;
	for (const raw of username.slice(start).split("&")) {
		if (raw !== "") list.push(readParameter(raw, start));
		start += raw.length + 1;
	}
	return list;
}

function readParameter(raw: string, start: number): QueryParameter {
	const equals = raw.indexOf("=");
	const rawValue = equals < 0 ? "" : raw.slice(equals + 1);
	const name = decode(equals < 0 ? raw : raw.slice(0, equals));
	const value = decode(rawValue);
	return {
		name: name.text,
		value: value.text,
		raw,
		rawValue,
		start: start + raw.length - rawValue.length,
		known: KNOWN_PARAMETERS.has(name.text),
		undecodable: name.undecodable || value.undecodable,
	};
}

/**
 * Percent-decodes UTF-8 once (RFC 3986 section 2.1); "+" stays a plus sign. A run of sequences that is no UTF-8 stays
 * as it is, whole.
 */
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
