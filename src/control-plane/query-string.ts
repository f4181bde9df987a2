/**
 * The query of a request. A plus is a plus, not a space: markers are base64, and no client of AWS writes spaces so.
 * @module
 */
import { ApiError } from "./errors.js";

/** A decoded parameter. */
export type Parameter = readonly [name: string, value: string];

/**
 * Parameters in their order.
 * @param target request target, `/path?query`.
 * @throws {ApiError} for a percent sign that encodes nothing, or not UTF-8.
 */
export function parseQuery(target: string): readonly Parameter[] {
	const start = target.indexOf("?");
	if (start === -1) return [];
	return target
		.slice(start + 1)
		.split("&")
		.filter((part) => part !== "")
		.map((part) => {
			const equals = part.indexOf("=");
			const [name, value] = equals === -1 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
			return [decode(name), decode(value)] as const;
		});
}

/** By name; of parameters that are repeated the first counts. */
export function firstValues(parameters: readonly Parameter[]): ReadonlyMap<string, string> {
	return new Map([...parameters].reverse());
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw malformedEncoding();
	}
}

/** The refusal of a path or query whose percent-encoding is broken; chosen. */
export function malformedEncoding(): ApiError {
	return new ApiError("InvalidRequestException", "The path or the query is not properly percent-encoded UTF-8");
}
