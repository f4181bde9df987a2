/**
 * Connecting anew ahead of `disconnectAfterInSeconds`.
 * @module
 */
import type { Cases } from "../case.js";
import { CREDENTIAL, PoweredAgent } from "./powered-agent.js";

const MESSAGE = { topic: "devices/dev1/readings", payload: Uint8Array.of(1), qos: 1 } as const;

/** An agent that is online and whose gateway ends connections after `disconnectAfter` seconds. */
function onlineFor(disconnectAfter: number, more: object = {}): PoweredAgent {
	const world = new PoweredAgent({
		credential: { ...CREDENTIAL, disconnectAfter, ...more },
		options: { keepAlive: 1200 },
	});
	world.bringOnline();
	return world;
}

export const cases: Cases = {
	"the device says goodbye and connects anew a tenth of the time ahead, five minutes at most": (check) => {
		// A tenth ahead, and up to half of that earlier: here the middle of the random range.
		for (const [disconnectAfter, expected] of [
			[300, 300_000 - 30_000 - 7_500],
			[1200, 1_200_000 - 120_000 - 30_000],
		] as const) {
			const world = onlineFor(disconnectAfter);
			world.clock.advance(expected - 1);
			check.is(world.agent.state, "online", `${disconnectAfter}`);
			world.clock.advance(1);
			check.is(world.network.sockets[0]?.types, "connect subscribe disconnect");
			check.is(world.network.sockets[0]?.closed, true);
			check.is(world.agent.state, "connecting");
			world.clock.advance(0);
			check.is(world.network.sockets.length, 2);
			check.is(world.last("refreshing")?.cause, "time-to-live");
			check.is(world.last("over"), undefined, "no outcome: nothing went wrong");
			world.bringOnline();
			check.is(world.agent.status.connections, 2);
		}
	},
	"a credential that says nothing of it stays connected": (check) => {
		const world = new PoweredAgent({ options: { keepAlive: 1200 } });
		world.bringOnline();
		world.clock.advance(1_190_000);
		check.is(world.agent.state, "online");
	},
	"what is on its way is waited for, and new messages wait in the outbox": (check) => {
		const world = onlineFor(300);
		world.agent.publish(MESSAGE);
		world.clock.advance(262_500);
		check.is(world.agent.state, "refreshing");
		world.agent.publish(MESSAGE);
		check.is(world.network.last.types, "connect subscribe publish");
		world.network.last.deliver({ type: "puback", packetId: 2, code: 0 });
		check.is(world.network.sockets[0]?.types, "connect subscribe publish disconnect");
		world.clock.advance(0);
		world.bringOnline();
		check.is(world.network.last.types, "connect subscribe publish");
	},
	"an acknowledgement that does not come is not waited for longer than five seconds, and the message goes again": (
		check,
	) => {
		const world = onlineFor(300);
		world.agent.publish(MESSAGE);
		world.clock.advance(262_500 + 4_999);
		check.is(world.agent.state, "refreshing");
		world.clock.advance(1);
		world.bringOnline();
		const [, , again] = world.network.last.sent;
		check.is(again?.type === "publish" && again.dup, true);
	},
	"a connection that ends while it is left is an outcome like any other": (check) => {
		const world = onlineFor(300);
		world.agent.publish(MESSAGE);
		world.clock.advance(262_500);
		world.network.last.fail("closed");
		check.is(world.over, "server-gone 2000");
		world.retry();
		check.is(world.agent.state, "connecting");
	},
	"the count of failures starts anew after a connection that was refreshed": (check) => {
		const world = new PoweredAgent({
			credential: { ...CREDENTIAL, disconnectAfter: 300 },
			options: { keepAlive: 1200 },
		});
		world.network.last.fail("unreachable");
		world.retry();
		world.bringOnline();
		world.clock.advance(262_500);
		check.is(world.agent.status.retries, 0);
	},
};
