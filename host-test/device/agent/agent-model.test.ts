/**
 * Random lives: everything that world, gateway and application can do, in any order, against what must hold at all times; and in
 * the end, in a world that works again, the device gets online and rid of its messages.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import type { NetworkFailureCode, TransportFailureCode } from "../../../src/device/ports.js";
import { CONNACK, type ScriptedSocket } from "../world.js";
import { FIRST, ModelWorld, PORTS, ROTATION } from "./model-world.js";
import { EVENTS, STATES, SWITCHING } from "./moments.js";

type Step = (world: ModelWorld) => void;

/** A step with its name, for a counterexample that can be read. */
function named(name: string, step: Step): Step {
	return Object.assign(step, { toString: () => name, [fc.toStringMethod]: () => name });
}

/** The open socket does something; nothing where there is none. */
function wire(name: string, act: (socket: ScriptedSocket) => void): Step {
	return named(name, ({ socket }) => {
		if (socket !== undefined) act(socket);
	});
}

/** The gateway answers what waits for an answer since the socket was opened. */
function answerAll(socket: ScriptedSocket, code: number): void {
	for (const packet of socket.sent.splice(1)) {
		if (socket.closed) return;
		if (packet.type === "subscribe")
			socket.deliver({ type: "suback", packetId: packet.packetId, codes: packet.subscriptions.map(() => code || 1) });
		else if (packet.type === "publish" && packet.packetId !== undefined)
			socket.deliver({ type: "puback", packetId: packet.packetId, code });
		else if (packet.type === "pingreq") socket.deliver({ type: "pingresp" });
	}
}

/** Comes online, whatever it was doing, if it is about to. */
function letIn(world: ModelWorld): void {
	if (world.agent.state === "off" || world.agent.state === "failed") world.start();
	for (let turn = 0; turn < 4; turn++) {
		world.wifi.up();
		world.time.set(1_800_000_000_000 + world.clock.monotonic());
		world.clock.advance(turn === 3 ? 1_000 : 0);
	}
	const { socket } = world;
	if (socket === undefined || socket.sent.length > 0) return;
	socket.writable();
	if (!socket.closed) socket.deliver(CONNACK);
}

const message = (topic: string, text: string, retain: boolean) =>
	({ type: "publish", topic, payload: utf8Encode(text), qos: 1, retain, dup: false, packetId: 5 }) as const;

const passes = fc
	.constantFrom(0, 1, 250, 1_000, 5_000, 30_000, 61_000, 300_000, 1_800_000)
	.map((milliseconds) => named(`pass ${milliseconds}`, (world) => world.clock.advance(milliseconds)));

const gateway = fc.oneof(
	fc.constantFrom(
		wire("secure", (socket) => socket.writable()),
		wire("no room", (socket) => socket.writable(0)),
		wire("garbage", (socket) => socket.deliverBytes(Uint8Array.of(0xff, 0x00, 0x13))),
		wire("message", (socket) => socket.deliver(message("f1", "{}", false))),
	),
	fc
		.constantFrom(0, 0, 0, 0x87, 0x88, 0x97)
		.map((code) => wire(`connack ${code}`, (socket) => socket.deliverBytes(encodePacket({ ...CONNACK, code }, 5)))),
	fc.constantFrom(0, 0, 0, 0x87, 0x97).map((code) => wire(`answer ${code}`, (socket) => answerAll(socket, code))),
	fc
		.constantFrom(0x87, 0x8b, 0x8e, 0x90, 0x98)
		.map((code) => wire(`disconnect ${code}`, (socket) => socket.deliver({ type: "disconnect", code }))),
	fc
		.constantFrom<TransportFailureCode>("closed", "unreachable", "name-unresolved", "tls-trust", "tls-refused")
		.map((code) => wire(`fail ${code}`, (socket) => socket.fail(code))),
	fc.constant(wire("expired", (socket) => socket.fail("tls-trust", { detail: "certificate-expired" }))),
	fc
		.record({
			text: fc.oneof(
				fc.constantFrom("SECRET A", "SECRET B", "SECRET C").map((token) => JSON.stringify({ ...FIRST, token })),
				fc.constantFrom("A", "B").map((id) => JSON.stringify({ ...FIRST, clientId: id, disconnectAfter: undefined })),
				fc.constantFrom(JSON.stringify(FIRST), "SECRET, no JSON", "{}"),
			),
			retain: fc.boolean(),
		})
		.map(({ text, retain }) =>
			wire(`propose ${text.slice(0, 90)}`, (socket) => socket.deliver(message(ROTATION, text, retain))),
		),
);

const surroundings = fc.oneof(
	fc.constant(named("wifi up", ({ wifi }) => wifi.up())),
	fc
		.constantFrom<NetworkFailureCode>("unconfigured", "not-found", "rejected", "no-address", "lost", "failed")
		.map((code) => named(`wifi ${code}`, ({ wifi }) => wifi.down(code))),
	fc.constantFrom(
		named("time set", ({ time, clock }) => time.set(1_800_000_000_000 + clock.monotonic())),
		named("time fails", ({ time }) => time.fail()),
		named("clock jumps", ({ clock }) => clock.set(1_700_000_000_000)),
		named("clock lost", ({ clock }) => {
			clock.epoch = undefined;
		}),
		named("power cut", (world) => world.cutPower()),
	),
	fc.constantFrom(...PORTS).map((port) => named(`${port} breaks`, ({ broken }) => void broken.add(port))),
	fc.constantFrom(...PORTS).map((port) => named(`${port} works`, ({ broken }) => void broken.delete(port))),
);

