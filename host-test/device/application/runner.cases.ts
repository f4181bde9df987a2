/**
 * What an application may rely on.
 * @module
 */
import type { Application, Message } from "../../../src/device/application/index.js";
import type { Cases } from "../case.js";
import { PlayedApplication, startedWith } from "./played-application.js";

/** With a key that nobody reads: there is nothing to update. */
const UPDATED: Application = { update: { topic: ({ clientId }) => `devices/${clientId}/update`, publicKey: "" } };

export const cases: Cases = {
	"where the platform cannot be updated it is told at power-up, and the device goes on without": (check) => {
		const world = new PlayedApplication(UPDATED);
		world.bringOnline();
		world.runner.start();
		const told = () => world.events.filter(({ event }) => event === "updates-unavailable").length;
		check.is(told(), 1);
		check.is(world.events[0]?.event, "updates-unavailable");
		check.is(world.network.last.types, "connect");
		world.runner.stop();
		world.runner.start();
		check.is(told(), 2);
	},
	"who is told of it may switch the device off": (check) => {
		let isStrict = false;
		const world: PlayedApplication = new PlayedApplication(UPDATED, {
			onEvent: () => isStrict && world.runner.stop(),
		});
		world.runner.stop();
		isStrict = true;
		world.runner.start();
		world.clock.advance(10_000);
		check.is(world.runner.status.state, "off");
		check.is(world.network.open.length, 0);
	},
	"it is started once, before the device is online, and knows who it is": (check) => {
		const ids: string[] = [];
		const world = new PlayedApplication({ start: ({ clientId }) => ids.push(clientId) });
		check.same(ids, ["dev1"]);
		check.is(world.network.last.types, "");
		world.bringOnline();
		world.network.last.fail("closed");
		world.clock.advance(10_000);
		world.bringOnline();
		check.same(ids, ["dev1"]);
	},
	"its subscriptions are for who the device is, at QoS 1": (check) => {
		const world = new PlayedApplication({ subscriptions: ({ clientId }) => [`devices/${clientId}/commands`] });
		world.bringOnline();
		const [, subscribe] = world.network.last.sent;
		check.same(subscribe?.type === "subscribe" && subscribe.subscriptions, [
			{ filter: "devices/dev1/commands", qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
		]);
	},
	"text goes as it is, bytes as they are, all else as JSON": (check) => {
		const { world, device } = startedWith();
		world.bringOnline();
		device.publish("a", "text");
		device.publish("a", Uint8Array.of(0x7a));
		device.publish("a", { celsius: 21.5, ok: true, list: [null, 1] });
		device.publish("a", 7);
		check.same(world.published, ["a text", "a z", 'a {"celsius":21.5,"ok":true,"list":[null,1]}', "a 7"]);
	},
	"what is published while the device is not online waits, at QoS 1": (check) => {
		const { world, device } = startedWith();
		device.publish("a", "early");
		check.throws(() => device.publish("a", "now or never", { qos: 0 }), { code: "offline" });
		world.bringOnline();
		check.same(world.published, ["a early"]);
	},
	"a message is handed over with its text and its JSON, then acknowledged": (check) => {
		const seen: unknown[] = [];
		const world = new PlayedApplication({
			message: (message: Message) => seen.push([message.topic, message.text(), message.json()]),
		});
		world.bringOnline();
		world.receive("t", { led: "on" });
		world.receive("t", "[1]");
		world.receive("t", "no json");
		world.receive("t", Uint8Array.of(0xff));
		check.same(seen, [
			["t", '{"led":"on"}', { led: "on" }],
			["t", "[1]", undefined],
			["t", "no json", undefined],
			["t", undefined, undefined],
		]);
		check.is(world.network.last.types, "connect puback puback puback puback");
	},
	"a message of thousands of brackets is no JSON, and breaks no stack": (check) => {
		const seen: unknown[] = [];
		const world = new PlayedApplication({ message: (message) => seen.push(message.json()) });
		world.bringOnline();
		world.receive("t", '{"a":'.repeat(1_500));
		world.receive("t", "[".repeat(8_000));
		world.receive("t", '{"a":{"b":{"c":[1,{"d":"[[[[[[[[[[[[[[[[[["}]}}}');
		check.same(seen, [undefined, undefined, { a: { b: { c: [1, { d: "[".repeat(18) }] } } }]);
	},
	"an exception of the application is told, and ends nothing": (check) => {
		const boom = (what: string) => () => {
			throw new Error(what);
		};
		const world = new PlayedApplication({
			subscriptions: boom("filters"),
			start(device) {
				device.every(100, boom("tick"));
				throw new TypeError("start");
			},
			message: boom("message"),
			changed: boom("changed"),
		});
		world.bringOnline();
		world.receive("t", "x");
		world.clock.advance(250);
		check.is(world.runner.status.state, "online");
		check.same([...new Set(world.faults)].sort(), [
			"a timer: Error: tick",
			"changed: Error: changed",
			"message: Error: message",
			"start: TypeError: start",
			"subscriptions: Error: filters",
		]);
		check.is(world.faults.filter((fault) => fault.includes("tick")).length, 2);
		check.is(world.network.last.types, "connect puback");
	},
	"timers: again and again, once, and taken back": (check) => {
		const { world, device } = startedWith();
		const ran: string[] = [];
		const cancel = device.every(10, () => ran.push("every"));
		device.after(15, () => ran.push("after"));
		const never = device.after(12, () => ran.push("never"));
		never();
		never();
		world.clock.advance(35);
		cancel();
		world.clock.advance(100);
		check.is(ran.join(" "), "every after every every");
		check.throws(() => device.every(0, () => {}), { name: "RangeError" });
		check.throws(() => device.after(-1, () => {}), { name: "RangeError" });
	},
	"stop ends its timers, and start begins it anew": (check) => {
		let starts = 0;
		let ticks = 0;
		const world = new PlayedApplication({
			start(device) {
				starts++;
				device.every(10, () => ticks++);
			},
		});
		world.runner.stop();
		check.is(world.clock.pending, 0);
		world.runner.start();
		world.clock.advance(2_000);
		check.is(starts, 2);
		check.is(ticks, 200);
	},
	"what it keeps survives a restart": (check) => {
		const { world, device } = startedWith();
		check.is(device.recall("count"), undefined);
		device.remember("count", { boots: 1 });
		let recalled: unknown;
		new PlayedApplication({ start: (next) => (recalled = next.recall("count")) }, { store: world.store });
		check.same(recalled, { boots: 1 });
		for (const name of ["", "twelve_chars", "ä", "a/b"])
			check.throws(() => device.remember(name, 1), { step: "application", code: "unusable-name" });
	},
	"a store that fails is told by name": (check) => {
		const { world, device } = startedWith();
		Object.assign(world.store, {
			write: () => {
				throw new Error("flash");
			},
		});
		check.throws(() => device.remember("a", 1), { step: "application", code: "store-failed" });
	},
	"it is told of each state, in a turn of its own": (check) => {
		const states: string[] = [];
		const world = new PlayedApplication({ changed: ({ state }) => states.push(state) });
		world.bringOnline();
		world.network.last.fail("closed");
		world.clock.advance(0);
		check.is(states[states.length - 1], "waiting");
		check.is(states.includes("online"), true);
	},
	"how the last run ended is reported by the next connection, when nobody meant it to": (check) => {
		const reportTopic = ({ clientId }: { clientId: string }) => `devices/${clientId}/reset`;
		const world = new PlayedApplication({ reportTopic }, { reset: { reason: "panic", message: "TypeError: x" } });
		world.bringOnline();
		check.same(world.published, ['devices/dev1/reset {"reset":"panic","message":"TypeError: x"}']);
		for (const reason of ["power-on", "software", "deep-sleep", "update", "unknown"]) {
			const quiet = new PlayedApplication({ reportTopic }, { reset: { reason } });
			quiet.bringOnline();
			check.same(quiet.published, [], reason);
		}
	},
	"restart restarts where the platform can": (check) => {
		const { world, device } = startedWith();
		device.restart();
		check.is(world.restarts, 1);
	},
	"how it connects is the application's choice": (check) => {
		const world = new PlayedApplication({ connection: { keepAlive: 1200, maximumPacketSize: 1024 } });
		world.bringOnline();
		const [connect] = world.network.last.sent;
		check.same(connect?.type === "connect" && [connect.keepAlive, connect.properties?.maximumPacketSize], [1200, 1024]);
		check.throws(() => new PlayedApplication({ connection: { keepAlive: 1 } }), { name: "RangeError" });
	},
};
