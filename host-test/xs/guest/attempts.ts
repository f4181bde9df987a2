/**
 * A guest that connects with the device's own TLS to any server it is told, and says how that ended.
 * @module
 */
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import type { Clock, TLSSocket, TransportFailure } from "../../../src/device/ports.js";
import type { AttemptArgument, AttemptEvent } from "../attempt-command.js";
import { native, nativePorts } from "./native.js";
import { startGuest, type World } from "./start-guest.js";

startGuest((world) => ({
	attempt(argument) {
		new Attempt(world, argument as AttemptArgument);
	},
}));

/** Milliseconds between two tries to send before the socket is open. */
const INSISTENCE = 2;

class Attempt {
	private readonly id: number;
	private readonly socket: TLSSocket;
	private readonly plaintext: Uint8Array;
	private readonly emit: (event: AttemptEvent) => void;
	private readonly received: string[] = [];
	private opened = false;
	private over = false;

	constructor(world: World, { id, port, serverName, alpn, roots, plaintext }: AttemptArgument) {
		this.id = id;
		this.plaintext = base64Decode(plaintext);
		this.emit = world.emit;
		const { TLSSocket, clock } = nativePorts(native!, world, roots.map(derOf), () => {});
		this.socket = new TLSSocket({
			host: "127.0.0.1",
			port,
			secure: { serverName, applicationLayerProtocolNegotiation: alpn },
			onWritable: () => this.send(),
			onReadable: () => this.read(),
			onError: (failure) => this.end(failure),
		});
		this.insist(clock);
	}

	/** Tries to send from the first moment on: a socket that is not open must not take it. */
	private insist(clock: Clock): void {
		if (this.opened || this.over) return;
		try {
			this.send();
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			clock.setTimer(() => this.insist(clock), INSISTENCE);
		}
	}

	private send(): void {
		if (this.opened) return;
		this.socket.write(this.plaintext);
		this.opened = true;
	}

	private read(): void {
		const bytes = this.socket.read();
		if (bytes !== undefined) this.received.push(base64Encode(new Uint8Array(bytes)));
	}

	private end({ code, detail }: TransportFailure): void {
		this.over = true;
		const { id, opened, received } = this;
		const isOrderly = opened && code === "closed" && detail === undefined;
		this.emit({ id, opened, failure: isOrderly ? undefined : (detail ?? code), received });
	}
}

function derOf(base64: string): ArrayBuffer {
	return base64Decode(base64).slice().buffer;
}
