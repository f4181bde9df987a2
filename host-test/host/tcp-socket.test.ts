/**
 * TCP in ECMA-419 shape on Node, against real servers.
 * @module
 */
import net from "node:net";
import test, { type ExecutionContext } from "ava";
import type { TransportFailure } from "../../src/device/ports.js";
import { type SocketCallbacks, StreamSocket } from "../../src/host/stream-socket.js";
import { NodeTCPSocket } from "../../src/host/tcp-socket.js";
import { closedPort, listenOnLoopback } from "../loopback.js";

function listen(t: ExecutionContext, serve: (socket: net.Socket) => void): Promise<number> {
	return listenOnLoopback(t, net.createServer(serve));
}

function connect(port: number, callbacks: SocketCallbacks, host = "127.0.0.1"): NodeTCPSocket {
	return new NodeTCPSocket({ host, port, ...callbacks });
}

function failureOf(port: number, host?: string): Promise<TransportFailure> {
	return new Promise((resolve) => {
		connect(port, { onError: resolve }, host);
	});
}

const textOf = (bytes: ArrayBuffer | undefined) => Buffer.from(bytes ?? new ArrayBuffer(0)).toString();

test("connected is the first onWritable; bytes go both ways, then the end is told", async (t) => {
	const port = await listen(t, (socket) => {
		socket.on("data", (data) => socket.end(`${data}!`));
	});
	const seen: string[] = [];
	await new Promise<void>((resolve) => {
		const socket = connect(port, {
			onWritable: (room) => {
				t.is(room, 65_536);
				socket.write(Buffer.from("hello"));
			},
			onReadable: () => seen.push(textOf(socket.read())),
			onError: ({ code }) => {
				seen.push(code);
				resolve();
			},
		});
	});
	t.deepEqual(seen, ["hello!", "closed"]);
});

/** A stream whose bytes and end have come before anybody reads. */
class EndedSocket extends StreamSocket {
	constructor(text: string, callbacks: SocketCallbacks) {
		const stream = new net.Socket();
		super(stream, callbacks);
		this.ready();
		stream.push(text);
		stream.push(null);
	}
}

test("an end that came while bytes waited is told once they are read", async (t) => {
	const seen: string[] = [];
	await new Promise<void>((resolve) => {
		const socket = new EndedSocket("0123456789", {
			onReadable: () => seen.push(textOf(socket.read(4)), textOf(socket.read(6))),
			onError: ({ code }) => {
				seen.push(code);
				resolve();
			},
		});
	});
	t.deepEqual(seen, ["0123", "456789", "closed"]);
});

test("a name that does not resolve fails at the name, a port that refuses at TCP", async (t) => {
	t.like(await failureOf(await closedPort()), { code: "unreachable", step: "tcp" });
	t.like(await failureOf(443, "gateway.invalid"), { code: "name-unresolved", step: "name" });
});

test("nothing can be written before it is connected, nor beyond the room", async (t) => {
	const port = await listen(t, (socket) => socket.pause());
	await new Promise<void>((resolve) => {
		const socket = connect(port, {
			onWritable(room) {
				t.throws(() => socket.write(new Uint8Array(room + 1)), { instanceOf: RangeError });
				socket.close();
				resolve();
			},
		});
		t.throws(() => socket.write(new Uint8Array(1)), { instanceOf: RangeError });
	});
});

test("close before it is connected, and twice, tells nothing", async (t) => {
	const accepted: net.Socket[] = [];
	const port = await listen(t, (socket) => accepted.push(socket));
	const socket = connect(port, { onWritable: () => t.fail(), onError: () => t.fail() });
	socket.close();
	socket.close();
	t.is(socket.read(), undefined);
	t.is((await failureOf(1)).code, "unreachable");
});
