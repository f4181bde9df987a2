/**
 * The ECMA-419 TLS socket of `src/device/ports.ts` on node:tls.
 * @module
 */
import { isIP } from "node:net";
import tls from "node:tls";
import type { TLSSocket, TLSSocketOptions, TransportFailure } from "../device/ports.js";
import { describeTransportError } from "./transport-failure.js";

/** Bytes that may wait in Node before the device is told to wait. */
const SEND_WINDOW = 65_536;

/** Verifies the server always: chain, dates, server name, and that it answered with an ALPN protocol that was offered. */
export class NodeTLSSocket implements TLSSocket {
	private readonly socket: tls.TLSSocket;
	private readonly options: TLSSocketOptions;
	private secured = false;
	private closed = false;

	constructor(options: TLSSocketOptions) {
		this.options = options;
		const { host, port, secure } = options;
		const { certificate, serverName } = secure;
		this.socket = tls.connect({
			host,
			port,
			// An address is no server name (RFC 6066 section 3); the certificate must bear it all the same.
			...(isIP(serverName) === 0 ? { servername: serverName } : {}),
			ALPNProtocols: [...secure.applicationLayerProtocolNegotiation],
			minVersion: "TLSv1.2",
			rejectUnauthorized: true,
			checkServerIdentity: (_host, presented) => tls.checkServerIdentity(serverName, presented),
			...(certificate === undefined ? {} : { ca: [pemOf(certificate)] }),
		});
		this.socket.setNoDelay(true);
		this.socket.on("secureConnect", () => this.handshakeDone());
		this.socket.on("readable", () => this.readable());
		this.socket.on("drain", () => this.writable());
		this.socket.on("error", (error) => this.fail(describeTransportError(error)));
		this.socket.on("end", () => this.fail(CLOSED));
		this.socket.on("close", () => this.fail(CLOSED));
	}

	read(count?: number): ArrayBuffer | undefined {
		const available = this.socket.readableLength;
		if (this.closed || available === 0) return undefined;
		const chunk = this.socket.read(count === undefined ? available : Math.min(count, available)) as Buffer | null;
		if (chunk === null) return undefined;
		return Uint8Array.from(chunk).buffer;
	}

	write(data: Uint8Array): number {
		const room = this.room();
		if (!this.secured || data.length > room)
			throw new RangeError(`write: expected at most ${this.secured ? room : 0} bytes, got ${data.length}`);
		if (!this.closed) this.socket.write(Uint8Array.from(data));
		return this.room();
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		// What was written is still sent; a peer that does not take it is not waited for.
		this.socket.setTimeout(1_000, () => this.socket.destroy());
		this.socket.end(() => this.socket.destroy());
	}

	private room(): number {
		return Math.max(0, SEND_WINDOW - this.socket.writableLength);
	}

	private handshakeDone(): void {
		if (this.closed) return;
		const offered = this.options.secure.applicationLayerProtocolNegotiation;
		const agreed = this.socket.alpnProtocol;
		if (offered.length > 0 && (!agreed || !offered.includes(agreed))) {
			this.fail({ code: "tls-refused", message: `the server did not agree to ALPN ${offered.join(", ")}` });
			return;
		}
		this.secured = true;
		this.writable();
		this.readable();
	}

	private readable(): void {
		const count = this.socket.readableLength;
		if (this.secured && !this.closed && count > 0) this.options.onReadable?.(count);
	}

	private writable(): void {
		if (this.secured && !this.closed) this.options.onWritable?.(this.room());
	}

	private fail(failure: TransportFailure): void {
		if (this.closed) return;
		// A server may answer and hang up at once: the answer comes first.
		this.readable();
		if (this.closed) return;
		this.closed = true;
		this.socket.destroy();
		this.options.onError?.(failure);
	}
}

const CLOSED: TransportFailure = { code: "closed", message: "the peer closed the connection" };

function pemOf(der: ArrayBuffer): string {
	return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;
}