const deeds = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.constantFrom(
			named("publish", (world) => world.publish(1)),
			named("publish much", (world) => world.publish(1, 1_500)),
			named("publish at QoS 0", (world) => world.publish(0)),
		),
	},
	fc.constantFrom(...Object.entries(SWITCHING).map(([name, act]) => named(name, act))),
);

const MOMENTS = [...new Set<string>([...EVENTS, "dropped", ...STATES, "off"])];

const reactions = fc.record({ when: fc.constantFrom(...MOMENTS), deed: deeds }).map(({ when, deed }) =>
	named(`in ${when}: ${String(deed)}`, (world) => {
		world.reaction = { when, act: () => deed(world) };
	}),
);

const step = fc.oneof(
	{ weight: 4, arbitrary: passes },
	{ weight: 6, arbitrary: gateway },
	{ weight: 3, arbitrary: surroundings },
	{ weight: 3, arbitrary: deeds },
	{ weight: 2, arbitrary: reactions },
	{ weight: 4, arbitrary: fc.constant(named("let in", letIn)) },
);

/** Everything works from now on, and whoever waits is answered. @returns whether the device came online and delivered. */
function recovers(world: ModelWorld): boolean {
	world.broken.clear();
	world.reaction = undefined;
	world.socket?.fail("closed");
	const { agent, clock } = world;
	const end = clock.monotonic() + 3 * 3_600_000;
	while (clock.monotonic() < end) {
		letIn(world);
		if (world.socket !== undefined) answerAll(world.socket, 0);
		world.check();
		if (agent.state === "online" && agent.status.outbox.messages === 0 && world.waiting === 0) return true;
		clock.advance(Math.min(clock.untilNext ?? 1_000, 60_000));
	}
	return false;
}

test("whatever happens, what must hold holds, and the device gets online when it can", (t) => {
	const seen = new Set<string>();
	fc.assert(
		fc.property(fc.array(step, { minLength: 5, maxLength: 80, size: "max" }), (steps) => {
			const world = new ModelWorld();
			for (const act of steps) {
				act(world);
				world.check();
			}
			if (!recovers(world)) throw new Error(`does not recover: ${JSON.stringify(world.agent.status)}`);
			world.agent.stop();
			world.check();
			for (const name of world.seen) seen.add(name);
		}),
		{ numRuns: 2_000, includeErrorInReport: true },
	);
	// Else it would not have tested what it says.
	for (const moment of MOMENTS) t.true(seen.has(moment), `${moment} never came`);
});

/** A life in which every port is used in every way. */
function live(world: ModelWorld): void {
	const steps: readonly Step[] = [
		letIn,
		({ socket }) => socket && answerAll(socket, 0),
		(w) => w.publish(1),
		({ socket }) => socket && answerAll(socket, 0),
		({ socket }) => socket?.deliver(message(ROTATION, JSON.stringify({ ...FIRST, token: "SECRET A" }), false)),
		letIn,
		({ socket }) => socket && answerAll(socket, 0),
		({ socket }) => socket?.deliver(message(ROTATION, JSON.stringify({ ...FIRST, token: "SECRET B" }), false)),
		({ clock }) => clock.advance(1_000),
		({ socket }) => socket?.writable(),
		({ socket }) => socket?.deliverBytes(encodePacket({ ...CONNACK, code: 0x87 }, 5)),
		({ clock }) => clock.advance(10_000),
		letIn,
		(w) => w.publish(1),
		({ wifi }) => wifi.down("lost"),
		({ clock }) => clock.advance(90_000),
		letIn,
		({ clock }) => clock.set(1_700_000_000_000),
		({ clock }) => clock.advance(20_000),
		({ socket }) => socket?.fail("tls-trust", { detail: "certificate-expired" }),
		({ clock }) => clock.advance(120_000),
		letIn,
		(w) => w.cutPower(),
		letIn,
		({ agent }) => agent.stop(),
		(w) => w.start(),
		letIn,
	];
	for (const act of steps) {
		act(world);
		world.check();
	}
}

test("a port that fails once, in any of its uses, leaves a device that recovers", (t) => {
	const dry = new ModelWorld();
	live(dry);
	t.true(dry.uses > 250, `${dry.uses} uses`);
	for (let at = 0; at < dry.uses; at++) {
		const world = new ModelWorld(at);
		live(world);
		t.true(recovers(world), `use ${at}`);
	}
});

test("a timer that is not made, whichever it is, leaves a device that says so or is restarted", (t) => {
	const dry = new ModelWorld();
	live(dry);
	t.true(dry.timers > 80, `${dry.timers} timers`);
	let failed = 0;
	for (let at = 0; at < dry.timers; at++) {
		const world = new ModelWorld(-1, at);
		live(world);
		if (world.seen.has("failed")) failed++;
		// Fed no more, unless it has been switched off and on since.
		const { feeds } = world;
		world.clock.advance(60_000);
		world.check();
		if (world.feeds === feeds) world.cutPower();
		t.true(recovers(world), `timer ${at}`);
	}
	t.true(failed > 5, `${failed} of ${dry.timers} failed by name`);
});

test("each port that is broken for good leaves a device that recovers when it is mended", (t) => {
	for (const port of PORTS) {
		const world = new ModelWorld();
		world.broken.add(port);
		for (let i = 0; i < 200; i++) {
			letIn(world);
			if (i % 7 === 0) world.publish(1);
			world.clock.advance(i % 3 === 0 ? 600_000 : 1_000);
			world.check();
		}
		t.true(recovers(world), port);
	}
});
