/**
 * The first rung: Wi-Fi that is joined, lost, locked, or gives no address.
 * @module
 */
import type { NetworkFailureCode } from "../../../src/device/ports.js";
import type { Cases } from "../case.js";
import { PoweredAgent, type PowerUp } from "./powered-agent.js";

const WIFI: PowerUp = { has: ["network"] };

export const cases: Cases = {
	"nothing is connected before the network is up": (check) => {
		const world = new PoweredAgent(WIFI);
		check.is(world.agent.state, "joining");
		check.is(world.network.sockets.length, 0);
		world.wifi.up("192.0.2.9");
		check.is(world.last("network-up")?.address, "192.0.2.9");
		world.clock.advance(0);
		check.is(world.agent.state, "connecting");
	},
	"each way not to get a network has its own outcome, state and delay, and is tried again": (check) => {
		const expected: Readonly<Record<NetworkFailureCode, string>> = {
			unconfigured: "refused network-unconfigured 60000",
			"not-found": "waiting network-not-found 7500",
			rejected: "refused network-rejected 45000",
			"no-address": "waiting network-no-address 10000",
			lost: "waiting network-lost 1500",
			failed: "waiting network-failed 7500",
		};
		for (const [code, outcome] of Object.entries(expected) as [NetworkFailureCode, string][]) {
			const world = new PoweredAgent(WIFI);
			world.wifi.down(code);
			check.is(`${world.agent.state} ${world.over}`, outcome);
			world.retry();
			check.is(world.agent.state, "joining", code);
			check.is(world.wifi.joins, 2, code);
			world.wifi.up();
			world.clock.advance(0);
			check.is(world.agent.state, "connecting", code);
		}
	},
	"an interface that never answers is given up after its bound": (check) => {
		const world = new PoweredAgent(WIFI);
		world.clock.advance(89_999);
		check.is(world.agent.state, "joining");
		world.clock.advance(1);
		check.is(world.over, "network-failed 7500");
	},
	"a network that is lost ends the connection, and the device joins again": (check) => {
		const world = new PoweredAgent(WIFI);
		world.wifi.up();
		world.clock.advance(0);
		world.bringOnline();
		world.wifi.down("lost");
		check.is(world.agent.state, "waiting");
		check.is(world.network.last.closed, true);
		check.is(world.over, "network-lost 1500");
		world.retry();
		world.wifi.up();
		world.clock.advance(1_000);
		world.bringOnline();
		check.is(world.agent.state, "online");
	},
	"a network that is lost in any state of the way up is joined again": (check) => {
		for (const reached of ["synchronizing", "signing", "connecting"]) {
			const isTimed = reached === "synchronizing";
			const world = new PoweredAgent({
				has: ["network", "timeSource"],
				...(isTimed ? { epoch: "unset" } : {}),
			});
			world.wifi.up();
			if (reached === "connecting") world.clock.advance(0);
			check.is(world.agent.state, reached);
			world.wifi.down("lost");
			check.is(world.agent.state, "waiting", reached);
			world.time.set(1_800_000_000_000);
			check.is(world.last("clock-set"), undefined, "nobody is asked for the time any more");
			if (isTimed) world.clock.epoch = undefined;
			world.retry();
			check.is(world.agent.state, "joining", reached);
			check.is(world.network.open.length, 0, reached);
		}
	},
	"a network that is lost while the device waits is joined when the wait is over, not before": (check) => {
		const world = new PoweredAgent(WIFI);
		world.wifi.up();
		world.clock.advance(0);
		world.refuse();
		world.wifi.down("lost");
		check.is(world.over, "refused 25000");
		world.clock.advance(24_999);
		check.is(world.wifi.joins, 1);
		world.clock.advance(1);
		check.is(world.agent.state, "joining");
	},
	"what an earlier join has to say is not heard": (check) => {
		const world = new PoweredAgent(WIFI);
		const { onChange: earlier } = world.wifi;
		world.agent.stop();
		world.agent.start();
		check.is(world.wifi.joins, 2);
		earlier?.({ isUp: true, address: "192.0.2.1" });
		check.is(world.agent.state, "joining");
		world.wifi.up();
		world.clock.advance(0);
		check.is(world.agent.state, "connecting");
	},
};
