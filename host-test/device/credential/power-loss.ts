/**
 * A device's life over a store whose power is lost somewhere in it, and the gateway it lives with: one that takes nothing but
 * the newest credential that it has seen, and what it has made ready since.
 * @module
 */
import { type CredentialVault, provisionStore, type SelectedCredential } from "../../../src/device/credential/index.js";
import type { Check } from "../case.js";
import { type Leftover, leftoversOf, type Mutation, TornStore } from "../torn-store.js";
import { digest, json, mutationsOf, powerUp, told } from "./played-vault.js";

/** Tokens that the gateway has never taken begin with this. */
const BAD = "bad";

export class Gateway {
	/** Oldest first. */
	private taken: string[] = [];

	/** Somebody makes a new credential known to it. */
	announce(token: string): void {
		if (!token.startsWith(BAD)) this.taken.push(token);
	}

	/** A device tries to connect; the credentials before the one that it comes with are worth nothing any more. */
	connect(token: string): boolean {
		const at = this.taken.indexOf(token);
		if (at < 0) return false;
		this.taken = this.taken.slice(at);
		return true;
	}
}

function tokenOf({ credential }: SelectedCredential): string {
	return credential.mode === "unsigned" ? credential.token! : credential.mode;
}

/** A power-up of a device that is online at its end, at the latest after it has tried each credential; the one it uses then. */
export function getOnline(store: TornStore, gateway: Gateway): string {
	return online(store, gateway).token;
}

function online(store: TornStore, gateway: Gateway): { vault: CredentialVault; token: string } {
	const vault = powerUp(store);
	for (let i = 0; i < 3; i++) {
		const token = tokenOf(vault.select());
		// A vault gets around a store that fails; a device whose power is lost does nothing more.
		if (store.isCut) throw new Error("the power is off");
		if (gateway.connect(token)) {
			vault.prove();
			return { vault, token };
		}
		vault.reject();
	}
	throw new Error("no credential connects");
}

/** A power-up that ends before the device gets anywhere, as of a credential that crashes it. */
export function crash(store: TornStore): void {
	powerUp(store).select();
}

/** A new credential arrives while the device is online, and it restarts. */
export function rotate(store: TornStore, gateway: Gateway, token: string): void {
	const { vault } = online(store, gateway);
	gateway.announce(token);
	vault.propose(json(token));
}

/** A device that has connected with the credential that it was given. */
export function begin(): { store: TornStore; gateway: Gateway } {
	const store = new TornStore();
	const gateway = new Gateway();
	gateway.announce("0");
	provisionStore(store, json("0"), digest);
	getOnline(store, gateway);
	return { store, gateway };
}

type Life = (store: TornStore, gateway: Gateway) => void;

/** Whole rotations: good ones, bad ones, one that crashes the device, one after the other and over each other. */
export const LIVES: Readonly<Record<string, Life>> = {
	"two good ones": (store, gateway) => {
		for (const token of ["1", "2"]) {
			rotate(store, gateway, token);
			getOnline(store, gateway);
		}
	},
	"a bad one, then a good one": (store, gateway) => {
		rotate(store, gateway, "bad 1");
		getOnline(store, gateway);
		rotate(store, gateway, "2");
		getOnline(store, gateway);
	},
	"one that crashes the device, then a good one": (store, gateway) => {
		rotate(store, gateway, "bad 1");
		for (let i = 0; i < 3; i++) crash(store);
		getOnline(store, gateway);
		rotate(store, gateway, "2");
		getOnline(store, gateway);
	},
	"a good one that is out of luck twice": (store, gateway) => {
		rotate(store, gateway, "1");
		for (let i = 0; i < 2; i++) crash(store);
		getOnline(store, gateway);
	},
	"one over another that was never tried": (store, gateway) => {
		rotate(store, gateway, "1");
		const vault = powerUp(store);
		vault.select();
		gateway.announce("2");
		vault.propose(json("2"));
		getOnline(store, gateway);
	},
};

/** Mutations of a life that nothing happens to, from the one after {@link begin} on. */
export function mutationsIn(life: Life): { readonly first: number; readonly mutations: readonly Mutation[] } {
	const { store, gateway } = begin();
	const first = store.mutations.length;
	life(store, gateway);
	return { first, mutations: store.mutations };
}

/** The ones that matter most, of what a mutation can leave. */
export function someLeftoversOf(mutation: Mutation): Leftover[] {
	const { bytes = 0 } = mutation;
	const lengths = [0, 4, bytes >> 1, bytes - 1];
	return leftoversOf(mutation).filter((leftover) => typeof leftover === "string" || lengths.includes(leftover.torn));
}

/** A life that the power is lost in; `undefined` where it is over before. */
export function interrupted(
	life: Life,
	at: number,
	leftover: Leftover,
): { store: TornStore; gateway: Gateway } | undefined {
	const { store, gateway } = begin();
	store.cutAt(at, leftover);
	try {
		life(store, gateway);
	} catch (error) {
		if (!store.isCut) throw error;
	}
	if (!store.isCut) return undefined;
	store.powerUp();
	return { store, gateway };
}

/**
 * What must hold from then on: no power-up is without a credential, however many end before the device gets anywhere; then it
 * gets online, stays with what it has, and rotates.
 */
export function expectRecovery(check: Check, store: TornStore, gateway: Gateway, what: string, crashes = 0): void {
	for (let i = 0; i < crashes; i++) crash(store);
	const token = getOnline(store, gateway);
	check.is(
		mutationsOf(store, () => check.is(told(powerUp(store).select()), token, what)),
		0,
		what,
	);
	check.is(
		mutationsOf(store, () => check.is(getOnline(store, gateway), token, what)),
		0,
		what,
	);
	rotate(store, gateway, "last");
	check.is(getOnline(store, gateway), "last", what);
}
