/**
 * Power is lost at every write and delete of whole rotations; `power-loss.test.ts` leaves every length of what is written.
 * @module
 */
import type { Cases } from "../case.js";
import { expectRecovery, interrupted, LIVES, mutationsIn, someLeftoversOf } from "./power-loss.js";

export const cases: Cases = Object.fromEntries(
	Object.entries(LIVES).map(([title, life]) => [
		`power lost anywhere leaves a device that gets online: ${title}`,
		(check) => {
			const { first, mutations } = mutationsIn(life);
			for (let at = first; at < mutations.length; at++)
				for (const leftover of someLeftoversOf(mutations[at]!)) {
					const { store, gateway } = interrupted(life, at, leftover)!;
					expectRecovery(check, store, gateway, `mutation ${at}, ${JSON.stringify(leftover)}`);
				}
		},
	]),
);
