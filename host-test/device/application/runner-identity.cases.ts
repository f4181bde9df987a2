/**
 * A rotation that makes the device another one: client id, subscriptions and topic for updates follow, and come back when the new
 * credential is given up. And updates whose platform fails.
 * @module
 */
import type { Application, RunnerOptions } from "../../../src/device/application/index.js";
import type { FirmwareSlots } from "../../../src/device/ports.js";
import { CREDENTIAL, storeWith } from "../agent/powered-agent.js";
import type { Cases } from "../case.js";
import { answerTo, offerOf, PUBLIC_KEY, RELEASE_2 } from "../update/played-updater.js";
import { ScriptedSlots } from "../update/scripted-slots.js";
import { TestSha256 } from "../update/sha256.js";
import { PlayedApplication } from "./played-application.js";

const ROTATION = "rotation";
const DEV1 = { ...CREDENTIAL, rotationTopic: ROTATION };
const DEV2 = { ...DEV1, clientId: "dev2" };
const PEM = `-----BEGIN PUBLIC KEY-----\n${PUBLIC_KEY}\n-----END PUBLIC KEY-----\n`;

const UPDATED: Application = {
	subscriptions: ({ clientId }) => [`devices/${clientId}/commands`],
	update: { topic: ({ clientId }) => `devices/${clientId}/update`, publicKey: PEM },
};

/** A device that can be updated. */
function updatable(
	slots: FirmwareSlots = new ScriptedSlots(),
	application: Application = UPDATED,
	more: Partial<RunnerOptions> = {},
): PlayedApplication {
	const firmware = { slots, createHash: () => new TestSha256() };
	return new PlayedApplication(application, { store: storeWith(DEV1), firmware, ...more });
}

/** The gateway takes the device and its subscriptions, those for updates with this code. */
function bringOnline(world: PlayedApplication, code = 1): void {
	world.bringOnline();
	grant(world, code);
}

function grant(world: PlayedApplication, code: number): void {
	const subscribe = world.network.last.sent[1];
	if (subscribe?.type !== "subscribe") return;
	const codes = subscribe.subscriptions.map(({ filter }) => (filter.includes("update") ? code : 1));
	world.network.last.deliver({ type: "suback", packetId: subscribe.packetId, codes });
	world.clock.advance(0);
}

function filtersOf(world: PlayedApplication): string[] {
	const subscribe = world.network.last.sent[1];
	return subscribe?.type === "subscribe" ? subscribe.subscriptions.map(({ filter }) => filter) : [];
}

/** A new credential, and the turns until the device connects with it. */
function rotate(world: PlayedApplication, credential: object): void {
	world.receive(ROTATION, credential);
	for (let turn = 0; turn < 3; turn++) world.clock.advance(0);
	world.clock.advance(1_000);
}

/** Brings image 2 to the device, whole. */
function fill(world: PlayedApplication, clientId = "dev1"): void {
	const base = `devices/${clientId}/update`;
	world.receive(`${base}/offer`, offerOf(RELEASE_2));
	for (const { topic, payload } of world.publishes) {
		if (topic !== `${base}/request`) continue;
		const request = JSON.parse(String.fromCharCode(...payload));
		world.receive(`${base}/data`, answerTo(request, RELEASE_2.image));
	}
}

/** Slots of which some members throw. */
function failing(...names: (keyof FirmwareSlots)[]): ScriptedSlots {
	const slots = new ScriptedSlots({ isOnTrial: names.includes("confirm") });
	for (const name of names)
		Object.defineProperty(slots, name, {
			get: () => {
				if (name === "isOnTrial" || name === "version") throw new Error("flash");
				return () => {
					throw new Error("flash");
				};
			},
		});
	return slots;
}

