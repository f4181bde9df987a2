/**
 * The second rung: a clock that is not set, wrong, or jumps.
 * @module
 */
import type { Cases } from "../case.js";
import { PoweredAgent } from "./powered-agent.js";

const NOON = 1_800_000_000_000;
const DAY = 86_400_000;

export const cases: Cases = {
	"a clock that nobody has set is set before TLS": (check) => {
		const world = new PoweredAgent({ has: ["timeSource"], epoch: "unset" });
		check.is(world.agent.state, "synchronizing");
		check.is(world.network.sockets.length, 0);
		world.time.set(NOON);
		const set = world.last("clock-set");
		check.same([set?.wallTime, set?.jump], [NOON, undefined]);
		world.clock.advance(0);
		check.is(world.agent.state, "connecting");
	},
	"a clock that runs is not asked about": (check) => {
		const world = new PoweredAgent({ has: ["timeSource"] });
		check.is(world.agent.state, "connecting");
		check.is(world.time.asked, 0);
	},
	"servers of time that fail or are silent are asked again, with patience": (check) => {
		const world = new PoweredAgent({ has: ["timeSource"], epoch: "unset" });
		world.time.fail();
		check.is(world.over, "clock-unset 7500");
		world.retry();
		check.is(world.agent.state, "synchronizing");
		world.clock.advance(90_000);
		check.is(world.over, "clock-unset 10000");
		check.is(world.time.asked, 2);
	},
	"without a source of time a clock that is not set is an outcome": (check) => {
		const world = new PoweredAgent({ epoch: "unset" });
		check.is(world.agent.state, "waiting");
		check.is(world.over, "clock-unset 7500");
	},
	"a certificate that is not valid yet, or no more, puts the clock in doubt: it is set before the next attempt": (
		check,
	) => {
		for (const detail of ["certificate-not-yet-valid", "certificate-expired"]) {
			const world = new PoweredAgent({ has: ["timeSource"] });
			world.network.last.fail("tls-trust", { detail });
			check.is(world.agent.state, "refused");
			world.retry();
			check.is(world.agent.state, "synchronizing", detail);
			world.time.set(NOON + DAY);
			check.is(world.last("clock-set")?.jump, DAY - world.clock.monotonic(), detail);
			world.clock.advance(0);
			check.is(world.agent.state, "connecting", detail);
		}
	},
	"other faults of a certificate say nothing of the clock": (check) => {
		const world = new PoweredAgent({ has: ["timeSource"] });
		world.network.last.fail("tls-trust", { detail: "certificate-untrusted" });
		world.retry();
		check.is(world.agent.state, "connecting");
	},
	"a clock in doubt is believed again where no server of time can be reached": (check) => {
		const world = new PoweredAgent({ has: ["timeSource"] });
		world.network.last.fail("tls-trust", { detail: "certificate-expired" });
		world.retry();
		world.time.fail();
		world.retry();
		check.is(world.agent.state, "connecting");
	},
	"a clock that jumps while the device is online is told and set anew, and the connection stays": (check) => {
		const world = new PoweredAgent({ has: ["timeSource"] });
		world.bringOnline();
		world.clock.advance(20_000);
		world.clock.set(NOON - DAY);
		world.clock.advance(10_000);
		check.is(Math.round((world.last("clock-set")?.jump ?? 0) / DAY), -1);
		check.is(world.time.asked, 1);
		world.time.set(NOON);
		check.is(Math.round((world.last("clock-set")?.jump ?? 0) / DAY), 1);
		check.is(world.agent.state, "online");
	},
	"a clock that jumps moves no timer of the device": (check) => {
		const world = new PoweredAgent();
		world.network.last.fail("unreachable");
		world.clock.set(NOON + 10 * DAY);
		world.clock.advance(1_499);
		check.is(world.network.sockets.length, 1);
		world.clock.set(NOON - 10 * DAY);
		world.clock.advance(1);
		check.is(world.network.sockets.length, 2);
	},
	"once a day the clock is set while the device is online": (check) => {
		const world = new PoweredAgent({ has: ["timeSource"], epoch: "unset" });
		world.time.set(NOON);
		world.clock.advance(0);
		world.bringOnline();
		for (let minute = 0; minute < 25 * 60; minute++) {
			world.clock.advance(60_000);
			for (const { type } of world.network.last.sent.splice(0))
				if (type === "pingreq") world.network.last.deliver({ type: "pingresp" });
		}
		check.is(world.time.asked, 2);
		check.is(world.agent.state, "online");
	},
};
