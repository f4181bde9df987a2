/**
 * The power is lost at every write of a life in which messages are published and the credential is rotated, in a store that
 * tears what it writes: no message that was taken is lost, and no device is left without a credential that connects.
 * @module
 */
import type { Cases, Check } from "../case.js";
import type { Leftover, Mutation, TornStore } from "../torn-store.js";
import { PlayedGateway } from "./played-gateway.js";
import { CREDENTIAL, PoweredAgent, tornStoreWith } from "./powered-agent.js";

const OLD = { ...CREDENTIAL, token: "old", rotationTopic: "devices/dev1/credential" };
const NEW = { ...OLD, token: "new" };

/** Milliseconds within which a life ends well: all backoffs of three trials, and some. */
const LIFE = 3_600_000;

/** Which credentials the gateway takes, told who has been let in. */
type Rule = (token: string, admitted: readonly string[]) => boolean;

const RULES: Readonly<Record<string, Rule>> = {
	"takes both credentials": () => true,
	"never takes the new one": (token) => token === "old",
	"takes the old one until the new one has connected": (token, admitted) =>
		token === "new" || !admitted.includes("new"),
};

/** Leftovers of each kind; torn ones at the places where a record's parts end. */
function leftoversOf({ bytes }: Mutation): Leftover[] {
	if (bytes === undefined) return ["before", "after"];
	const lengths = new Set(
		[0, 1, 4, Math.floor(bytes / 2), bytes - 4, bytes - 1, bytes].filter((length) => length >= 0),
	);
	return ["before", "after", "absent", ...[...lengths].map((torn) => ({ torn }))];
}

/** What a store tells by exceptions that are not the device's own errors ends a life as the power's end does. */
function live(act: () => void): void {
	try {
		act();
	} catch (error) {
		if ((error as Error).name !== "PowerCut") throw error;
	}
}

/** A life: messages 1 to 3, a new credential, messages 4 and 5. @returns the messages that were taken. */
function firstLife(store: TornStore, rule: Rule, admitted: string[]): { taken: number[]; arrived: number[] } {
	const taken: number[] = [];
	const world = new PoweredAgent({ store });
	const gateway = new PlayedGateway(world.network, (token) => rule(token, admitted));
	const publish = (value: number) => {
		try {
			world.agent.publish({ topic: "t", payload: Uint8Array.of(value), qos: 1 });
			taken.push(value);
		} catch {
			// Refused, or the power is off: then it was not taken.
		}
	};
	live(() => {
		publish(1);
		publish(2);
		gateway.run(world.clock, 5_000);
		publish(3);
		world.network.last.receive(OLD.rotationTopic, NEW);
		publish(4);
		gateway.run(world.clock, 60_000);
		publish(5);
		gateway.run(world.clock, 60_000);
	});
	admitted.push(...gateway.admitted);
	return { taken, arrived: gateway.taken };
}

/** The next life. @returns what arrived in it. */
function secondLife(check: Check, store: TornStore, rule: Rule, admitted: string[], what: string): number[] {
	const world = new PoweredAgent({ store });
	const gateway = new PlayedGateway(world.network, (token) => rule(token, admitted));
	const isDone = () => world.agent.state === "online" && world.agent.status.outbox.messages === 0;
	gateway.run(world.clock, LIFE, isDone);
	check.is(world.agent.state, "online", what);
	check.is(world.agent.status.outbox.messages, 0, what);
	admitted.push(...gateway.admitted);
	world.agent.stop();
	return gateway.taken;
}

function cutEverywhere(check: Check, rule: Rule): void {
	const dry = tornStoreWith(OLD);
	firstLife(dry, rule, []);
	check.is(dry.mutations.length >= 12, true, `${dry.mutations.length} mutations`);
	let lives = 0;
	dry.mutations.forEach((mutation, at) => {
		for (const leftover of leftoversOf(mutation)) {
			const what = `${mutation.key} ${at} ${JSON.stringify(leftover)}`;
			const store = tornStoreWith(OLD);
			store.cutAt(at, leftover);
			const admitted: string[] = [];
			const { taken, arrived } = firstLife(store, rule, admitted);
			check.is(store.isDue, false, `${what}: the cut came`);
			store.powerUp();
			arrived.push(...secondLife(check, store, rule, admitted, what));
			// And once more: what the second life has written is whole.
			arrived.push(...secondLife(check, store, rule, admitted, `${what}, third life`));
			for (const value of taken) check.is(arrived.includes(value), true, `${what}: message ${value}`);
			lives++;
		}
	});
	check.is(lives > 60, true, `${lives} lives`);
}

export const cases: Cases = Object.fromEntries(
	Object.entries(RULES).map(([title, rule]) => [
		`power lost at every write, by a gateway that ${title}`,
		(check: Check) => cutEverywhere(check, rule),
	]),
);