export const cases: Cases = {
	"client id, subscriptions and topic for updates are those of the credential in use": (check) => {
		const world = updatable();
		bringOnline(world);
		const of = (id: string) => [
			`devices/${id}/commands`,
			`devices/${id}/update/offer`,
			`devices/${id}/update/data`,
			ROTATION,
		];
		check.same([world.runner.clientId, filtersOf(world)], ["dev1", of("dev1")]);
		rotate(world, DEV2);
		check.is(world.runner.clientId, "dev2");
		bringOnline(world);
		check.same(filtersOf(world), of("dev2"));
		fill(world, "dev2");
		check.is(
			world.events.some(({ event }) => event === "update-ready"),
			true,
		);
	},
	"a new credential that is given up gives the old ones back": (check) => {
		const world = updatable();
		bringOnline(world);
		rotate(world, DEV2);
		world.network.last.writable();
		world.network.last.deliver({ type: "connack", sessionPresent: false, code: 0x87 });
		check.is(world.runner.clientId, "dev1");
		world.clock.advance(10_000);
		bringOnline(world);
		check.is(filtersOf(world)[1], "devices/dev1/update/offer");
	},
	"a device without a topic for updates has none, and gets online": (check) => {
		const refusing = updatable(new ScriptedSlots(), {
			...UPDATED,
			update: {
				publicKey: PEM,
				topic({ clientId }) {
					if (clientId === "dev2") throw new Error("who?");
					return `devices/${clientId}/update`;
				},
			},
		});
		bringOnline(refusing);
		rotate(refusing, DEV2);
		bringOnline(refusing);
		check.same(refusing.faults, ["update: Error: who?"]);
		check.same(filtersOf(refusing), ["devices/dev2/commands", ROTATION], "nothing of the other device's");
	},
	"a topic for updates that is none leaves a device that gets online": (check) => {
		const wrong = updatable(new ScriptedSlots(), { update: { publicKey: PEM, topic: () => "a/#" } });
		bringOnline(wrong);
		check.is(wrong.runner.status.state, "online");
		check.is(wrong.faults[0]?.startsWith("update: RangeError"), true);
	},
	"an image that is complete boots in its time, and not while the device is off": (check) => {
		const slots = new ScriptedSlots();
		const world = updatable(slots);
		bringOnline(world);
		fill(world);
		world.clock.advance(4_000);
		world.runner.stop();
		check.is(world.clock.pending, 0);
		world.clock.advance(3_600_000);
		check.is(slots.count("restart"), 0);
		world.runner.start();
		world.clock.advance(5_000);
		check.is(slots.count("restart"), 1);
	},
	"an image that is complete is not written over by an update of the device's next name": (check) => {
		const slots = new ScriptedSlots();
		const world = updatable(slots);
		bringOnline(world);
		fill(world);
		world.acknowledge();
		rotate(world, DEV2);
		world.forget();
		bringOnline(world);
		check.is(world.runner.clientId, "dev2");
		world.receive("devices/dev2/update/offer", offerOf(RELEASE_2));
		check.is(slots.count("begin"), 1);
		world.clock.advance(5_000);
		check.is(slots.count("restart"), 1);
	},
	"nothing is asked for where the gateway lets no answer through": (check) => {
		const world = updatable();
		bringOnline(world, 0x87);
		world.receive("devices/dev1/update/offer", offerOf(RELEASE_2));
		world.clock.advance(60_000);
		check.same(
			world.published.filter((text) => text.includes("/request")),
			[],
		);
	},
	"an image whose trial the platform does not confirm is told, and the device is online": (check) => {
		const world = updatable(failing("confirm"));
		bringOnline(world);
		check.is(world.runner.status.state, "online");
		check.same(world.faults, ["update: Error: flash"]);
		check.is(filtersOf(world).length, 4);
	},
	"slots that cannot be read are told, and the device is online": (check) => {
		for (const name of ["isOnTrial", "version"] as const) {
			const world = updatable(failing(name));
			bringOnline(world);
			world.receive("devices/dev1/update/offer", offerOf(RELEASE_2));
			world.receive("devices/dev1/commands", {});
			check.is(world.runner.status.state, "online", name);
			check.is(world.faults.length > 0, true, name);
			check.is(world.network.last.types.endsWith("puback puback"), true, `${name}: ${world.network.last.types}`);
			world.runner.stop();
			check.is(world.clock.pending, 0, name);
		}
	},
	"a platform that cannot restart is told, and the device goes on": (check) => {
		const world = updatable(failing("restart"));
		bringOnline(world);
		fill(world);
		world.clock.advance(5_000);
		check.same(world.faults, ["update: Error: flash"]);
		check.is(world.runner.status.state, "online");
	},
	"an owner who stops the device as its image is complete has it booted by the next restart, not by this one": (
		check,
	) => {
		const slots = new ScriptedSlots();
		let world: PlayedApplication | undefined;
		world = updatable(slots, UPDATED, {
			onEvent: ({ event }) => {
				if (event === "update-ready") world?.runner.stop();
			},
		});
		bringOnline(world);
		fill(world);
		check.is(world.clock.pending, 0);
		check.is(slots.next?.[0], 2);
		check.is(slots.count("restart"), 0);
	},
	"a device that has failed waits for no part of an image": (check) => {
		const world = updatable();
		bringOnline(world);
		world.receive("devices/dev1/update/offer", offerOf(RELEASE_2));
		check.is(world.publishes.length > 0, true);
		Object.assign(world.clock, {
			setTimer() {
				throw new Error("no memory");
			},
		});
		world.network.last.fail("closed");
		check.is(world.runner.status.state, "failed");
		check.is(world.clock.pending, 0);
	},
	"an owner who stops the device as it subscribes leaves no request behind": (check) => {
		let world: PlayedApplication | undefined;
		world = updatable(new ScriptedSlots(), UPDATED, {
			onEvent: ({ event }) => {
				if (event === "subscribed") world?.runner.stop();
			},
		});
		world.bringOnline();
		world.receive("devices/dev1/update/offer", offerOf(RELEASE_2));
		grant(world, 1);
		check.is(world.runner.status.state, "off");
		check.is(world.clock.pending, 0);
	},
};
