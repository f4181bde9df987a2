/**
 * Power is lost at every byte of every write of whole rotations, twice in a row, and anywhere in lives that nobody planned.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { provisionStore } from "../../../src/device/credential/index.js";
import { check } from "../case.js";
import { type Leftover, leftoversOf, type TornStore } from "../torn-store.js";
import { digest, json } from "./played-vault.js";
import {
	begin,
	crash,
	expectRecovery,
	type Gateway,
	getOnline,
	interrupted,
	LIVES,
	mutationsIn,
	rotate,
	someLeftoversOf,
} from "./power-loss.js";

for (const [title, life] of Object.entries(LIVES)) {
	test(`whatever length a write is torn at, the device gets online, at once or after crashes: ${title}`, (t) => {
		const { first, mutations } = mutationsIn(life);
		let cuts = 0;
		for (let at = first; at < mutations.length; at++)
			for (const [number, leftover] of leftoversOf(mutations[at]!).entries()) {
				const { store, gateway } = interrupted(life, at, leftover)!;
				expectRecovery(check, store, gateway, `mutation ${at}, ${JSON.stringify(leftover)}`, number % 6);
				cuts++;
			}
		t.true(cuts > 200, `${cuts} cuts`);
	});

	test(`power lost again on the way back leaves a device that gets online: ${title}`, (t) => {
		const { first, mutations } = mutationsIn(life);
		let cuts = 0;
		const recover = (store: TornStore, gateway: Gateway) => {
			getOnline(store, gateway);
			rotate(store, gateway, "again");
			getOnline(store, gateway);
		};
		for (let at = first; at < mutations.length; at++)
			for (const leftover of someLeftoversOf(mutations[at]!))
				for (let next = 0; next < 6; next++)
					for (const second of ["before", "after", "absent", { torn: 9 }] as const) {
						const { store, gateway } = interrupted(life, at, leftover)!;
						if (!isCutIn(store, next, second, () => recover(store, gateway))) break;
						expectRecovery(check, store, gateway, JSON.stringify([at, leftover, next, second]));
						cuts++;
					}
		t.true(cuts > 300, `${cuts} cuts`);
	});
}

/** Whether the power is lost in `act`, in its `next`-th mutation; it is back then. */
function isCutIn(store: TornStore, next: number, leftover: Leftover, act: () => void): boolean {
	store.cutAt(store.mutations.length + next, leftover);
	try {
		act();
	} catch (error) {
		if (!store.isCut) throw error;
	}
	const { isCut } = store;
	store.powerUp();
	return isCut;
}

/** What may happen to a device, and in which of its mutations the power is lost or the store fails. */
const happenings = fc.record({
	what: fc.constantFrom("get online", "crash", "rotate", "rotate to a bad one", "provision"),
	trouble: fc.option(
		fc.record({
			at: fc.nat({ max: 3 }),
			leftover: fc.oneof(
				fc.constantFrom<Leftover>("before", "after", "absent"),
				fc.nat({ max: 140 }).map((torn) => ({ torn })),
			),
			isCut: fc.boolean(),
		}),
		{ nil: undefined },
	),
});

type Happening = typeof happenings extends fc.Arbitrary<infer T> ? T : never;

function happen({ what }: Happening, token: string, store: TornStore, gateway: Gateway): void {
	if (what === "crash") crash(store);
	else if (what === "rotate") rotate(store, gateway, token);
	else if (what === "rotate to a bad one") rotate(store, gateway, `bad ${token}`);
	else getOnline(store, gateway);
}

/** By hand, with the device on the table: nothing is lost, and what it had is worth nothing any more. */
function provision(token: string, store: TornStore, gateway: Gateway): void {
	gateway.announce(token);
	gateway.connect(token);
	provisionStore(store, json(token), digest);
}

/** @returns whether there was trouble, and what happened ended by it. */
function happenInTrouble(happening: Happening, token: string, store: TornStore, gateway: Gateway): boolean {
	const { trouble } = happening;
	const at = store.mutations.length + (trouble?.at ?? 0);
	if (trouble?.isCut) store.cutAt(at, trouble.leftover);
	else if (trouble !== undefined) store.failAt(at, trouble.leftover);
	try {
		happen(happening, token, store, gateway);
		return false;
	} catch (error) {
		// What the trouble comes to is the store's error, or the vault's of the store's.
		if (trouble === undefined || at >= store.mutations.length) throw error;
		return true;
	} finally {
		store.powerUp();
	}
}

test("whatever happens to a device, at the end it gets online and takes new credentials", (t) => {
	let troubles = 0;
	fc.assert(
		fc.property(fc.array(happenings, { maxLength: 14 }), (history) => {
			const { store, gateway } = begin();
			for (const [number, happening] of history.entries()) {
				const token = `t${number}`;
				if (happening.what === "provision") provision(token, store, gateway);
				else if (happenInTrouble(happening, token, store, gateway)) troubles++;
			}
			expectRecovery(check, store, gateway, JSON.stringify(history));
		}),
		{ numRuns: 1500 },
	);
	t.true(troubles > 300, `${troubles} troubles`);
});
