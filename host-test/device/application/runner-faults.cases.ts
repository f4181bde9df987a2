/**
 * Applications that do not keep to their types, and what they throw.
 * @module
 */
import type { Application, Json } from "../../../src/device/application/index.js";
import type { Cases } from "../case.js";
import { PlayedApplication, startedWith } from "./played-application.js";

/** What an application in JavaScript may give. */
const anything = (value: unknown) => value as never;

export const cases: Cases = {
	"subscriptions that are no list of texts are told, and the device is online without them": (check) => {
		for (const [given, fault] of [
			[7, "TypeError: expected a list of topic filters, got a number"],
			["a/b", "TypeError: expected a list of topic filters, got a string"],
			[{ filter: "a" }, "TypeError: expected a list of topic filters, got a object"],
			[["a", 7], "TypeError: expected topic filters, got a number"],
			[[undefined], "TypeError: expected topic filters, got a undefined"],
		] as const) {
			const world = new PlayedApplication({ subscriptions: () => anything(given) });
			world.bringOnline();
			check.is(world.runner.status.state, "online", JSON.stringify(given));
			check.is(world.network.last.types.includes("subscribe"), Array.isArray(given) && given[0] === "a");
			check.is(world.faults[0]?.startsWith(`subscriptions: ${fault}`), true, String(world.faults[0]));
		}
	},
	"no subscriptions at all is no fault": (check) => {
		const world = new PlayedApplication({ subscriptions: () => anything(undefined) });
		world.bringOnline();
		check.same([world.runner.status.state, world.faults], ["online", []]);
	},
	"a client id with a wildcard in it leaves a device that is online, and says which filter is none": (check) => {
		const world = new PlayedApplication({ subscriptions: () => ["devices/a#b/commands", "all"] });
		world.bringOnline();
		check.is(world.runner.status.state, "online");
		const refused = world.events.find((event) => event.event === "subscribed");
		check.same(refused?.event === "subscribed" && [refused.filters, refused.codes], [["devices/a#b/commands"], [0x8f]]);
	},
	"what JSON cannot say is refused by name, and nothing is published or kept": (check) => {
		const { world, device } = startedWith();
		const ring: { [name: string]: Json } = {};
		ring["ring"] = ring;
		for (const value of [undefined, () => 1, ring, 1n]) {
			check.throws(() => device.publish("t", anything(value)), { step: "application", code: "unusable-value" });
			check.throws(() => device.remember("a", anything(value)), { step: "application", code: "unusable-value" });
		}
		check.is(device.recall("a"), undefined);
		check.is(world.runner.status.outbox.messages, 0);
	},
	"a QoS that there is none of is refused by name": (check) => {
		const { device } = startedWith();
		for (const qos of [2, -1, Number.NaN, "1"])
			check.throws(() => device.publish("t", 1, { qos: anything(qos) }), { step: "outbox", code: "unsendable" });
	},
	"whatever an application throws, it is told and ends nothing": (check) => {
		const unreadable = Object.defineProperty(new Error("x"), "message", {
			get() {
				throw new Error("y");
			},
		});
		for (const [thrown, cause] of [
			[undefined, "undefined"],
			[null, "object"],
			["text", "string"],
			[7n, "bigint"],
			[{ name: "E", message: "m" }, "object"],
			[new RangeError("r"), "RangeError: r"],
			[unreadable, "an exception that cannot be read"],
		] as const) {
			const world = new PlayedApplication({
				message: () => {
					throw thrown;
				},
			});
			world.bringOnline();
			world.receive("t", {});
			check.same(world.faults, [`message: ${cause}`]);
			check.is(world.network.last.types, "connect puback");
		}
	},
	"an application may be an object with state of its own": (check) => {
		class Counter implements Application {
			readonly seen: string[] = [];

			subscriptions(): string[] {
				this.seen.push("subscriptions");
				return ["t"];
			}

			reportTopic(): string {
				this.seen.push("reportTopic");
				return "resets";
			}

			start(): void {
				this.seen.push("start");
			}

			message(): void {
				this.seen.push("message");
			}

			changed(): void {
				this.seen.push("changed");
			}
		}
		const application = new Counter();
		const world = new PlayedApplication(application, { reset: { reason: "panic" } });
		world.bringOnline();
		world.receive("t", {});
		check.same(world.faults, []);
		for (const name of ["subscriptions", "reportTopic", "start", "message", "changed"])
			check.is(application.seen.includes(name), true, name);
	},
	"how the last run ended is reported once a power-up": (check) => {
		const world = new PlayedApplication({ reportTopic: () => "resets" }, { reset: { reason: "watchdog" } });
		world.runner.stop();
		world.runner.start();
		world.clock.advance(1_000);
		world.bringOnline();
		check.same(world.published, ['resets {"reset":"watchdog"}']);
	},
	"an outbox that is full is told when the last run is to be reported, and the application begins": (check) => {
		let starts = 0;
		const fill: Application = {
			connection: { outbox: { capacity: 1 } },
			start: (device) => void device.publish("t", 1),
		};
		const { store } = new PlayedApplication(fill);
		const next = { ...fill, reportTopic: () => "resets", start: () => starts++ };
		const world = new PlayedApplication(next, { store, reset: { reason: "panic" } });
		check.is(world.faults[0]?.startsWith("reportTopic: DeviceError"), true);
		check.is(starts, 1);
	},
};
