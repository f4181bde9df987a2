/**
 * When CONNECT may be sent, however the connection before it came about and ended; and what flaps.
 * @module
 */
import type { Cases } from "../case.js";
import { CONNACK } from "../world.js";
import { CREDENTIAL, PoweredAgent } from "./powered-agent.js";

/** A device whose handshake took four seconds, and that is online. */
function slowlyOnline(credential: object = CREDENTIAL): PoweredAgent {
	const world = new PoweredAgent({ credential });
	world.clock.advance(4_000);
	world.bringOnline();
	return world;
}

export const cases: Cases = {
	"the second between two CONNECTs is counted from the CONNECT, not from the beginning of its handshake": (check) => {
		const restarted = slowlyOnline();
		restarted.agent.stop();
		restarted.agent.start();
		restarted.clock.advance(999);
		check.is(restarted.network.sockets.length, 1);
		restarted.clock.advance(1);
		check.is(restarted.network.sockets.length, 2);
	},
	"a new credential is tried no sooner": (check) => {
		const topic = "devices/dev1/credential";
		const rotating = slowlyOnline({ ...CREDENTIAL, rotationTopic: topic });
		rotating.network.last.receive(topic, { ...CREDENTIAL, token: "NEW" });
		rotating.clock.advance(999);
		check.is(rotating.network.sockets.length, 1);
		rotating.clock.advance(1);
		check.is(rotating.network.sockets.length, 2);
	},
	"a device that flaps every sixty-one seconds is let in ever more rarely, where somebody must mend something": (
		check,
	) => {
		const world = new PoweredAgent({ options: { keepAlive: 1200 } });
		const delays = [];
		for (let i = 0; i < 8; i++) {
			world.bringOnline();
			world.clock.advance(61_000);
			world.network.last.deliver({ type: "disconnect", code: 0x8e });
			delays.push(world.last("over")?.retryIn);
			world.retry();
			world.forget();
		}
		check.same(delays, [60_000, 90_000, 150_000, 270_000, 510_000, 930_000, 930_000, 930_000]);
	},
	"a network that is gone without a word is joined anew, now and then": (check) => {
		const world = new PoweredAgent({ has: ["network"] });
		const joins = [];
		for (let i = 0; i < 11; i++) {
			if (world.agent.state === "joining") world.wifi.up();
			world.clock.advance(1_000);
			world.network.last.fail("timed-out");
			joins.push(world.wifi.joins);
			world.retry();
			world.forget();
		}
		check.same(joins, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3]);
	},
	"what the application does with stop and start makes no two CONNECTs within a second": (check) => {
		const world = new PoweredAgent();
		const sent: number[] = [];
		for (let i = 0; i < 40; i++) {
			const { sockets, last } = world.network;
			if (!last.closed && last.types === "") {
				last.writable();
				sent.push(world.clock.monotonic());
				last.deliver(CONNACK);
			}
			check.is(sockets.filter(({ closed }) => !closed).length <= 1, true);
			if (i % 3 === 0) {
				world.agent.stop();
				world.agent.start();
			}
			world.clock.advance(170);
			world.forget();
		}
		check.is(sent.length >= 4, true, `${sent.length} CONNECTs`);
		for (let i = 1; i < sent.length; i++) check.is(sent[i]! - sent[i - 1]! >= 1_000, true, sent.join(" "));
	},
};
