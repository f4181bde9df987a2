/**
 * What may be told of an exception whose text is not ours.
 * @module
 */

/** Kind of what was thrown: its text may hold what neither a log nor an event must. */
export function kindOf(error: unknown): string {
	return error instanceof Error ? error.name : typeof error;
}
