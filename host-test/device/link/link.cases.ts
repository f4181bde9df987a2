/** @module */
import type { ConnectFields } from "../../../src/device/connect-fields.js";
import { Link, type LinkEvent, type OutcomeKind } from "../../../src/device/link/index.js";
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import type { ProtocolVersion } from "../../../src/device/mqtt/index.js";
import type { Packet } from "../../../src/device/mqtt/packets.js";
import type { TLSSocketConstructor, TransportFailureCode } from "../../../src/device/ports.js";
import type { Cases } from "../case.js";
import { CONNACK, ScriptedNetwork, VirtualClock } from "../world.js";

const FIELDS: ConnectFields = {
	clientId: "dev1",
	username: "?x-amz-customauthorizer-name=A&t=x",
	host: "10.0.0.2",
	port: 8443,
	serverName: "gateway.test",
	applicationLayerProtocolNegotiation: ["mqtt"],
};

function open(version: ProtocolVersion = 5, clock = new VirtualClock(), TLSSocket?: TLSSocketConstructor) {
	const network = new ScriptedNetwork(version);
	const events: LinkEvent[] = [];
	const link = new Link({
		fields: FIELDS,
		version,
		keepAlive: 60,
		maximumPacketSize: 4096,
		TLSSocket: TLSSocket ?? network.TLSSocket,
		clock,
		onEvent: (event) => events.push(event),
	});
	link.open();
	const outcomes = () => events.flatMap((event) => (event.event === "over" ? [event.outcome] : []));
	return { link, network, clock, events, outcomes };
}

function openOnline(version: ProtocolVersion = 5) {
	const world = open(version);
	world.network.last.writable();
	world.network.last.deliver(CONNACK);
	return world;
}

