/**
 * Pages of a list. A marker says after which item the next page starts, by that item's place in the order and not by a
 * count, so that pages stay right while items come and go.
 * @module
 */
import { ApiError, type ErrorType } from "./errors.js";

/** An item's place in the order of its list; places of one list have the same number and kinds of parts. */
export type Place = readonly (string | number)[];

export interface PageRequest<T> {
	/** As AWS's message has it, for instance `listAuthorizers`; a marker is good for its own operation only. */
	readonly operation: string;
	/** In any order. */
	readonly items: readonly T[];
	/** Unique within the list; pages go by it, from small to large. */
	readonly place: (item: T) => Place;
	/** From large to small instead. */
	readonly descending?: boolean | undefined;
	/** Items of a page at most. */
	readonly size: number;
	/** What the page before gave; absent for the first one. */
	readonly marker?: string | undefined;
	/** Of the error for a bad marker; InvalidRequestException unless said otherwise. */
	readonly errorType?: ErrorType | undefined;
}

export interface Page<T> {
	readonly items: readonly T[];
	/** Standard base64 of up to 1024 characters for places of common names; absent on the last page. */
	readonly nextMarker: string | undefined;
}

/** @throws {ApiError} for a marker that this operation did not give. */
export function page<T>(request: PageRequest<T>): Page<T> {
	const { items, place, descending = false, size, marker } = request;
	const placed = items.map((item) => ({ item, place: place(item) }));
	const sign = descending ? -1 : 1;
	placed.sort((a, b) => sign * compare(a.place, b.place));
	const kinds = placed[0]?.place;
	const after = marker === undefined ? undefined : parseMarker(request, marker, kinds);
	const start = after === undefined ? 0 : placed.findIndex((other) => sign * compare(other.place, after) > 0);
	if (start === -1) return { items: [], nextMarker: undefined };
	const chosen = placed.slice(start, start + size);
	const last = chosen.at(-1);
	const isLast = last === undefined || start + size >= placed.length;
	return {
		items: chosen.map(({ item }) => item),
		nextMarker: isLast ? undefined : writeMarker(request, last.place),
	};
}

function compare(a: Place, b: Place): number {
	for (const [index, part] of a.entries()) {
		const other = b[index] ?? "";
		if (part !== other) return part < other ? -1 : 1;
	}
	return 0;
}

type ListName = Pick<PageRequest<unknown>, "operation" | "descending" | "errorType">;

/** The head binds a marker to its operation and order. */
function head({ operation, descending = false }: ListName): string {
	return `${descending ? "-" : "+"}${operation}`;
}

function writeMarker(request: ListName, place: Place): string {
	return Buffer.from(JSON.stringify([head(request), ...place])).toString("base64");
}

function parseMarker(request: ListName, marker: string, kinds: Place | undefined): Place {
	const [given, ...place] = decode(marker);
	const fits = place.every((part, index) => typeof part === typeof (kinds?.[index] ?? part));
	const ownForm = fits && given === head(request) && (kinds === undefined || kinds.length === place.length);
	if (ownForm && isPlace(place) && writeMarker(request, place) === marker) return place;
	const { operation, errorType = "InvalidRequestException" } = request;
	throw new ApiError(errorType, `Invalid/Malformed marker passed for ${operation}`);
}

function decode(marker: string): readonly unknown[] {
	try {
		const value: unknown = JSON.parse(Buffer.from(marker, "base64").toString());
		return Array.isArray(value) ? value : [];
	} catch {
		// Anything that is no marker has no parts, and is refused for it.
		return [];
	}
}

function isPlace(parts: readonly unknown[]): parts is Place {
	return parts.every((part) => typeof part === "string" || typeof part === "number");
}
