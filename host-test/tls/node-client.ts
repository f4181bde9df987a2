/**
 * `src/host/tls-socket.ts`, the adapter of node:tls, as a client under test.
 * @module
 */
import { NodeTLSSocket } from "../../src/host/tls-socket.js";
import type { Attempt, AttemptOptions, TlsClientUnderTest } from "./client-under-test.js";

export const nodeClient: TlsClientUnderTest = {
	name: "NodeTLSSocket",
	stack: "node:tls",
	tls13: true,
	severalRoots: false,
	// `closed` is all it says, whether the end was orderly or not.
	tellsEnd: false,
	attempt: (options) => new Promise((resolve) => new NodeAttempt(options, resolve)),
};

class NodeAttempt {
	private readonly socket: NodeTLSSocket;
	private readonly plaintext: Uint8Array;
	private readonly settle: (attempt: Attempt) => void;
	private readonly received: Buffer[] = [];
	private opened = false;
	private over = false;

	constructor({ port, serverName, alpn, roots, plaintext }: AttemptOptions, settle: (attempt: Attempt) => void) {
		this.plaintext = plaintext;
		this.settle = settle;
		const certificate = Uint8Array.from(roots[0]!).buffer;
		this.socket = new NodeTLSSocket({
			host: "127.0.0.1",
			port,
			secure: { serverName, applicationLayerProtocolNegotiation: alpn, certificate },
			onWritable: () => this.open(),
			onReadable: () => this.read(),
			onError: ({ code, detail }) => this.end(code, detail),
		});
		this.insist();
	}

	/** Tries to send in every turn of the event loop, until it may or all is over. */
	private insist(): void {
		if (this.opened || this.over) return;
		try {
			this.socket.write(this.plaintext);
			// The socket took it: whether anything left is for the server's capture to say.
			this.opened = true;
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			setImmediate(() => this.insist());
		}
	}

	private open(): void {
		if (this.opened) return;
		this.opened = true;
		this.socket.write(this.plaintext);
	}

	private read(): void {
		const bytes = this.socket.read();
		if (bytes !== undefined) this.received.push(Buffer.from(bytes));
	}

	private end(code: string, detail = code): void {
		this.over = true;
		const failure = this.opened && code === "closed" ? undefined : detail;
		this.settle({ opened: this.opened, failure, received: Buffer.concat(this.received) });
	}
}
