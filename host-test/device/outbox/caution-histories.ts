/**
 * Everything that can happen to two messages, a few times over, and what the rule of caution must have come to by then: worked
 * out from the whole history anew, where the rule goes step by step.
 * @module
 */
import {
	type Caution,
	cautionAfter,
	cautionWithout,
	NO_CAUTION,
	type Verdict,
} from "../../../src/device/outbox/caution.js";
import type { Check } from "../case.js";

type Happening = { readonly settled: number } | { readonly verdict: Verdict; readonly inFlight: readonly number[] };

const HAPPENINGS: readonly Happening[] = [
	{ settled: 1 },
	{ settled: 2 },
	{ verdict: "silent", inFlight: [1] },
	{ verdict: "denied", inFlight: [1] },
	{ verdict: "denied", inFlight: [2] },
	...(["harmless", "doubtful"] as const).flatMap((verdict) =>
		[[1], [2], [1, 2]].map((inFlight) => ({ verdict, inFlight })),
	),
];

/** Checks every history of that length. */
export function checkHistories(length: number, check: Check): void {
	walk([], NO_CAUTION, length, check);
}

function walk(history: readonly Happening[], caution: Caution, more: number, check: Check): void {
	const what = JSON.stringify(history);
	check.same([...caution.suspects].sort(), suspectsOf(history), `suspects after ${what}`);
	const { accused, denials } = caution;
	check.same({ accused, denials }, accusationOf(history), `accusation after ${what}`);
	if (more === 0) return;
	for (const happening of HAPPENINGS) walk([...history, happening], next(caution, happening), more - 1, check);
}

function next(caution: Caution, happening: Happening): Caution {
	if ("settled" in happening) return cautionWithout(caution, happening.settled);
	return cautionAfter(caution, happening.verdict, happening.inFlight);
}

/** Those in flight at an end that they may have caused, and not settled since. */
function suspectsOf(history: readonly Happening[]): number[] {
	return [1, 2].filter((id) => {
		const since = history.slice(history.map((happening) => isSettling(happening, id)).lastIndexOf(true) + 1);
		return since.some(
			(happening) =>
				"verdict" in happening && ["denied", "doubtful"].includes(happening.verdict) && happening.inFlight.includes(id),
		);
	});
}

/** The one denied last, unless something is to be said for it since; and how often before that, with nothing between. */
function accusationOf(history: readonly Happening[]): { accused: number; denials: number } {
	const last = history.filter((happening) => isDenial(happening)).pop();
	if (last === undefined) return { accused: 0, denials: 0 };
	const accused = last.inFlight[0]!;
	let denials = 0;
	for (const happening of [...history].reverse()) {
		if (isDenial(happening)) {
			if (happening.inFlight[0] !== accused) break;
			denials++;
		} else if (isSettling(happening, accused) || isOtherEnd(happening, accused)) break;
	}
	return denials === 0 ? { accused: 0, denials: 0 } : { accused, denials };
}

function isDenial(happening: Happening): happening is Extract<Happening, { readonly verdict: Verdict }> {
	return "verdict" in happening && happening.verdict === "denied";
}

function isSettling(happening: Happening, id: number): boolean {
	return "settled" in happening && happening.settled === id;
}

function isOtherEnd(happening: Happening, id: number): boolean {
	return "verdict" in happening && happening.verdict !== "silent" && happening.inFlight.includes(id);
}
