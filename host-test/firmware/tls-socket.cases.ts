/**
 * The device's TLS socket: what its owner is told and when, what goes to TCP, and what stays where it is.
 * @module
 */
import { TLS_FAILURE } from "../../src/firmware/native/tls-failure.js";
import type { Cases } from "../device/case.js";
import { PlayedSocket } from "./played-socket.js";
import { frame } from "./scripted-engine.js";

const OPEN = ["secured TLSv1.2 SCRIPTED mqtt", "writable 56"];

export const cases: Cases = {
	"TCP is opened with host and port, and each write goes out at once"(check) {
		const { host, port, nodelay, address } = new PlayedSocket().tcp.options;
		check.same({ host, port, nodelay, address }, { host: "gateway.test", port: 443, nodelay: true });
	},

	"the engine gets server name, ALPN and the socket's own root"(check) {
		const certificate = Uint8Array.of(9).buffer;
		const { options } = new PlayedSocket({ secure: { certificate } }).engine;
		check.is(options.serverName, "iot.test");
		check.same(options.applicationLayerProtocolNegotiation, ["mqtt"]);
		check.same(options.roots, [certificate]);
	},

	"without a root of its own the platform's apply"(check) {
		check.is(new PlayedSocket().engine.options.roots.length, 2);
	},

	"options that the engine refuses are an error of the constructor, and nothing is opened"(check) {
		check.throws(() => new PlayedSocket({ secure: { serverName: "" } }), { name: "RangeError" });
	},

	"connected by TCP is not writable: the ClientHello goes out and nothing is told"(check) {
		const play = new PlayedSocket();
		play.tcp.allow(100);
		check.is(play.sent, "hello");
		check.same(play.told, []);
		check.throws(() => play.socket.write(Uint8Array.of(1)), { name: "RangeError" });
		check.is(play.sent, "hello");
	},

	"the first onWritable comes with the verified server, after what was agreed on"(check) {
		check.same(new PlayedSocket().opened().told, OPEN);
	},

	"a handshake that comes byte by byte is the same"(check) {
		const play = new PlayedSocket();
		play.tcp.allow(100);
		for (const byte of frame.finished()) play.tcp.deliver(Uint8Array.of(byte));
		check.same(play.told, OPEN);
	},

	"bytes that come with the end of the handshake are readable after the first onWritable"(check) {
		const play = new PlayedSocket();
		play.tcp.allow(100);
		play.tcp.deliver(frame.finished(), frame.data(1, 2));
		check.same(play.told, [...OPEN, "readable 2"]);
		check.same(play.received, [1, 2]);
	},

	"what is written goes out encrypted, and the room left is told"(check) {
		const play = new PlayedSocket().opened();
		check.is(play.socket.write(Uint8Array.of(1, 2)), 56);
		check.is(play.sent, "hello data(1,2)");
	},

	"a write beyond the room is refused whole"(check) {
		const play = new PlayedSocket().opened();
		check.throws(() => play.socket.write(new Uint8Array(57)), { name: "RangeError" });
		check.is(play.sent, "hello");
		check.is(play.socket.write(new Uint8Array(56).fill(7)), 56);
	},

	"while TCP takes nothing the engine fills up, and room comes back with TCP's"(check) {
		const play = new PlayedSocket().opened(2);
		check.is(play.socket.write(new Uint8Array(40)), 14);
		check.is(play.socket.write(new Uint8Array(14)), 0);
		check.throws(() => play.socket.write(Uint8Array.of(1)), { name: "RangeError" });
		play.tcp.allow(30);
		check.same(play.told.slice(2), ["writable 28"]);
		play.tcp.allow(1000);
		check.same(play.told.slice(3), ["writable 56"]);
		check.is(play.engine.pending, 0);
		check.same(play.tcp.misuses, []);
	},

	"a TCP class that does not tell its room is not written to beyond it"(check) {
		const play = new PlayedSocket();
		play.tcp.tellsRoom = false;
		play.opened(8);
		play.socket.write(new Uint8Array(20));
		check.is(play.tcp.sent.length, 8);
		play.tcp.allow(3);
		check.is(play.tcp.sent.length, 11);
		check.same(play.tcp.misuses, []);
	},

	"room the owner knows of is not told again"(check) {
		const play = new PlayedSocket().opened();
		play.tcp.allow(1000);
		play.tcp.allow(2000);
		check.same(play.told, OPEN);
	},

	"every record is offered in its order, the next one when the first was read"(check) {
		const play = new PlayedSocket().opened();
		play.tcp.deliver(frame.data(1, 2, 3), frame.data(4), frame.data(5, 6));
		check.same(play.told.slice(2), ["readable 3", "readable 1", "readable 2"]);
		check.same(play.received, [1, 2, 3, 4, 5, 6]);
	},

	"an owner that does not read leaves the rest with TCP, all but one piece"(check) {
		const play = new PlayedSocket({ onReadable: () => {} }).opened();
		const record = frame.data(...new Uint8Array(200));
		for (let i = 0; i < 20; i++) play.tcp.deliver(record);
		check.is(play.engine.readable, 200);
		check.is(play.tcp.unread, 19 * record.length);
		play.read();
		play.runDeferred();
		check.is(play.tcp.unread, 19 * record.length - 1024);
		check.is(play.engine.readable, 200);
	},

	"a part that was read is not offered again before something new comes"(check) {
		const play = new PlayedSocket({ onReadable: (play) => void play.read(2) }).opened();
		play.tcp.deliver(frame.data(1, 2, 3, 4, 5));
		check.same(play.told.slice(2), ["readable 5"]);
		play.tcp.allow(1000);
		check.same(play.told.slice(2), ["readable 5"]);
		play.tcp.deliver(frame.data(6));
		check.same(play.told.slice(2), ["readable 5", "readable 3"]);
		check.same(play.received, [1, 2, 3, 4]);
	},

	"reading outside of a callback brings up the next record in a turn of its own"(check) {
		const play = new PlayedSocket({ onReadable: () => {} }).opened();
		play.tcp.deliver(frame.data(1), frame.data(2));
		check.is(play.read(), 1);
		check.is(play.read(), 0);
		check.same(play.told.slice(2), ["readable 1"]);
		check.is(play.deferred, 1);
		play.runDeferred();
		check.same(play.told.slice(2), ["readable 1", "readable 1"]);
	},

	"reading in onWritable brings up the next record all the same"(check) {
		const play = new PlayedSocket({ onReadable: () => {}, onWritable: (play) => void play.read() }).opened(2);
		play.tcp.deliver(frame.data(1), frame.data(2));
		play.socket.write(new Uint8Array(20));
		play.tcp.allow(1000);
		check.same(play.told.slice(2), ["readable 1", "writable 56", "readable 1"]);
	},

	"read gives nothing where there is nothing, or nothing is asked for"(check) {
		const play = new PlayedSocket({ onReadable: () => {} });
		check.is(play.socket.read(), undefined);
		play.opened();
		check.is(play.socket.read(5), undefined);
		play.tcp.deliver(frame.data(1));
		check.is(play.socket.read(0), undefined);
		check.is(play.read(5), 1);
	},

	"an engine that cannot answer takes nothing more, and goes on when its output has gone"(check) {
		const play = new PlayedSocket().opened(2);
		play.socket.write(new Uint8Array(56));
		play.tcp.deliver(frame.data(1));
		check.same(play.received, []);
		play.tcp.allow(1000);
		check.same(play.received, [1]);
	},

	"the peer's orderly close is told as closed, after its last bytes, and answered"(check) {
		const play = new PlayedSocket().opened();
		play.tcp.deliver(frame.data(1, 2), frame.goodbye());
		check.same(play.told.slice(2), ["readable 2", "closed"]);
		check.same(play.received, [1, 2]);
		check.is(play.failure?.detail, undefined);
		check.is(play.sent, "hello goodbye");
	},

	"a close of the peer waits behind bytes that the owner has not read"(check) {
		const play = new PlayedSocket({ onReadable: () => {} }).opened();
		play.tcp.deliver(frame.data(1, 2), frame.goodbye());
		check.same(play.told.slice(2), ["readable 2"]);
		play.read();
		play.runDeferred();
		check.same(play.told.slice(2), ["readable 2", "closed"]);
	},

	"a failure of TLS is told with its detail after the bytes before it, and its alert goes out"(check) {
		const play = new PlayedSocket().opened();
		play.tcp.deliver(frame.data(1), frame.failure("record"), frame.data(2));
		check.same(play.told.slice(2), ["readable 1", "tls-protocol"]);
		check.is(play.failure?.detail, "record");
		check.is(play.failure?.step, "tls");
		check.is(play.sent, "hello alert(42)");
		check.is(play.tcp.closes, 1);
	},

	"a refusal during the handshake is told, and nothing of the owner's went out"(check) {
		const play = new PlayedSocket();
		play.tcp.allow(100);
		play.tcp.deliver(frame.failure("certificate-expired", 1));
		check.same(play.told, ["tls-trust"]);
		check.is(play.failure?.detail, "certificate-expired");
		check.is(play.sent, "hello alert(42)");
	},

	"TCP's end without TLS's is truncated, whatever the state"(check) {
		const during = new PlayedSocket();
		during.tcp.allow(100);
		during.tcp.end();
		check.same([during.told, during.failure?.detail], [["closed"], "truncated"]);
		const open = new PlayedSocket().opened();
		open.tcp.end({ code: "closed", message: "the peer closed the connection" });
		check.same([open.told.slice(2), open.failure?.detail], [["closed"], "truncated"]);
	},

	"TCP's own failure is told as it is"(check) {
		const play = new PlayedSocket().opened();
		play.tcp.end({ code: "timed-out", message: "no answer", step: "tcp" });
		check.same(play.failure, { code: "timed-out", message: "no answer", step: "tcp" });
	},

	"a connection that never came about is told as unreachable by TCP"(check) {
		const play = new PlayedSocket();
		play.tcp.end();
		check.is(play.failure?.code, "unreachable");
		check.is(play.failure?.step, "tcp");
	},

	"at TCP's end what is left is offered as long as the owner takes some"(check) {
		const idle = new PlayedSocket({ onReadable: () => {} }).opened();
		idle.tcp.deliver(frame.data(1, 2, 3));
		idle.tcp.end();
		check.same(idle.told.slice(2), ["readable 3", "readable 3", "closed"]);
		const reader = new PlayedSocket({ onReadable: (play) => void play.read(2) }).opened();
		reader.tcp.deliver(frame.data(1, 2, 3), frame.data(4));
		reader.tcp.end();
		check.same(reader.received, [1, 2, 3, 4]);
		check.same(reader.told.at(-1), "closed");
	},

	"a TCP that throws is a TCP that ended"(check) {
		for (const what of ["read", "write"] as const) {
			const play = new PlayedSocket().opened();
			play.tcp.fault = new Error("not ready");
			if (what === "read") play.tcp.deliver(frame.data(1));
			else play.socket.write(Uint8Array.of(1));
			play.runDeferred();
			check.is(play.failure?.code, "closed", what);
			check.is(play.told.length, 3, what);
			check.is(play.tcp.closes, 1, what);
		}
	},

	"what a lost TCP still holds is read before its end is told"(check) {
		const play = new PlayedSocket({
			onReadable(play) {
				play.read();
				play.socket.write(Uint8Array.of(9));
			},
		}).opened();
		play.tcp.isLost = true;
		play.tcp.deliver(frame.data(1), frame.data(2));
		check.same(play.received, [1, 2]);
		check.same(play.told.slice(2), ["readable 1", "readable 1", "closed"]);
	},

	"a refusal stands although its alert cannot be sent any more"(check) {
		const play = new PlayedSocket();
		play.tcp.allow(100);
		play.tcp.isLost = true;
		play.tcp.deliver(frame.failure("certificate-expired"));
		check.is(play.failure?.detail, "certificate-expired");
	},

	"without a TCP socket to be had it is told in a turn of its own"(check) {
		const play = new PlayedSocket({ tcpFault: new RangeError("no socket") });
		check.same(play.told, []);
		play.runDeferred();
		check.same(play.told, ["unreachable"]);
		check.is(play.failure?.message, "no TCP socket: no socket");
		check.is(play.engine.closes, 1);
	},

	"an engine that fails at once is told in a turn of its own, and TCP is not opened"(check) {
		const play = new PlayedSocket({ prepareEngine: (engine) => engine.fail(TLS_FAILURE.memory) });
		check.same([play.told, play.tcps.length], [[], 0]);
		play.runDeferred();
		check.is(play.failure?.detail, "memory");
		check.is(play.engine.closes, 1);
	},

	"a class that takes addresses is given what the name resolves to"(check) {
		let answer: (address: string | undefined) => void = () => {};
		const play = new PlayedSocket({
			resolve(host, tell) {
				check.is(host, "gateway.test");
				answer = tell;
			},
		});
		check.is(play.tcps.length, 0);
		answer("192.0.2.1");
		answer("192.0.2.2");
		check.is(play.tcps.length, 1);
		check.is(play.tcp.options.address, "192.0.2.1");
		check.same(play.opened().told, OPEN);
	},

	"a name without an address is told as such, not in the constructor"(check) {
		const play = new PlayedSocket({ resolve: (_host, answer) => answer(undefined) });
		check.same(play.told, []);
		play.runDeferred();
		check.same([play.failure?.code, play.failure?.step], ["name-unresolved", "name"]);
	},

	"an answer of the resolver that comes after close is dropped"(check) {
		let answer: (address: string | undefined) => void = () => {};
		const play = new PlayedSocket({
			resolve: (_host, tell) => {
				answer = tell;
			},
		});
		play.socket.close();
		answer("192.0.2.1");
		check.same([play.tcps.length, play.engine.closes, play.deferred], [0, 1, 0]);
	},

	"close sends what was written and a goodbye, and frees everything once"(check) {
		const play = new PlayedSocket().opened();
		play.socket.write(Uint8Array.of(5));
		play.socket.close();
		play.socket.close();
		check.is(play.sent, "hello data(5) goodbye");
		check.same([play.engine.closes, play.tcp.closes, play.engine.late], [1, 1, 0]);
		check.same(play.told, OPEN);
	},

	"close before the handshake is over says no goodbye"(check) {
		const play = new PlayedSocket();
		play.tcp.allow(100);
		play.socket.close();
		check.is(play.sent, "hello");
		check.same([play.engine.closes, play.tcp.closes], [1, 1]);
	},

	"close within any callback is the last that happens"(check) {
		for (const callback of ["onWritable", "onReadable", "onError"] as const) {
			const play = new PlayedSocket({ [callback]: (play: PlayedSocket) => play.socket.close() });
			play.opened();
			play.tcp.deliver(frame.data(1), frame.data(2));
			play.tcp.end();
			const expected = { onWritable: 2, onReadable: 3, onError: 5 }[callback];
			check.is(play.told.length, expected, callback);
			check.same([play.engine.closes, play.tcp.closes, play.engine.late], [1, 1, 0], callback);
			check.same(play.tcp.misuses, [], callback);
		}
	},

	"after close nothing is told, read or written"(check) {
		const play = new PlayedSocket({ onReadable: () => {} }).opened();
		play.tcp.deliver(frame.data(1));
		const told = play.told.length;
		play.socket.close();
		const { options } = play.tcp;
		options.onReadable(5);
		options.onWritable(5);
		options.onError();
		check.is(play.told.length, told);
		check.is(play.socket.read(), undefined);
		check.is(play.socket.write(Uint8Array.of(1)), 0);
		check.throws(() => play.socket.write(Uint8Array.of(1)), { name: "RangeError" });
		check.same([play.engine.late, play.tcp.misuses.length], [0, 0]);
	},

	"an owner that throws in onWritable or onReadable is told once, and nothing leaves TCP's callback"(check) {
		for (const callback of ["onWritable", "onReadable"] as const) {
			const fault = new TypeError("the owner's secret");
			const play = new PlayedSocket({
				[callback]: () => {
					throw fault;
				},
			}).opened();
			play.tcp.deliver(frame.data(1), frame.data(2));
			play.tcp.end();
			check.is(play.told.at(-1), "closed", callback);
			check.is(play.told.filter((what) => what === "closed").length, 1, callback);
			check.is(play.failure?.message, "a callback of the socket's owner threw TypeError", callback);
			check.is(play.faults[0], fault, callback);
			check.same([play.engine.closes, play.tcp.closes, play.engine.late], [1, 1, 0], callback);
		}
	},

	"an owner that throws in onError, or after it closed, is told nothing more"(check) {
		const thrower = (play: PlayedSocket) => {
			play.socket.close();
			throw new Error("a fault");
		};
		const failing = new PlayedSocket({ onError: thrower });
		failing.tcp.end();
		check.same([failing.told, failing.faults.length], [["unreachable"], 1]);
		const closing = new PlayedSocket({ onWritable: thrower }).opened();
		check.same([closing.told, closing.faults.length], [OPEN, 1]);
	},

	"writing in onReadable goes out at once"(check) {
		const play = new PlayedSocket({
			onReadable(play) {
				play.read();
				play.socket.write(Uint8Array.from(play.received));
			},
		}).opened();
		play.tcp.deliver(frame.data(1), frame.data(2));
		check.is(play.sent, "hello data(1) data(1,2)");
	},

	"an engine that fails while the owner writes is told later, and the write does not throw"(check) {
		const play = new PlayedSocket().opened();
		play.engine.fail(TLS_FAILURE.memory);
		check.is(play.socket.write(Uint8Array.of(1)), 0);
		check.same(play.told, OPEN);
		play.runDeferred();
		check.is(play.failure?.detail, "memory");
	},

	"a TCP that calls back while it is written to is heard when its turn comes"(check) {
		const play = new PlayedSocket({ onWritable: (play) => void play.socket.write(Uint8Array.of(1)) });
		play.tcp.isHasty = true;
		play.opened(20);
		check.same(play.told, OPEN);
		check.is(play.sent, "hello data(1)");
	},

	"a platform that throws when it is told of a session ends it before the owner hears of it"(check) {
		const play = new PlayedSocket({ securedFault: new Error("a fault") }).opened();
		check.same(play.told.slice(1), ["closed"]);
		check.is(play.faults.length, 1);
	},

	"of two ways in which TCP ends the first is told"(check) {
		const play = new PlayedSocket().opened();
		play.tcp.fault = new Error("not ready");
		play.socket.write(Uint8Array.of(1));
		play.tcp.end({ code: "timed-out", message: "no answer" });
		check.is(play.failure?.code, "closed");
	},
};