export const cases: Cases = {
	"a link opens TLS to the host with the server name and ALPN of the fields": (check) => {
		const { network } = open();
		const { host, port, secure } = network.last.options;
		check.same([host, port], ["10.0.0.2", 8443]);
		check.same(secure, { serverName: "gateway.test", applicationLayerProtocolNegotiation: ["mqtt"] });
	},
	"nothing is sent before the socket is secured, then CONNECT with the fields": (check) => {
		const { network, events } = open();
		check.is(network.last.types, "");
		network.last.writable();
		const [connect] = network.last.sent;
		check.is(connect?.type === "connect" && connect.clientId, "dev1");
		check.is(connect?.type === "connect" && connect.username, FIELDS.username);
		check.is(connect?.type === "connect" && connect.keepAlive, 60);
		check.same(
			events.map(({ event }) => event),
			["secured"],
		);
	},
	"CONNACK makes the link online": (check) => {
		for (const version of [4, 5] as const)
			check.same(
				openOnline(version).events.map(({ event }) => event),
				["secured", "online"],
			);
	},
	"a clock that was never set is an outcome, and no socket is opened": (check) => {
		const { network, clock, outcomes } = open(5, new VirtualClock("unset"));
		clock.advance(0);
		check.is(network.sockets.length, 0);
		check.same(
			outcomes().map(({ kind }) => kind),
			["clock-unset"],
		);
	},
	"a socket that cannot be made is an outcome, told in a turn of its own": (check) => {
		const { clock, outcomes } = open(
			5,
			undefined,
			class {
				constructor() {
					throw new RangeError("SECRET");
				}
			} as unknown as TLSSocketConstructor,
		);
		check.same(outcomes(), []);
		clock.advance(0);
		check.same(
			outcomes().map(({ kind, cause }) => `${kind}: ${cause}`),
			["network: no socket could be made (RangeError)"],
		);
		check.is(clock.pending, 0);
	},
	"a handshake that never ends is over after thirty seconds": (check) => {
		const { network, clock, outcomes } = open();
		clock.advance(29_999);
		check.is(outcomes().length, 0);
		clock.advance(1);
		check.same(
			outcomes().map(({ kind }) => kind),
			["network"],
		);
		check.is(network.last.closed, true);
		check.is(clock.pending, 0);
	},
	"a CONNECT that is never answered is over after fifteen seconds": (check) => {
		const { network, clock, outcomes } = open();
		network.last.writable();
		clock.advance(15_000);
		check.same(
			outcomes().map(({ kind }) => kind),
			["network"],
		);
	},
	"each failure of the transport before the handshake is told apart": (check) => {
		const expected: Record<TransportFailureCode, OutcomeKind> = {
			"name-unresolved": "network",
			unreachable: "network",
			"timed-out": "network",
			closed: "tls-refused",
			"tls-trust": "tls-trust",
			"tls-refused": "tls-refused",
			"tls-protocol": "tls-refused",
		};
		for (const [code, kind] of Object.entries(expected) as [TransportFailureCode, OutcomeKind][]) {
			const { network, outcomes } = open();
			network.last.fail(code);
			check.same(
				outcomes().map((outcome) => outcome.kind),
				[kind],
				code,
			);
		}
	},
	"what the platform tells of a failure is passed on, its remedy in place of the general one": (check) => {
		const { network, outcomes } = open();
		const told = { detail: "certificate-expired", step: "tls", remedy: "set the clock" } as const;
		network.last.fail("tls-trust", told);
		check.same(outcomes(), [{ kind: "tls-trust", cause: "scripted tls-trust", ...told }]);
	},
	"closed after CONNECT and before CONNACK is how MQTT 3.1.1 is refused": (check) => {
		const { network, outcomes } = open(4);
		network.last.writable();
		network.last.fail("closed");
		check.same(
			outcomes().map(({ kind }) => kind),
			["closed-before-connack"],
		);
	},
	"how TCP ended is no remedy for a CONNECT that was refused by closing": (check) => {
		const { network, outcomes } = open(4);
		network.last.writable();
		network.last.fail("closed", { detail: "truncated", step: "tls", remedy: "check the port" });
		check.same([outcomes()[0]?.detail, outcomes()[0]?.remedy.includes("authorizer")], ["truncated", true]);
	},
	"a server may refuse by TLS after CONNECT: with TLS 1.3 a client is done before the server": (check) => {
		for (const [code, kind] of [
			["tls-refused", "tls-refused"],
			["tls-protocol", "tls-refused"],
			["tls-trust", "tls-trust"],
			["unreachable", "network"],
		] as const) {
			const { network, outcomes } = open();
			network.last.writable();
			network.last.fail(code);
			check.is(outcomes()[0]?.kind, kind, code);
		}
	},
	"a refusing CONNACK keeps the server's code and reason": (check) => {
		const { network, outcomes } = open();
		network.last.writable();
		network.last.deliver({ ...CONNACK, code: 0x87, properties: { reasonString: "why" } });
		const [outcome] = outcomes();
		check.same([outcome?.kind, outcome?.code, outcome?.reason], ["refused", 0x87, "why"]);
		check.is(network.last.closed, true);
	},
	"CONNACK codes are told apart": (check) => {
		const expected: readonly (readonly [ProtocolVersion, number, OutcomeKind])[] = [
			[4, 1, "protocol"],
			[4, 2, "refused"],
			[4, 3, "server-gone"],
			[4, 5, "refused"],
			[5, 0x84, "protocol"],
			[5, 0x85, "refused"],
			[5, 0x86, "refused"],
			[5, 0x87, "refused"],
			[5, 0x88, "server-gone"],
			[5, 0x97, "throttled"],
			[5, 0x9f, "throttled"],
		];
		for (const [version, code, kind] of expected) {
			const { network, outcomes } = open(version);
			network.last.writable();
			network.last.deliver({ ...CONNACK, code });
			check.same(
				outcomes().map((outcome) => outcome.kind),
				[kind],
				`${version}: ${code}`,
			);
		}
	},
	"DISCONNECT codes are told apart": (check) => {
		const expected: readonly (readonly [number, OutcomeKind])[] = [
			[0x82, "protocol"],
			[0x87, "policy-denied"],
			[0x8b, "server-gone"],
			[0x8e, "taken-over"],
			[0x8f, "protocol"],
			[0x90, "protocol"],
			[0x93, "protocol"],
			[0x94, "protocol"],
			[0x95, "protocol"],
			[0x97, "throttled"],
			[0x98, "time-to-live"],
			[0x9b, "protocol"],
			[0xa0, "time-to-live"],
			[0xa1, "protocol"],
		];
		for (const [code, kind] of expected) {
			const { network, outcomes } = openOnline();
			network.last.deliver({ type: "disconnect", code });
			check.same(
				outcomes().map((outcome) => outcome.kind),
				[kind],
				String(code),
			);
		}
	},
	"bytes that are no MQTT end the link before CONNACK as protocol, after it as server-gone": (check) => {
		const early = open();
		early.network.last.writable();
		early.network.last.deliverBytes(Uint8Array.of(0x48, 0x54, 0x54, 0x50, 0x2f));
		check.same(
			early.outcomes().map(({ kind }) => kind),
			["protocol"],
		);
		const late = openOnline();
		late.network.last.deliverBytes(Uint8Array.of(0xf0, 0xff));
		check.same(
			late.outcomes().map(({ kind }) => kind),
			["server-gone"],
		);
	},
	"a link ends once, whatever comes after": (check) => {
		const { network, clock, outcomes } = openOnline();
		network.last.fail("closed");
		network.last.fail("closed");
		network.last.writable();
		clock.advance(3_600_000);
		check.is(outcomes().length, 1);
		check.is(clock.pending, 0);
	},
	"a message goes out, its acknowledgement and an incoming message are told": (check) => {
		const { link, network, events } = openOnline();
		const packetId = link.publish({ topic: "a/b", payload: Uint8Array.of(1, 2), qos: 1 });
		const publish = network.last.sent[1];
		check.is(publish?.type === "publish" && publish.topic, "a/b");
		network.last.deliver({ type: "puback", packetId, code: 0 });
		network.last.deliver({
			type: "publish",
			topic: "c",
			payload: Uint8Array.of(3),
			qos: 1,
			retain: false,
			dup: false,
			packetId: 7,
		});
		check.same(
			events.slice(2).map(({ event }) => event),
			["acknowledged", "message"],
		);
		check.is(network.last.types, "connect publish puback");
	},
	"publishing while not online is refused by code": (check) => {
		const { link } = open();
		const message = { topic: "a", payload: new Uint8Array(), qos: 0 } as const;
		check.throws(() => link.publish(message), { code: "offline", step: "link" });
		const online = openOnline();
		online.network.last.fail("closed");
		check.throws(() => online.link.publish(message), { code: "offline" });
	},
	"a socket with little room is fed in parts, and what waits is bounded": (check) => {
		const { link, network } = open();
		const socket = network.last;
		socket.writable(10);
		check.is(socket.types, "");
		while (socket.types === "") socket.writable(10);
		check.is(socket.types, "connect");
		socket.deliver(CONNACK);
		const message = { topic: "a", payload: new Uint8Array(9_000), qos: 0 } as const;
		link.publish(message);
		link.publish(message);
		check.throws(() => link.publish(message), { code: "busy" });
		socket.writable(100_000);
		check.is(socket.types, "connect publish publish");
		link.publish(message);
	},
	"too many unacknowledged messages are busy, not an error of the protocol": (check) => {
		const { link, network, outcomes } = openOnline();
		const message = { topic: "a", payload: Uint8Array.of(1), qos: 1 } as const;
		for (let i = 0; i < 8; i++) link.publish(message);
		check.throws(() => link.publish(message), { code: "busy" });
		const first = network.last.sent[1];
		network.last.deliver({ type: "puback", packetId: (first?.type === "publish" && first.packetId) || 0, code: 0 });
		link.publish(message);
		check.is(outcomes().length, 0);
	},
	"a server that never reads cannot make the device hold more answers than its limit": (check) => {
		const { network } = openOnline();
		const socket = network.last;
		socket.writable(0);
		const message = {
			type: "publish",
			topic: "a",
			payload: new Uint8Array(),
			qos: 1,
			retain: false,
			dup: false,
		} as const;
		const flood: number[] = [];
		for (let packetId = 1; packetId <= 1_000; packetId++)
			for (const byte of encodePacket({ ...message, packetId }, 5)) flood.push(byte);
		socket.deliverBytes(Uint8Array.from(flood));
		check.is(socket.types, "connect");
		const untaken = socket.unread;
		check.is(untaken > flood.length / 2, true, `${untaken} of ${flood.length} bytes left in the socket`);
		for (let i = 0; i < 20; i++) socket.writable(800);
		check.is(socket.unread, 0);
		check.is(socket.sent.length, 1_001);
	},
	"what cannot be sent is the caller's error and the link goes on": (check) => {
		const { link, network, outcomes } = openOnline();
		const message = { payload: new Uint8Array(), qos: 0 } as const;
		check.throws(() => link.publish({ ...message, topic: "a/#" }), { code: "unsendable", step: "link" });
		check.throws(() => link.subscribe([{ filter: "a/#/b", qos: 0 }]), { code: "unsendable" });
		link.publish({ ...message, topic: "a" });
		check.is(network.last.types, "connect publish");
		check.is(outcomes().length, 0);
	},
	"fields that make no CONNECT end the link instead of throwing into the socket": (check) => {
		const network = new ScriptedNetwork();
		const kinds: string[] = [];
		const link = new Link({
			fields: { ...FIELDS, clientId: "a\ud800" },
			version: 5,
			keepAlive: 60,
			maximumPacketSize: 4096,
			TLSSocket: network.TLSSocket,
			clock: new VirtualClock(),
			onEvent: (event) => kinds.push(event.event === "over" ? event.outcome.kind : event.event),
		});
		link.open();
		network.last.writable();
		check.same(kinds, ["secured", "protocol"]);
		check.is(network.last.closed, true);
	},
	"an idle link pings, and a silent server ends it": (check) => {
		const { network, clock, outcomes } = openOnline();
		clock.advance(60_000);
		check.is(network.last.types, "connect pingreq");
		network.last.deliver({ type: "pingresp" });
		clock.advance(60_000);
		check.is(network.last.types, "connect pingreq pingreq");
		clock.advance(60_000);
		check.same(
			outcomes().map(({ kind }) => kind),
			["server-gone"],
		);
	},
	"close says goodbye, ends the socket and tells nothing": (check) => {
		const { link, network, clock, events } = openOnline();
		const before = events.length;
		link.close();
		link.close();
		check.is(network.last.types, "connect disconnect");
		check.is(network.last.closed, true);
		check.is(clock.pending, 0);
		check.is(events.length, before);
	},
	"a connection cut after any byte of what the gateway sends ends in one outcome": (check) => {
		const bytes = answers();
		for (let at = 0; at <= bytes.length; at++) {
			const { network, clock, outcomes } = open();
			network.last.writable();
			network.last.deliverBytes(bytes.slice(0, at));
			network.last.fail("closed");
			clock.advance(3_600_000);
			check.is(outcomes().length, 1, `${at} bytes`);
			check.is(clock.pending, 0, `${at} bytes`);
		}
	},
	"what the gateway sends may come in pieces of any size": (check) => {
		const bytes = answers();
		for (let size = 1; size <= bytes.length; size++) {
			const { network, events } = open();
			network.last.writable();
			for (let at = 0; at < bytes.length; at += size) network.last.deliverBytes(bytes.slice(at, at + size));
			check.same(
				events.map(({ event }) => event),
				["secured", "online", "message", "message"],
				`pieces of ${size}`,
			);
		}
	},
	"one wrong byte from the gateway never throws and never ends the link twice": (check) => {
		const bytes = answers();
		for (let at = 0; at < bytes.length; at++)
			for (const flip of [0x01, 0x10, 0x80, 0xff]) {
				const { network, clock, outcomes } = open();
				network.last.writable();
				network.last.deliverBytes(bytes.map((byte, index) => (index === at ? byte ^ flip : byte)));
				network.last.fail("closed");
				clock.advance(3_600_000);
				check.is(outcomes().length, 1, `byte ${at}, bits ${flip}`);
				check.is(clock.pending, 0, `byte ${at}, bits ${flip}`);
			}
	},
};

/** CONNACK and two messages as one run of bytes. */
function answers(): Uint8Array {
	const message = {
		type: "publish",
		topic: "a/b",
		payload: Uint8Array.of(1, 2, 3),
		retain: false,
		dup: false,
	} as const;
	const packets: readonly Packet[] = [
		{ ...CONNACK, properties: { receiveMaximum: 3, reasonString: "ok" } },
		{ ...message, qos: 0 },
		{ ...message, qos: 1, packetId: 5 },
	];
	return Uint8Array.from(packets.flatMap((packet) => [...encodePacket(packet, 5)]));
}
