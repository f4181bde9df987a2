/**
 * Runs portable cases in XS.
 * @module
 */
import { type Cases, check } from "../../device/case.js";

/** Called once, by the bundle's entry: from then on the global `runCase(name)` runs a case; it throws as the case does. */
export function runCases(cases: Cases): void {
	Object.assign(globalThis, { runCase: (name: string) => cases[name]!(check) });
}
