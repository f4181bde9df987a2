/**
 * A message that makes the server end the connection, among others.
 * @module
 */
import type { OutcomeKind } from "../../../src/device/link/index.js";
import { Delivery } from "../../../src/device/outbox/index.js";
import type { Cases } from "../case.js";
import { memoryStore } from "../world.js";
import { message, numbersIn, reopened } from "./messages.js";
import { PlayedDelivery } from "./played-delivery.js";

export const cases: Cases = {
	"after policy-denied or server-gone one message is in flight at a time, until all that were are acknowledged": (
		check,
	) => {
		for (const kind of ["policy-denied", "server-gone"] as const) {
			const played = new PlayedDelivery();
			played.add(1, 2);
			played.start();
			played.stop(kind);
			played.add(3, 4);
			played.sent();
			played.start();
			check.is(played.sent(), "1+", kind);
			played.delivery.pump();
			check.is(played.sent(), "", kind);
			played.acknowledge(1);
			check.is(played.sent(), "2+", kind);
			played.acknowledge(2);
			check.is(played.sent(), "3 4", kind);
		}
	},
	"after any other end, and after a goodbye, all go at once": (check) => {
		const kinds: readonly (OutcomeKind | undefined)[] = [
			"network",
			"time-to-live",
			"taken-over",
			"throttled",
			undefined,
		];
		for (const kind of kinds) {
			const played = new PlayedDelivery();
			played.add(1, 2);
			played.start();
			played.stop(kind);
			played.sent();
			played.start();
			check.is(played.sent(), "1+ 2+", `${kind}`);
		}
	},
	"an end with nothing in flight makes nobody cautious": (check) => {
		const played = new PlayedDelivery();
		played.start();
		played.stop("policy-denied");
		played.add(1, 2);
		played.start();
		check.is(played.sent(), "1 2");
	},
	"a message denied alone three times in a row is dropped and told, and the others go": (check) => {
		const played = new PlayedDelivery();
		const [id] = played.add(1, 2, 3);
		played.start();
		played.stop("policy-denied");
		check.same(played.events(), []);
		for (const denials of [1, 2]) {
			played.start();
			played.stop("policy-denied");
			check.same(played.events(), [{ event: "suspected", id, topic: "t1", denials }]);
		}
		check.is(played.sent(), "1 2 3 1+ 1+");
		played.start();
		played.stop("policy-denied");
		check.same(played.events(), [{ event: "dropped", id, topic: "t1", cause: "denied" }]);
		check.same(numbersIn(played.outbox), [2, 3]);
		played.sent();
		played.start();
		check.is(played.sent(), "2+");
		played.acknowledge(2);
		check.is(played.sent(), "3+");
	},
	"a denied message behind others is found, and they are delivered": (check) => {
		const played = new PlayedDelivery();
		played.add(1, 2, 3);
		const delivered: number[] = [];
		// A server that ends the connection at message 2.
		for (let connection = 0; connection < 10 && played.outbox.size > 0; connection++) {
			played.start();
			for (let [next] = played.waiting.keys(); next !== undefined && next !== 2; [next] = played.waiting.keys()) {
				if (played.waiting.has(2)) break;
				delivered.push(next);
				played.acknowledge(next);
			}
			if (played.waiting.size > 0) played.stop("policy-denied");
		}
		check.same(delivered, [1, 3]);
		check.same(
			played.events().flatMap((event) => (event.event === "dropped" ? [event.cause] : [])),
			["denied"],
		);
	},
	"how many denials it takes, the application chooses": (check) => {
		for (const deniedAfter of [1, 2, 5]) {
			const played = new PlayedDelivery({ deniedAfter });
			played.add(1);
			let connections = 0;
			for (; played.outbox.size > 0; connections++) {
				played.start();
				played.stop("policy-denied");
			}
			check.is(connections, deniedAfter);
		}
	},
	"it may be kept for ever": (check) => {
		const played = new PlayedDelivery({ deniedAfter: "never" });
		const [id] = played.add(1, 2);
		played.start();
		for (let connection = 0; connection < 50; connection++) {
			played.stop("policy-denied");
			played.start();
		}
		check.same(numbersIn(played.outbox), [1, 2]);
		check.same(played.events().pop(), { event: "suspected", id, topic: "t1", denials: 49 });
	},
	"a lost server or network never drops a message": (check) => {
		for (const kind of ["server-gone", "network", "protocol", "time-to-live"] as const) {
			const played = new PlayedDelivery({ deniedAfter: 1 });
			played.add(1);
			for (let connection = 0; connection < 20; connection++) {
				played.start();
				played.stop(kind);
			}
			check.same(numbersIn(played.outbox), [1], kind);
			check.same(played.events(), [], kind);
		}
	},
	"an end of another kind with it in flight breaks the row, one without it does not": (check) => {
		const played = new PlayedDelivery({ deniedAfter: 2 });
		played.add(1);
		const live = (kind: OutcomeKind) => {
			played.start();
			played.stop(kind);
		};
		live("policy-denied");
		live("server-gone");
		live("policy-denied");
		check.is(played.outbox.size, 1);
		played.trouble = "offline";
		live("server-gone");
		played.trouble = undefined;
		live("policy-denied");
		check.is(played.outbox.size, 0);
	},
	"a message is not blamed where something else was published on the connection": (check) => {
		const played = new PlayedDelivery({ deniedAfter: 1 });
		played.add(1, 2);
		played.start();
		played.acknowledge(1);
		played.delivery.publishedBeside();
		played.stop("policy-denied");
		check.same(numbersIn(played.outbox), [2]);
		played.start();
		played.stop("policy-denied");
		check.is(played.outbox.size, 0);
	},
	"a message that was dropped while in flight is blamed no more, and may still have been the cause": (check) => {
		const played = new PlayedDelivery({ deniedAfter: 1 });
		const [first] = played.add(1, 2);
		played.start();
		played.outbox.drop(first!);
		played.stop("policy-denied");
		check.same(numbersIn(played.outbox), [2]);
		const alone = new PlayedDelivery({ deniedAfter: 2 });
		const [only] = alone.add(1);
		alone.start();
		alone.outbox.drop(only!);
		alone.stop("policy-denied");
		check.same(alone.events(), []);
	},
	"a suspect that gives way, or that the application drops, holds nobody back": (check) => {
		const played = new PlayedDelivery({ capacity: 2, whenFull: "drop-oldest" });
		played.add(1, 2);
		played.start();
		played.stop("server-gone");
		played.add(3);
		played.outbox.drop(played.outbox.ids[0]!);
		played.add(4);
		played.sent();
		played.start();
		check.is(played.sent(), "3 4");
	},
	"a suspect that cannot be told by its topic is told without": (check) => {
		const played = new PlayedDelivery();
		const [id] = played.add(1);
		played.start();
		played.store.unreadable.add("q0");
		played.stop("policy-denied");
		check.same(played.events(), [{ event: "suspected", id, denials: 1 }]);
	},
	"a number of denials out of bounds is refused": (check) => {
		const outbox = reopened(memoryStore());
		outbox.add(message(1));
		for (const deniedAfter of [0, -1, 1.5, 1001])
			check.throws(() => new Delivery({ outbox, deniedAfter, publish: () => 1, onEvent: () => {} }), {
				name: "RangeError",
			});
	},
};
