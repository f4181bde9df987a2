/**
 * From the outbox to one connection after another.
 * @module
 */
import { Delivery } from "../../../src/device/outbox/index.js";
import type { Cases } from "../case.js";
import { memoryStore } from "../world.js";
import { message, numbersIn, reopened } from "./messages.js";
import { PlayedDelivery } from "./played-delivery.js";

const sending: Cases = {
	"nothing is sent before a connection is online": (check) => {
		const played = new PlayedDelivery();
		played.add(1, 2);
		check.is(played.sent(), "");
		check.is(played.delivery.inFlight, 0);
	},
	"all that waits goes out, the oldest first": (check) => {
		const played = new PlayedDelivery();
		played.add(3, 1, 2);
		played.start();
		check.is(played.sent(), "3 1 2");
		check.is(played.delivery.inFlight, 3);
	},
	"what is added while online goes out at once": (check) => {
		const played = new PlayedDelivery();
		played.start();
		played.add(1);
		played.add(2);
		check.is(played.sent(), "1 2");
	},
	"a message is published with its payload, retain and QoS 1": (check) => {
		const outbox = reopened(memoryStore());
		const published: unknown[] = [];
		const delivery = new Delivery({ outbox, publish: (sent) => published.push(sent), onEvent: () => {} });
		delivery.start();
		outbox.add({ topic: "a", payload: Uint8Array.of(1, 2), qos: 1, retain: true });
		delivery.pump();
		check.same(published, [{ topic: "a", payload: Uint8Array.of(1, 2), qos: 1, retain: true, dup: false }]);
	},
	"an acknowledged message is gone, and told by its id": (check) => {
		const played = new PlayedDelivery();
		played.start();
		const [first, second] = played.add(1, 2);
		played.acknowledge(2);
		check.same(played.events(), [{ event: "acknowledged", id: second, code: 0 }]);
		check.same(played.outbox.ids, [first]);
		check.is(played.delivery.inFlight, 1);
	},
	"a message that the server refuses is gone as well, and told with code and reason": (check) => {
		const played = new PlayedDelivery();
		played.start();
		const [id] = played.add(1);
		played.acknowledge(1, 0x87, "why");
		check.same(played.events(), [{ event: "acknowledged", id, code: 0x87, reason: "why" }]);
		check.is(played.outbox.size, 0);
	},
	"an acknowledgement of another's packet is not taken": (check) => {
		const played = new PlayedDelivery();
		played.start();
		played.add(1);
		const packetId = played.waiting.get(1)!;
		check.is(played.delivery.acknowledged(packetId + 1, 0), false);
		check.same(played.events(), []);
		check.is(played.delivery.acknowledged(packetId, 0), true);
		check.is(played.delivery.acknowledged(packetId, 0), false);
	},
	"a busy connection gets the rest as it takes more": (check) => {
		const played = new PlayedDelivery();
		played.window = 2;
		played.add(1, 2, 3, 4);
		played.start();
		check.is(played.sent(), "1 2");
		played.acknowledge(1);
		check.is(played.sent(), "3");
		played.trouble = "busy";
		played.acknowledge(2);
		check.is(played.sent(), "");
		played.trouble = undefined;
		played.delivery.pump();
		check.is(played.sent(), "4");
		check.same(
			played.events().map(({ event }) => event),
			["acknowledged", "acknowledged"],
		);
	},
	"a connection that publishes no more loses nothing": (check) => {
		const played = new PlayedDelivery();
		played.start();
		played.trouble = "offline";
		played.add(1);
		check.same([played.sent(), played.events()], ["", []]);
		check.same(numbersIn(played.outbox), [1]);
	},
};

const resending: Cases = {
	"the next connection gets all that was not acknowledged, in order, as duplicates where they were sent": (check) => {
		const played = new PlayedDelivery();
		played.window = 3;
		played.add(1, 2, 3, 4);
		played.start();
		played.acknowledge(2);
		check.is(played.sent(), "1 2 3 4");
		played.stop("network");
		played.add(5);
		played.window = 8;
		played.start();
		check.is(played.sent(), "1+ 3+ 4+ 5");
	},
	"what a busy connection did not take is no duplicate": (check) => {
		const played = new PlayedDelivery();
		played.window = 1;
		played.add(1, 2);
		played.start();
		played.stop("network");
		played.window = 8;
		played.start();
		check.is(played.sent(), "1 1+ 2");
	},
	"after a restart everything may be a duplicate": (check) => {
		const store = memoryStore();
		reopened(store).add(message(1));
		const outbox = reopened(store);
		const dups: boolean[] = [];
		const delivery = new Delivery({ outbox, publish: ({ dup }) => dups.push(dup), onEvent: () => {} });
		delivery.start();
		check.same(dups, [true]);
	},
	"an acknowledgement of the last connection is not taken on the next": (check) => {
		const played = new PlayedDelivery();
		played.add(1);
		played.start();
		const packetId = played.waiting.get(1)!;
		played.stop("network");
		check.is(played.delivery.acknowledged(packetId, 0), false);
		played.start();
		check.is(played.delivery.acknowledged(packetId, 0), false);
		check.same(numbersIn(played.outbox), [1]);
	},
	"a connection after another without an end between begins anew": (check) => {
		const played = new PlayedDelivery();
		played.add(1);
		played.start();
		played.start();
		check.is(played.sent(), "1 1+");
		check.is(played.delivery.inFlight, 1);
	},
	"stopping without a connection does nothing": (check) => {
		const played = new PlayedDelivery();
		played.stop("policy-denied");
		played.start();
		played.stop("network");
		played.stop("policy-denied");
		check.same(played.events(), []);
	},
};

