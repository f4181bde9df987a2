/**
 * The owner stops and starts the device inside every event and callback: the application is begun once a life, and nothing of a
 * past life is done in the next one.
 * @module
 */
import type { Application, Device, RunnerEvent } from "../../../src/device/application/index.js";
import type { Cases, Check } from "../case.js";
import { PlayedApplication, startedWith } from "./played-application.js";

/** A device whose owner does something in an event, once. */
function ownedDevice(
	when: string,
	deed: (world: PlayedApplication) => void,
	more: Pick<Application, "subscriptions"> = {},
) {
	const log: string[] = [];
	let isDone = false;
	let world: PlayedApplication | undefined;
	const onEvent = (event: RunnerEvent) => {
		log.push(event.event);
		if (event.event !== when || isDone || world === undefined) return;
		isDone = true;
		deed(world);
	};
	world = new PlayedApplication(
		{
			...more,
			start: () => log.push("START"),
			message: () => log.push("MESSAGE"),
			changed: ({ state }) => log.push(`CHANGED ${state}`),
		},
		{ onEvent },
	);
	return { world, log, isDone: () => isDone };
}

const restart = ({ runner }: PlayedApplication) => {
	runner.stop();
	runner.start();
};

/** Nothing is left of a device that is off. */
function expectOff(check: Check, { runner, clock, network }: PlayedApplication, what: string): void {
	check.is(runner.status.state, "off", what);
	check.is(clock.pending, 0, what);
	check.is(network.open.length, 0, what);
}

