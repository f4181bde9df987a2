/**
 * The guest of `bridge*.test.ts`: does with its ports what it is told, and emits what it sees.
 * @module
 */

import { utf8Decode, utf8Encode } from "../../../src/device/encoding/utf8.js";
import type { Ports, Timer, TLSSocket } from "../../../src/device/ports.js";
import { ScriptedEngine } from "../../firmware/scripted-engine.js";
import { type Native, native, nativePorts } from "./native.js";
import { type Command, startGuest, type World } from "./start-guest.js";

interface ConnectRequest {
	readonly host: string;
	readonly port: number;
	readonly serverName: string;
	readonly protocols: readonly string[];
	/** DER, as byte values. */
	readonly certificate?: readonly number[];
	/** Reads at most so many bytes in each `onReadable`; all there are when omitted. */
	readonly atMost?: number;
	/** Throws in `onReadable`. */
	readonly faulty?: boolean;
	/** Whose TLS: Node's when omitted, else over TCP by a scripted engine or by the device's own. */
	readonly tls?: "scripted" | "own";
}

/** The device's own C as far as TLS goes, with a cipher that a test can read. */
const SCRIPTED: Native = {
	TlsEngine: ScriptedEngine,
	library: "scripted",
	randomBytes: (count) => new ArrayBuffer(count),
	sha256: () => new ArrayBuffer(32),
	sha512: () => new ArrayBuffer(64),
	signRsaSha256: () => new ArrayBuffer(256),
	Sha256: class {
		update() {}
		digest = () => new ArrayBuffer(32);
	},
};

startGuest((world) => ({ ...socketCommands(world), ...timerCommands(world), ...portCommands(world.ports) }));

function socketCommands(world: World): Record<string, Command> {
	const { emit } = world;
	let socket: TLSSocket | undefined;
	return {
		connect(argument) {
			const { host, port, serverName, protocols, certificate, atMost, faulty, tls } = argument as ConnectRequest;
			const secure = { serverName, applicationLayerProtocolNegotiation: protocols };
			const { TLSSocket } = tls === undefined ? world.ports : ownPorts(world, tls);
			socket = new TLSSocket({
				host,
				port,
				secure: certificate === undefined ? secure : { ...secure, certificate: Uint8Array.from(certificate).buffer },
				onReadable(count) {
					if (faulty) throw new Error("a fault in onReadable");
					const bytes = socket!.read(atMost);
					emit({ readable: count, text: bytes && utf8Decode(new Uint8Array(bytes)) });
				},
				onWritable: (count) => emit({ writable: count }),
				onError: (failure) => emit({ failure }),
			});
		},
		write: (text) => socket!.write(utf8Encode(text as string)),
		read(count) {
			const bytes = socket!.read(count as number);
			return bytes && utf8Decode(new Uint8Array(bytes));
		},
		/** How many bytes there were. */
		drain: () => socket!.read()?.byteLength,
		close: () => socket!.close(),
		/** Digests and random numbers of the device's own C, and what TLS is made of. */
		own(text) {
			const { digest, random } = ownPorts(world, "own");
			const data = utf8Encode(text as string);
			return {
				library: native?.library,
				sha256: [...digest.sha256(data)],
				sha512: [...digest.sha512(data)],
				random: [...random.bytes(16)],
			};
		},
	};
}

function ownPorts(world: World, tls: "scripted" | "own"): Ports {
	const made = tls === "scripted" ? SCRIPTED : native;
	if (made === undefined) throw new Error("guest: this engine has no native part");
	return nativePorts(made, world, [], (session) => world.emit({ session }));
}

function timerCommands({ ports, emit }: World): Record<string, Command> {
	const timers = new Map<string, Timer>();
	return {
		setTimer(argument) {
			const { name, delay, faulty } = argument as { name: string; delay: number; faulty?: boolean };
			const run = () => {
				if (faulty) throw new Error(`a fault in timer ${name}`);
				emit({ timer: name, at: ports.clock.monotonic() });
			};
			timers.set(name, ports.clock.setTimer(run, delay));
		},
		clearTimer: (name) => ports.clock.clearTimer(timers.get(name as string)!),
	};
}

function portCommands({ clock, random, digest, store }: Ports): Record<string, Command> {
	return {
		wallTime: () => clock.wallTime(),
		random: (count) => [...random.bytes(count as number)],
		sha256: (text) => [...digest.sha256(utf8Encode(text as string))],
		storeRead(key) {
			const value = store.read(key as string);
			return value && [...new Uint8Array(value)];
		},
		storeWrite(argument) {
			const { key, value } = argument as { key: string; value: number[] };
			store.write(key, Uint8Array.from(value).buffer);
		},
		storeDelete: (key) => store.delete(key as string),
		loop: () => {
			for (;;);
		},
	};
}
