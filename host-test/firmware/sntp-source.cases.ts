/**
 * Asking servers of time in turn, over a network that loses, forges and fails.
 * @module
 */
import type { Random } from "../../src/device/ports.js";
import { SntpSource, type UDPSocket } from "../../src/firmware/sntp-source.js";
import type { Cases } from "../device/case.js";
import { VirtualClock } from "../device/world.js";

const NOT_BEFORE = 1_795_000_000_000;
/** Milliseconds since 1970 that servers tell, and what the clock is set to with no way to go: half up. */
const TIME = 1_796_000_000_400;

type Packet = ArrayBuffer & { readonly address: string; readonly port: number };

interface Sent {
	readonly bytes: Uint8Array;
	readonly address: string;
	readonly port: number;
}

class ScriptedUdp implements UDPSocket {
	readonly sent: Sent[] = [];
	closes = 0;
	/** Thrown by the next write. */
	fault: Error | undefined;
	private readonly packets: Packet[] = [];
	private readonly onReadable: (packets: number) => void;

	constructor({ onReadable }: { onReadable: (packets: number) => void }) {
		this.onReadable = onReadable;
	}

	write(bytes: Uint8Array, address: string, port: number): void {
		if (this.fault !== undefined) throw this.fault;
		this.sent.push({ bytes: bytes.slice(), address, port });
	}

	read(): Packet | undefined {
		return this.packets.shift();
	}

	close(): void {
		this.closes++;
	}

	deliver(bytes: Uint8Array, { address, port }: { address: string; port: number } = this.last): void {
		this.packets.push(Object.assign(bytes.slice().buffer, { address, port }));
		this.onReadable(this.packets.length);
	}

	get last(): Sent {
		return this.sent[this.sent.length - 1]!;
	}
}

/** A server's answer to the question that was sent last. */
function answerTo({ bytes }: Sent, { time = TIME, stratum = 2 } = {}): Uint8Array {
	const packet = new Uint8Array(48);
	packet[0] = 0x24;
	packet[1] = stratum;
	packet.set(bytes.subarray(40, 48), 24);
	const view = new DataView(packet.buffer);
	view.setUint32(40, Math.floor(time / 1000) + 2_208_988_800);
	view.setUint32(44, Math.ceil(((time % 1000) * 0x100000000) / 1000));
	return packet;
}

class Scene {
	readonly clock = new VirtualClock("unset");
	readonly sockets: ScriptedUdp[] = [];
	readonly resolved: string[] = [];
	readonly answers: (string | undefined)[] = [];
	readonly set: number[] = [];
	readonly faults: string[] = [];
	/** Addresses by name; a name without one has none, a name that is `throw` throws. */
	readonly addresses: Record<string, string> = { a: "192.0.2.1", b: "192.0.2.2" };
	private count = 0;
	readonly source: SntpSource;

	constructor(names = ["a", "b"]) {
		const { sockets, clock } = this;
		const random: Random = { bytes: (count) => new Uint8Array(count).fill(++this.count) };
		this.source = new SntpSource({
			servers: names.map((host) => ({ host, port: 123 })),
			UDP: class extends ScriptedUdp {
				constructor(options: { onReadable: (packets: number) => void }) {
					super(options);
					sockets.push(this);
				}
			},
			resolve: (host, answer) => {
				if (host === "throw") throw new Error("no resolver");
				this.resolved.push(host);
				answer(this.addresses[host]);
			},
			clock,
			random,
			setTime: (seconds) => void this.set.push(seconds),
			notBefore: NOT_BEFORE,
			onFault: (where, error) => void this.faults.push(`${where}: ${String(error)}`),
		});
	}

	ask(): void {
		this.source.synchronize((failure) => void this.answers.push(failure));
		this.clock.advance(0);
	}

	get socket(): ScriptedUdp {
		return this.sockets[this.sockets.length - 1]!;
	}

	/** The answer is told in a turn of its own. */
	settle(): void {
		this.clock.advance(0);
	}
}