export const cases: Cases = {
	"a device that is stopped and started in an event begins its application once a life": (check) => {
		for (const event of ["credential-read", "connecting", "secured", "online", "subscribed", "message", "over"]) {
			const { world, log, isDone } = ownedDevice(event, restart, { subscriptions: () => ["t"] });
			// The first credential is read before the world is there: a life more for that event.
			world.runner.stop();
			world.runner.start();
			world.clock.advance(1_000);
			for (let i = 0; i < 2; i++) {
				world.bringOnline();
				const subscribe = world.network.last.sent[1];
				if (subscribe?.type === "subscribe")
					world.network.last.deliver({ type: "suback", packetId: subscribe.packetId, codes: [1] });
				world.receive("t", {});
				world.network.last.fail("closed");
				world.clock.advance(10_000);
			}
			check.is(isDone(), true, event);
			// A life that ends as its credential is read has not begun.
			const lives = event === "credential-read" ? 2 : 3;
			check.is(log.filter((entry) => entry === "START").length, lives, `${event}: ${log.join(" ")}`);
			world.bringOnline();
			check.is(world.runner.status.state, "online", event);
			world.runner.stop();
			expectOff(check, world, event);
		}
	},
	"a device that is stopped in an event does nothing more": (check) => {
		for (const event of ["connecting", "secured", "online", "message", "over"]) {
			const { world, log } = ownedDevice(event, ({ runner }) => runner.stop());
			world.clock.advance(1_000);
			if (event === "connecting") {
				world.runner.stop();
				world.runner.start();
				world.clock.advance(1_000);
			} else world.bringOnline();
			if (event === "message") world.receive("t", {});
			if (event === "over") world.network.last.fail("closed");
			expectOff(check, world, event);
			const { length } = log;
			world.clock.advance(3_600_000);
			check.is(log.length, length, log.slice(length).join(" "));
			check.is(log.includes("MESSAGE"), false, event);
		}
	},
	"stop and start inside every callback of the application leave one device": (check) => {
		for (const callback of ["start", "message", "changed", "timer"]) {
			let lives = 0;
			const act = () => {
				if (lives++ < 3) restart(world);
			};
			let world: PlayedApplication;
			const application: Application = {
				start(device: Device) {
					if (callback === "start" && lives > 0) act();
					else lives ||= 1;
					if (callback === "timer") device.after(10, act);
				},
				...(callback === "message" ? { message: act } : {}),
				...(callback === "changed" ? { changed: act } : {}),
			};
			world = new PlayedApplication(application);
			restart(world);
			for (let i = 0; i < 6; i++) {
				world.clock.advance(1_000);
				if (world.runner.status.state === "connecting") world.bringOnline();
				if (world.runner.status.state === "online") world.receive("t", {});
			}
			world.clock.advance(2_000);
			if (world.runner.status.state === "connecting") world.bringOnline();
			check.is(lives > 3, true, callback);
			check.is(world.runner.status.state, "online", callback);
			check.is(world.network.open.length, 1, callback);
			world.runner.stop();
			expectOff(check, world, callback);
		}
	},
	"a state that was still to be told when the device was stopped is no matter of the next life": (check) => {
		const { world, log } = ownedDevice("online", restart);
		log.length = 0;
		world.bringOnline();
		check.is(log.includes("CHANGED online"), false, log.join(" "));
		world.clock.advance(1_000);
		world.bringOnline();
		check.is(log[log.length - 1], "CHANGED online");
	},
	"a device that is stopped as its last run is reported begins its application once": (check) => {
		let starts = 0;
		let drops = 0;
		const connection = { outbox: { capacity: 1, whenFull: "drop-oldest" } } as const;
		const { store } = new PlayedApplication({ connection, start: (device) => void device.publish("t", 1) });
		const credential = store.read("credential")!;
		store.delete("credential");
		let world: PlayedApplication;
		world = new PlayedApplication(
			{ connection, reportTopic: () => "resets", start: () => starts++ },
			{
				store,
				reset: { reason: "panic" },
				onEvent: ({ event }) => {
					if (event === "dropped" && drops++ === 0) restart(world);
				},
			},
		);
		check.is(world.runner.status.state, "failed");
		store.write("credential", credential);
		world.runner.start();
		check.same([drops > 0, starts], [true, 1]);
	},
	"a device that is off tells its application nothing, and takes no timer": (check) => {
		const told: string[] = [];
		const { world, device } = startedWith({ changed: ({ state }) => told.push(state) });
		world.bringOnline();
		world.runner.stop();
		const { length } = told;
		world.clock.advance(10_000);
		check.is(told.length, length, told.join(" "));
		check.throws(() => device?.every(10, () => {}), { step: "application", code: "stopped" });
		check.throws(() => device?.after(10, () => {}), { step: "application", code: "stopped" });
		check.throws(() => device?.publish("t", 1), { code: "offline" });
		check.is(world.clock.pending, 0);
		world.runner.stop();
		check.is(world.clock.pending, 0);
	},
	"start on a device that is on changes nothing": (check) => {
		let starts = 0;
		const world = new PlayedApplication({ start: () => starts++ });
		world.bringOnline();
		world.runner.start();
		world.runner.start();
		check.same([starts, world.runner.status.state, world.network.sockets.length], [1, "online", 1]);
	},
	"a state is told once, however many have passed by then": (check) => {
		const told: string[] = [];
		const world = new PlayedApplication({ changed: ({ state }) => told.push(state) });
		for (let i = 0; i < 3; i++) {
			world.bringOnline();
			world.network.last.fail("closed");
			world.clock.advance(10_000);
		}
		for (let i = 1; i < told.length; i++) check.is(told[i] === told[i - 1], false, told.join(" "));
		check.is(told.filter((state) => state === "online").length, 3);
	},
	"restart inside a callback is the platform's, which may stop and start the device at once": (check) => {
		let starts = 0;
		let world: PlayedApplication;
		world = new PlayedApplication(
			{
				start: () => starts++,
				message: (_message, device) => device.restart(),
			},
			{ restart: () => restart(world) },
		);
		world.bringOnline();
		world.receive("t", {});
		check.is(starts, 2);
		world.clock.advance(1_000);
		world.bringOnline();
		check.is(world.runner.status.state, "online");
	},
};