const dropping: Cases = {
	"a message that cannot be sent is dropped and told, the others go": (check) => {
		const played = new PlayedDelivery();
		played.unsendable.add(2);
		const [, id] = played.add(1, 2, 3);
		played.start();
		check.is(played.sent(), "1 3");
		const [event, ...more] = played.events();
		check.is(more.length, 0);
		check.is(event?.event === "dropped" && event.error?.code, "unsendable");
		check.same({ ...event, error: undefined }, { event: "dropped", id, topic: "t2", cause: "unsendable" });
		check.same(numbersIn(played.outbox), [1, 3]);
	},
	"a message that is spoilt in the store is dropped and told, the others go": (check) => {
		const played = new PlayedDelivery();
		const [id] = played.add(1, 2);
		played.store.values.set("q0", Uint8Array.of(1));
		played.start();
		check.is(played.sent(), "2");
		const [event] = played.events();
		check.is(event?.event === "dropped" && event.error?.code, "damaged");
		check.same({ ...event, error: undefined }, { event: "dropped", id, cause: "damaged" });
	},
	"a message that cannot be read is told and sent later, the others go": (check) => {
		const played = new PlayedDelivery();
		const [id] = played.add(1, 2);
		played.store.unreadable.add("q0");
		played.start();
		check.is(played.sent(), "2");
		const [event, ...more] = played.events();
		check.same([event?.event, event?.id, more], ["store-failed", id, []]);
		played.store.unreadable.clear();
		played.delivery.pump();
		check.is(played.sent(), "1");
	},
	"a message that is acknowledged and cannot be deleted is told, and not sent again": (check) => {
		const played = new PlayedDelivery();
		played.start();
		const [id] = played.add(1);
		played.store.failAt(1, "before");
		played.acknowledge(1);
		const [first, second] = played.events();
		check.same(first, { event: "acknowledged", id, code: 0 });
		check.is(second?.event === "store-failed" && second.error.code, "store-failed");
		played.stop("network");
		played.start();
		check.is(played.sent(), "1");
	},
	"a message dropped by the application while in flight is told when it is acknowledged": (check) => {
		const played = new PlayedDelivery();
		played.start();
		const [id] = played.add(1);
		played.outbox.drop(id!);
		played.acknowledge(1);
		check.same(played.events(), [{ event: "acknowledged", id, code: 0 }]);
	},
	"no event holds a payload": (check) => {
		const played = new PlayedDelivery();
		played.unsendable.add(2);
		played.add(1, 2);
		played.start();
		played.acknowledge(1);
		check.is(JSON.stringify(played.events()).includes("payload"), false);
	},
};

const reentering: Cases = {
	"what is added inside an event goes out after it, in order": (check) => {
		const played = new PlayedDelivery();
		played.start();
		played.react = ({ event }) => {
			if (event === "acknowledged" && played.outbox.size < 2) played.add(7, 8);
		};
		played.add(1);
		played.acknowledge(1);
		check.is(played.sent(), "1 7 8");
	},
	"what is added inside an event of sending goes out in its turn": (check) => {
		const played = new PlayedDelivery();
		played.unsendable.add(1);
		played.react = ({ event }) => {
			if (event === "dropped") played.add(9);
		};
		played.add(1, 2);
		played.start();
		check.is(played.sent(), "2 9");
	},
	"a delivery that is driven inside every event comes to an end": (check) => {
		const played = new PlayedDelivery();
		const [id] = played.add(1, 2);
		played.store.unreadable.add("q0");
		played.react = () => played.delivery.pump();
		played.start();
		check.is(played.sent(), "2");
		check.same(
			played.events().map((event) => [event.event, event.id]),
			[["store-failed", id]],
		);
	},
	"a connection that ends inside a publish has perhaps sent the message": (check) => {
		const played = new PlayedDelivery();
		const [id] = played.add(1, 2);
		played.inPublish = () => played.stop("network");
		played.start();
		check.is(played.sent(), "1");
		check.is(played.delivery.inFlight, 0);
		check.is(played.outbox.next(), id);
		played.inPublish = () => {};
		played.start();
		check.is(played.sent(), "1+ 2");
	},
	"stopping and starting inside any event leaves one of each in flight": (check) => {
		const played = new PlayedDelivery();
		let times = 0;
		played.react = () => {
			if (++times > 3) return;
			played.stop("network");
			played.start();
		};
		played.unsendable.add(2);
		played.add(1, 2, 3, 4);
		played.start();
		played.acknowledge(3);
		check.same([...played.waiting.keys()], [1, 4]);
		check.is(played.delivery.inFlight, 2);
	},
	"an error that is none of the link's goes to the caller, and the delivery works on": (check) => {
		const played = new PlayedDelivery();
		played.inPublish = () => {
			throw new TypeError("defect");
		};
		played.add(1);
		check.throws(() => played.start(), { name: "TypeError" });
		played.inPublish = () => {};
		played.waiting.clear();
		played.delivery.pump();
		check.is(played.delivery.inFlight, 1);
	},
};

export const cases: Cases = { ...sending, ...resending, ...dropping, ...reentering };
