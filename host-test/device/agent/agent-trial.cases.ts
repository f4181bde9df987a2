/**
 * Trials that go wrong: a credential that cannot be used at all, a store that does not take the verdict, a network that is away,
 * and a gateway that takes neither credential.
 * @module
 */
import { encodeCredentialRecord } from "../../../src/device/credential/index.js";
import type { Cases } from "../case.js";
import { testKeyPkcs1 } from "../signing/test-key.js";
import { TornStore } from "../torn-store.js";
import { CREDENTIAL, PoweredAgent, type PowerUp, tornStoreWith } from "./powered-agent.js";

const TOPIC = "devices/dev1/credential";
const OLD = { ...CREDENTIAL, token: "OLD", rotationTopic: TOPIC };
const NEW = { ...OLD, token: "NEW" };

const RSA_RECORD = {
	sequence: 2,
	credential: {
		mode: "rsa",
		clientId: "dev1",
		endpoint: { host: "gateway.test", port: 443, serverName: "gateway.test" },
		tokenKeyName: "t",
		token: "NEW",
	},
} as const;

/** A device that is switched on with a candidate that signs, beside the old credential, which has connected. */
function withCandidate(privateKey: Uint8Array, more: PowerUp = {}): PoweredAgent {
	const { store } = online();
	store.values.set("credential2", encodeCredentialRecord({ ...RSA_RECORD, origin: "rotated", privateKey }));
	return new PoweredAgent({ ...more, store });
}

/** A device that is online with the old credential, and whose store can fail. */
function online(more: PowerUp = {}): { world: PoweredAgent; store: TornStore } {
	const store = tornStoreWith(OLD);
	const world = new PoweredAgent({ store, ...more });
	world.bringOnline();
	world.clock.advance(2_000);
	return { world, store };
}

/** A message on the rotation topic, and the turns that it takes until the device connects with it. */
function send(world: PoweredAgent, credential: object | string, retain = false, topic = TOPIC): void {
	world.network.last.receive(topic, credential, retain);

	for (let turn = 0; turn < 3; turn++) world.clock.advance(0);
	world.clock.advance(1_000);
}