export const cases: Cases = {
	"the first server is asked, and its answer sets the clock"(check) {
		const scene = new Scene();
		scene.ask();
		check.same([scene.socket.last.address, scene.socket.last.port], ["192.0.2.1", 123]);
		scene.socket.deliver(answerTo(scene.socket.last));
		scene.settle();
		check.same([scene.set, scene.resolved], [[1_796_000_000], ["a"]]);
		check.same([scene.answers.length, scene.answers[0]], [1, undefined]);
		check.same([scene.socket.closes, scene.clock.pending], [1, 0]);
	},

	"half of the way there and back is added, and the second rounded"(check) {
		const scene = new Scene();
		scene.ask();
		scene.clock.advance(400);
		scene.socket.deliver(answerTo(scene.socket.last));
		check.same(scene.set, [1_796_000_001]);
	},

	"nothing is done, nor told, inside of synchronize"(check) {
		const scene = new Scene(["throw"]);
		scene.source.synchronize((failure) => void scene.answers.push(failure));
		check.same([scene.answers.length, scene.resolved.length], [0, 0]);
		scene.clock.advance(0);
		scene.clock.advance(0);
		check.same(scene.answers, ["throw: Error: no resolver"]);
	},

	"a server that does not answer is asked again, with another number, then the next one is"(check) {
		const scene = new Scene();
		scene.ask();
		const [first] = scene.sockets;
		scene.clock.advance(3_000);
		check.is(first!.sent.length, 2);
		check.is(first!.sent[0]!.bytes[40] === first!.sent[1]!.bytes[40], false);
		scene.clock.advance(3_000);
		check.same([scene.sockets.length, scene.socket.last.address, first!.closes], [2, "192.0.2.2", 1]);
		scene.socket.deliver(answerTo(scene.socket.last));
		scene.settle();
		check.same([scene.set.length, scene.answers.length], [1, 1]);
	},

	"an answer to the first question does not count any more after the second"(check) {
		const scene = new Scene();
		scene.ask();
		const first = scene.socket.last;
		scene.clock.advance(3_000);
		scene.socket.deliver(answerTo(first));
		scene.settle();
		check.same([scene.set.length, scene.answers.length], [0, 0]);
	},

	"what echoes another number, and what comes from elsewhere, is passed over"(check) {
		const scene = new Scene();
		scene.ask();
		const { last } = scene.socket;
		const forged = answerTo(last);
		forged[24]! ^= 1;
		scene.socket.deliver(forged);
		scene.socket.deliver(answerTo(last), { address: "192.0.2.9", port: 123 });
		scene.socket.deliver(answerTo(last), { address: "192.0.2.1", port: 124 });
		scene.settle();
		check.is(scene.set.length, 0);
		scene.socket.deliver(answerTo(last));
		scene.settle();
		check.same([scene.set.length, scene.answers.length], [1, 1]);
	},

	"several packets at once are looked at until one counts"(check) {
		const scene = new Scene();
		scene.ask();
		const { last } = scene.socket;
		const forged = answerTo(last);
		forged[31]! ^= 1;
		const { socket } = scene;
		const packets = [forged, answerTo(last), answerTo(last, { time: TIME + 60_000 })].map((bytes) =>
			Object.assign(bytes.buffer, { address: "192.0.2.1", port: 123 }),
		);
		socket.read = () => packets.shift() as Packet | undefined;
		socket.deliver(forged);
		scene.settle();
		check.same([scene.set, packets.length], [[1_796_000_000], 1]);
	},

	"when all have failed it is told why, server by server"(check) {
		const scene = new Scene(["a", "nowhere", "b", "throw"]);
		scene.ask();
		scene.socket.deliver(answerTo(scene.socket.last, { stratum: 0 }));
		scene.clock.advance(0);
		scene.clock.advance(0);
		scene.socket.deliver(answerTo(scene.socket.last, { time: NOT_BEFORE - 1 }));
		scene.clock.advance(10);
		check.same(scene.answers, [
			"a: it asks to be left alone; nowhere: its name has no address; " +
				"b: it tells a time before the firmware was built; throw: Error: no resolver",
		]);
		check.same([scene.set.length, scene.clock.pending], [0, 0]);
	},

	"a server that is not synchronized is not believed"(check) {
		const scene = new Scene(["a"]);
		scene.ask();
		scene.socket.deliver(answerTo(scene.socket.last, { stratum: 16 }));
		scene.clock.advance(10);
		check.same(scene.answers, ["a: it does not know the time itself"]);
	},

	"a network that takes no packet is the server's failure, and the next one's turn"(check) {
		const scene = new Scene(["a"]);
		scene.ask();
		scene.socket.fault = new Error("UDP send failed");
		scene.clock.advance(3_000);
		scene.settle();
		check.same(scene.answers, ["a: Error: UDP send failed"]);
		check.is(scene.faults.length, 0);
	},

	"a second synchronization forgets the first one"(check) {
		const scene = new Scene();
		let first = 0;
		scene.source.synchronize(() => first++);
		scene.clock.advance(0);
		const [socket] = scene.sockets;
		scene.ask();
		check.is(socket!.closes, 1);
		socket!.deliver(answerTo(socket!.last));
		scene.settle();
		check.is(scene.set.length, 0);
		scene.socket.deliver(answerTo(scene.socket.last));
		scene.settle();
		check.same([first, scene.answers.length, scene.set.length], [0, 1, 1]);
	},

	"cancelled at any moment, nothing is told any more and nothing is left"(check) {
		for (const moment of [0, 1, 2, 3]) {
			const scene = new Scene();
			scene.source.synchronize((failure) => void scene.answers.push(failure));
			if (moment > 0) scene.clock.advance(0);
			if (moment > 1) scene.clock.advance(3_500);
			if (moment > 2) scene.socket.deliver(answerTo(scene.socket.last));
			scene.source.cancel();
			scene.source.cancel();
			scene.clock.advance(60_000);
			check.same([scene.answers.length, scene.clock.pending], [0, 0], `moment ${moment}`);
			for (const { closes } of scene.sockets) check.is(closes, 1);
		}
	},

	"what the owner throws is no failure of a server"(check) {
		const scene = new Scene();
		let told = 0;
		scene.source.synchronize(() => {
			told++;
			throw new Error("no such agent");
		});
		scene.clock.advance(0);
		scene.socket.deliver(answerTo(scene.socket.last));
		check.throws(() => scene.settle(), { message: "no such agent" });
		check.same([told, scene.sockets.length, scene.clock.pending], [1, 1, 0]);
	},
};
