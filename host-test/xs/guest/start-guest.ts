/**
 * Makes a bundle a guest: gives it ports and lets Node call its commands.
 * @module
 */
import type { Ports } from "../../../src/device/ports.js";
import type { TCPSocketConstructor } from "../../../src/firmware/tcp-socket.js";
import { COMMAND, HOST_CALL, MessageReader, MessageWriter } from "../protocol.js";
import { callHost } from "./call-host.js";
import { GuestClock } from "./clock.js";
import { guestDigest, guestRandom, guestStore } from "./ports.js";
import { SocketTable } from "./socket-table.js";
import { bridgedTcpSocketClass } from "./tcp-socket.js";
import { bridgedTlsSocketClass } from "./tls-socket.js";

/** What a guest's commands may use. */
export interface World {
	/** All of them Node's. */
	readonly ports: Ports;
	/** For TLS that runs in the guest. */
	readonly TCP: TCPSocketConstructor;
	/** Tells Node something, as JSON. */
	emit(event: unknown): void;
}

/** Argument and result are JSON values; what it throws rejects the call in Node. */
export type Command = (argument: unknown) => unknown;

/**
 * Called once, by the bundle's entry. Exceptions of commands, timers and socket callbacks leave the machine as they
 * are: the engine's host reports them to Node.
 */
export function startGuest(define: (world: World) => Readonly<Record<string, Command>>): void {
	const sockets = new SocketTable();
	const clock = new GuestClock();
	const commands = define({
		ports: {
			TLSSocket: bridgedTlsSocketClass(sockets),
			clock,
			random: guestRandom,
			digest: guestDigest,
			store: guestStore,
		},
		TCP: bridgedTcpSocketClass(sockets),
		emit: (event) => void callHost(new MessageWriter(HOST_CALL.event).json(event)),
	});

	function handle(message: MessageReader): unknown {
		switch (message.kind) {
			case COMMAND.run: {
				const name = message.text();
				if (!Object.hasOwn(commands, name)) throw new RangeError(`guest: no command ${name}`);
				return commands[name]!(message.json());
			}
			case COMMAND.tick:
				return clock.tick();
			default:
				return sockets.notify(message);
		}
	}

	function handleCommand(message: ArrayBuffer): ArrayBuffer {
		const result = handle(new MessageReader(new Uint8Array(message)));
		return new MessageWriter(0).f64(clock.nextDeadline()).json(result).end().buffer;
	}

	// Where the engine's host program looks for it (`host/machine.c`).
	Object.assign(globalThis, { handleCommand });
}
