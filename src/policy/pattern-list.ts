/**
 * Action or NotAction, Resource or NotResource of a statement.
 * @module
 */
import { matchesPattern, type Pattern } from "./pattern.js";
import type { RequestContext } from "./request-context.js";

export interface PatternList {
	/** True for NotAction and NotResource: the list says what is left out. */
	readonly negated: boolean;
	/** At least one. */
	readonly patterns: readonly Pattern[];
}

/** Whether a list speaks of this action (in lower case, as action patterns are) or resource. */
export function covers(list: PatternList, subject: string, context: RequestContext): boolean {
	for (const pattern of list.patterns) {
		if (matchesPattern(pattern, subject, context)) return !list.negated;
	}
	return list.negated;
}
