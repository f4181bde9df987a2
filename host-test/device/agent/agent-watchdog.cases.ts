/**
 * The watchdog is fed as long as the device gets anywhere.
 * @module
 */
import type { Cases } from "../case.js";
import { PoweredAgent } from "./powered-agent.js";

/** Milliseconds between two meals. */
const BEAT = 10_000;

/** How often it is fed in `beats` beats from now on. */
function feedsIn(world: PoweredAgent, beats: number): number {
	const before = world.feeds;
	world.clock.advance(beats * BEAT);
	return world.feeds - before;
}

export const cases: Cases = {
	"it is fed from the start, at every beat, while the device waits and while it is online": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		check.is(world.feeds, 1);
		world.refuse();
		check.is(feedsIn(world, 2), 2);
		world.clock.advance(20_000);
		world.bringOnline();
		check.is(feedsIn(world, 3), 3);
	},
	"it is fed through every backoff, the longest too": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		let beats = 0;
		for (let i = 0; i < 12; i++) {
			const before = world.clock.monotonic();
			world.refuse();
			world.retry();
			beats += (world.clock.monotonic() - before) / BEAT;
		}
		check.is(world.feeds >= Math.floor(beats), true, `${world.feeds} of ${beats}`);
	},
	"a platform that never says how an attempt ended is not waited for: it is fed no more": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		// The socket is never told of, and the link's own patience is lost with its timer.
		world.clock.loseTimers(15_000, 60_000);
		check.is(feedsIn(world, 12) > 0, true);
		check.is(feedsIn(world, 10), 0);
	},
	"a device that has not been online for a day is fed no more": (check) => {
		const world = new PoweredAgent({ has: ["watchdog", "network"] });
		for (let hours = 0; hours < 26; hours += 1) {
			world.clock.advance(3_600_000);
			world.wifi.down("not-found");
		}
		check.is(feedsIn(world, 5), 0);
	},
	"a connection whose keep-alive the platform has lost is no sign of life": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		world.bringOnline();
		world.clock.loseTimers(60_000, 60_000);
		check.is(world.clock.pending > 0, true);
		check.is(feedsIn(world, 9), 9);
		check.is(world.agent.state, "online");
		check.is(feedsIn(world, 10), 0);
	},
	"a day without a network is waited through, and no longer": (check) => {
		const world = new PoweredAgent({ has: ["watchdog", "network"] });
		let hungry: number | undefined;
		while (hungry === undefined && world.clock.monotonic() < 2 * 86_400_000) {
			if (world.agent.state === "joining") world.wifi.down("not-found");
			if (feedsIn(world, 6) < 6) hungry = world.clock.monotonic();
			world.forget();
		}
		check.is(hungry !== undefined && hungry >= 86_400_000 && hungry <= 86_460_000, true, String(hungry));
	},
	"time that a device was off is not held against it": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		world.agent.stop();
		world.clock.advance(3 * 86_400_000);
		world.agent.start();
		check.is(feedsIn(world, 2), 2);
	},
	"a device that was stopped asks for nothing": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		world.agent.stop();
		check.is(world.clock.pending, 0);
	},
};