export const cases: Cases = {
	"where the gateway takes neither, they take turns by the rule of the refusal, not in a storm": (check) => {
		const { world, store } = online();
		send(world, NEW);
		const ends = [];
		const before = store.mutations.length;
		for (let i = 0; i < 8; i++) {
			world.refuse();
			ends.push(`${world.token} ${world.over}`);
			world.retry();
			world.forget();
		}
		check.same(ends, [
			"NEW credential-rejected 3500",
			"OLD refused 25000",
			"NEW refused 40000",
			"OLD refused 70000",
			"NEW refused 130000",
			"OLD refused 250000",
			"NEW refused 490000",
			"OLD refused 910000",
		]);
		check.is(store.mutations.length - before <= 16, true, `${store.mutations.length - before} writes`);
	},
	"a network that goes away after a rejection wears out neither patience nor store": (check) => {
		const { world, store } = online();
		send(world, NEW);
		world.refuse();
		check.is(world.over, "credential-rejected 3500");
		world.retry();
		const before = store.mutations.length;
		for (let i = 0; i < 100; i++) {
			world.network.last.fail("unreachable");
			check.is(i < 20 || world.over === "network 31000", true, `by the network's own rule: ${world.over}`);
			world.retry();
			world.clock.advance(1_000);
			world.forget();
		}
		check.is(store.mutations.length - before <= 10, true, `${store.mutations.length - before} writes`);
		for (let i = 0; i < 8 && world.agent.state !== "online"; i++) {
			if (world.token === undefined) world.network.last.writable();
			if (world.token === "OLD") world.network.last.deliver({ type: "connack", sessionPresent: false, code: 0 });
			else {
				world.network.last.deliver({ type: "connack", sessionPresent: false, code: 0x87 });
				world.retry();
			}
			world.forget();
		}
		check.is(world.agent.state, "online");
	},
	"a credential that has connected is kept, though the store did not take that": (check) => {
		const { world, store } = online();
		send(world, NEW);
		store.failAt(store.mutations.length, "before");
		world.bringOnline();
		check.is(world.last("store-failed")?.error.code, "store-failed");
		check.is(world.agent.status.isOnTrial, true);
		for (let i = 0; i < 5; i++) {
			world.network.last.deliver({ type: "disconnect", code: 0x87 });
			world.retry();
			check.is(i > 0 || world.agent.status.isOnTrial, true);
			world.network.last.writable();
			check.is(world.token, "NEW", `after denial ${i}`);
			world.network.last.deliver({ type: "connack", sessionPresent: false, code: 0 });
			world.forget();
		}
		check.is(world.agent.status.isOnTrial, false, "proven by the next connection");
	},
	"a store that does not take a rejection does not hold the device to what was rejected": (check) => {
		const { world, store } = online();
		send(world, NEW);
		store.failAt(store.mutations.length, "before");
		world.refuse();
		check.is(world.over, "credential-rejected 3500");
		check.is(world.names.includes("store-failed"), true);
		world.retry();
		world.bringOnline();
		check.is(world.token, "OLD");
	},
	"an application that restarts the device as the old one is read has none of the past life's outcome": (check) => {
		let isArmed = false;
		const { world } = online({
			react: ({ event }, agent) => {
				if (event !== "credential-read" || !isArmed) return;
				isArmed = false;
				agent.stop();
				agent.start();
			},
		});
		send(world, NEW);
		isArmed = true;
		world.forget();
		world.refuse();
		check.is(world.names.includes("over"), false, world.names);
		check.is(world.agent.status.retryAt, undefined);
		world.clock.advance(1_000);
		world.bringOnline();
		check.is(world.token, "OLD");
	},
	"a store that is emptied while a credential is on trial leaves an agent that has failed by name": (check) => {
		const { world, store } = online();
		send(world, NEW);
		store.values.clear();
		world.refuse();
		world.retry();
		check.is(world.agent.state, "failed");
		check.is(world.last("failed")?.error.code, "not-provisioned");
	},
	"a store that cannot be read after a rejection is read again": (check) => {
		const { world, store } = online();
		send(world, NEW);
		for (const key of ["credential", "credential2"]) store.unreadable.add(key);
		world.refuse();
		check.is(world.agent.state, "waiting");
		world.retry();
		check.is(world.over.split(" ")[0], "store-failed");
		store.unreadable.clear();
		world.retry();
		world.bringOnline();
		check.is(world.agent.state, "online");
		check.is(world.token, "OLD");
	},
	"one whose key cannot sign is given up": (check) => {
		const world = withCandidate(testKeyPkcs1(), { ports: { signer: () => new Uint8Array(256) } });
		for (let i = 0; i < 2; i++) {
			check.is(world.over.split(" ")[0], "signing-failed");
			world.retry();
		}
		check.is(world.over.split(" ")[0], "credential-rejected");
		world.retry();
		world.bringOnline();
		check.is(world.token, "OLD");
	},
	"one whose key is none is given up at once": (check) => {
		const world = withCandidate(Uint8Array.of(0x30, 0));
		check.is(world.over, "credential-rejected 3500");
		world.retry();
		world.bringOnline();
		check.is(world.token, "OLD");
	},
	"the only one there is, with a key that is none, fails by name": (check) => {
		const record = { ...RSA_RECORD, origin: "provisioned", privateKey: Uint8Array.of(0x30, 0) } as const;
		const world = new PoweredAgent({ store: new TornStore({ credential: encodeCredentialRecord(record) }) });
		check.is(world.agent.state, "failed");
		check.is(world.last("failed")?.error.step, "signing");
	},
	"a record that is spoiled after it was read is read anew, and the other one is used": (check) => {
		const { store } = online();
		const record = encodeCredentialRecord({ ...RSA_RECORD, origin: "rotated", privateKey: testKeyPkcs1() });
		store.values.set("credential2", record);
		const world = new PoweredAgent({
			store,
			react: (event) => {
				if (event.event === "credential-read" && event.credential.mode === "rsa") record.fill(0, 20, 30);
			},
		});
		check.is(world.over.split(" ")[0], "signing-failed");
		world.retry();
		world.bringOnline();
		check.is(world.token, "OLD");
	},
	"a wrong clock is not the credential's fault": (check) => {
		const { world } = online({ has: ["timeSource"] });
		send(world, NEW);
		world.network.last.fail("tls-trust", { detail: "certificate-expired" });
		check.is(world.over.split(" ")[0], "tls-trust");
		world.retry();
		check.is(world.agent.state, "synchronizing");
		world.time.set(1_800_000_000_000);
		world.clock.advance(1_000);
		world.bringOnline();
		check.is(world.token, "NEW");
	},
	"a connection that is cut while it comes about is not its fault yet": (check) => {
		for (const isConnecting of [false, true]) {
			const { world } = online();
			send(world, NEW);
			for (let i = 0; i < 2; i++) {
				if (isConnecting) world.network.last.writable();
				world.network.last.fail("closed");
				check.is(world.over.split(" ")[0], isConnecting ? "closed-before-connack" : "tls-refused");
				world.retry();
			}
			world.bringOnline();
			check.is(world.token, "NEW");
		}
	},
	"a retained message with a credential that was refused is tried once, not at every connection": (check) => {
		const { world } = online();
		send(world, NEW, true);
		world.refuse();
		world.retry();
		world.bringOnline();
		const { connections } = world.agent.status;
		send(world, NEW, true);
		check.is(world.last("credential-unusable")?.error.code, "left-behind");
		check.same([world.agent.state, world.agent.status.connections], ["online", connections]);
	},
	"two proposals in a turn: the last one is tried": (check) => {
		const { world } = online();
		const { last } = world.network;
		for (const token of ["FIRST", "SECOND"]) last.receive(TOPIC, { ...OLD, token });
		world.clock.advance(1_000);
		world.bringOnline();
		check.is(world.token, "SECOND");
		check.is(world.events.filter(({ event }) => event === "refreshing").length, 1);
	},
	"a proposal while the device says goodbye is tried by the connection that follows": (check) => {
		const { world } = online({ options: { keepAlive: 1200 } });
		world.agent.publish({ topic: "t", payload: new Uint8Array(1), qos: 1 });
		send(world, NEW);
		check.is(world.agent.state, "refreshing");
		send(world, { ...NEW, token: "NEWER" });
		world.clock.advance(6_000);
		world.bringOnline();
		check.is(world.token, "NEWER");
	},
	"a connection lost in the turn of a proposal leads to its trial": (check) => {
		const { world } = online();
		world.network.last.receive(TOPIC, NEW);
		world.network.last.deliver({ type: "disconnect", code: 0x87 });
		check.is(world.over.split(" ")[0], "policy-denied", "the old one's, and no verdict on the new one");
		world.retry();
		world.bringOnline();
		check.is(world.token, "NEW");
	},
	"the topic for the next one is that of the credential in use": (check) => {
		const { world } = online();
		send(world, { ...NEW, rotationTopic: "elsewhere" });
		world.bringOnline();
		const subscribe = world.network.last.sent[1];
		check.is(subscribe?.type === "subscribe" && subscribe.subscriptions[1]?.filter, "elsewhere");
		send(world, { ...NEW, token: "NEWER" });
		check.is(world.agent.state, "online");
		send(world, { ...NEW, token: "NEWER" }, false, "elsewhere");
		world.bringOnline();
		check.is(world.token, "NEWER");
	},
};
