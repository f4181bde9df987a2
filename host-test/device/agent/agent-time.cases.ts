/**
 * The second rung: a clock that is not set, wrong, or jumps.
 * @module
 */
import type { Cases } from "../case.js";
import { issuedAt, MINTED_CREDENTIAL, signer } from "./minted.js";
import { PoweredAgent } from "./powered-agent.js";

const NOON = 1_800_000_000_000;
const DAY = 86_400_000;

/** Seconds since the token of the last CONNECT was issued, by the clock of now. */
function tokenAge({ clock, network }: PoweredAgent): number {
	return Math.abs(Math.floor(clock.wallTime()! / 1000) - (issuedAt(network.last) ?? 0));
}

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
	"once a day the clock is set while the device is online, whoever had set it": (check) => {
		for (const epoch of ["unset", NOON] as const) {
			const world = new PoweredAgent({ has: ["timeSource"], epoch, options: { keepAlive: 1200 } });
			if (epoch === "unset") world.time.set(NOON);
			world.clock.advance(0);
			world.bringOnline();
			const { asked } = world.time;
			for (let part = 0; part < 25 * 3; part++) {
				world.clock.advance(1_200_000);
				for (const { type } of world.network.last.sent.splice(0))
					if (type === "pingreq") world.network.last.deliver({ type: "pingresp" });
			}
			check.is(world.time.asked, asked + 1);
			check.is(world.agent.state, "online");
		}
	},
	"an application that stops the device when the clock jumps leaves no question behind": (check) => {
		const world = new PoweredAgent({
			has: ["timeSource"],
			react: (event, agent) => {
				if (event.event === "clock-set") agent.stop();
			},
		});
		world.bringOnline();
		world.clock.advance(20_000);
		world.clock.set(NOON - DAY);
		world.clock.advance(10_000);
		check.is(world.agent.state, "off");
		check.is(world.clock.pending, 0);
	},
	"an answer that comes after the device was switched off is not heard, nor one to an earlier question": (check) => {
		const answers: ((failure?: string) => void)[] = [];
		const timeSource = { synchronize: (answer: () => void) => void answers.push(answer), cancel: () => {} };
		const world = new PoweredAgent({ epoch: "unset", ports: { timeSource } });
		world.agent.stop();
		world.clock.set(NOON);
		answers[0]!();
		check.is(world.agent.state, "off");
		world.clock.epoch = undefined;
		world.agent.start();
		answers[0]!("late");
		check.is(world.agent.state, "synchronizing");
		world.clock.set(NOON);
		answers[1]!();
		check.is(world.last("clock-set")?.wallTime, NOON);
		world.clock.advance(0);
		check.is(world.agent.state, "connecting");
	},
	"a token that tells the time is minted anew when its connection did not come about in time": (check) => {
		const world = new PoweredAgent({ credential: MINTED_CREDENTIAL, has: ["network"], ports: { signer } });
		world.wifi.up();
		world.clock.advance(0);
		world.agent.stop();
		world.agent.start();
		world.wifi.up();
		check.is(world.agent.state, "signing");
		// Signed, and waiting for its second.
		world.clock.advance(1);
		check.is(world.agent.state, "connecting");
		world.wifi.down("lost");
		world.clock.advance(120_000);
		world.wifi.up();
		world.clock.advance(1_000);
		world.network.last.writable();
		check.is(tokenAge(world) <= 1, true, `${tokenAge(world)} s`);
	},
	"a clock that is set between signing and connecting makes the token anew": (check) => {
		const world = new PoweredAgent({ credential: MINTED_CREDENTIAL, ports: { signer } });
		world.agent.stop();
		world.agent.start();
		world.clock.advance(1);
		check.is(world.agent.state, "connecting");
		for (const wrong of [DAY, -DAY]) {
			world.clock.set(world.clock.wallTime()! + wrong);
			world.clock.advance(1_000);
			check.is(world.agent.state, "connecting", "again, with another token");
			world.network.last.writable();
			check.is(tokenAge(world) <= 1, true, `${tokenAge(world)} s`);
			world.agent.stop();
			world.agent.start();
			world.clock.advance(1);
		}
		check.is(world.states.join(" ").includes("connecting signing connecting"), true);
	},
	"each connection has a token of its own": (check) => {
		const world = new PoweredAgent({ credential: MINTED_CREDENTIAL, ports: { signer } });
		world.network.last.writable();
		const first = issuedAt(world.network.last)!;
		world.network.last.fail("closed");
		world.retry();
		world.network.last.writable();
		check.is(issuedAt(world.network.last)! > first, true);
		check.is(world.names.split(" ").filter((name) => name === "token-signed").length, 2);
	},
};
