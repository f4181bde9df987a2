/**
 * One connection to the gateway, how it ended, and when to try again.
 * @module
 */
export { Link, type LinkEvent, type OutgoingMessage } from "./link.js";
export {
	isDateFault,
	longestDelay,
	needsMending,
	type Outcome,
	type OutcomeKind,
	outcomeOf,
	RETRY_RULES,
	type RetryRule,
	retryDelay,
} from "./outcome.js";
