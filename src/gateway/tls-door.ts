/**
 * The TLS listener: lets in clients that name a data endpoint (SNI) and speak `mqtt` (ALPN), and says why it did not.
 *
 * There is no default certificate: without a known server name OpenSSL itself ends the handshake with an alert, before
 * anything of the client is read.
 * @module
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createSecureContext, createServer, type Server, type TLSSocket } from "node:tls";
import type { Refusal } from "../authorizer/index.js";
import type { Clock } from "../broker/index.js";
import {
	acceptFailed,
	alpnMissing,
	alpnUnsupported,
	serverNameMissing,
	tlsFailed,
	tooManyConnections,
	unknownServerName,
} from "./refusals.js";

/** One TCP connection, from its first moment. */
export interface Approach {
	/** Lower-case UUID. */
	readonly connection: string;
	/** IP address of the client; IPv4 in its own form. */
	readonly address: string;
	/** Address and port of the client. */
	readonly remote: string;
	/** When it was accepted, in milliseconds. */
	readonly startedAt: number;
}

export interface TlsDoorOptions {
	/** PEM; the certificate bears every server name. */
	readonly tls: { readonly key: string; readonly cert: string };
	/** Names of the data endpoints at this moment, in lower case. */
	readonly serverNames: () => readonly string[];
	readonly clock: Clock;
	/** Milliseconds. */
	readonly handshakeTimeout: number;
	readonly maximumConnections: number;
	readonly accepted: (socket: TLSSocket, approach: Approach, serverName: string) => void;
	readonly refused: (refusal: Refusal, approach: Approach) => void;
}

/** The application protocol of MQTT with custom authentication (AWS page "Device communication protocols"). */
const MQTT = "mqtt";

/** OpenSSL's codes for "there is no certificate for this client", TLS 1.3 and 1.2. */
const NO_CERTIFICATE: ReadonlySet<string> = new Set([
	"ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM",
	"ERR_SSL_NO_SHARED_CIPHER",
]);

export class TlsDoor {
	private readonly options: TlsDoorOptions;
	private readonly server: Server;
	/** TCP connections whose handshake is not done, by address and port of the client. */
	private readonly handshakes = new Map<string, { readonly approach: Approach; readonly socket: Socket }>();
	/** What a client that was refused over ALPN had offered. */
	private readonly offers = new WeakMap<object, readonly string[]>();

	constructor(options: TlsDoorOptions) {
		const { tls, serverNames, handshakeTimeout, maximumConnections } = options;
		const { offers } = this;
		const context = createSecureContext({ ...tls, minVersion: "TLSv1.2" });
		this.options = options;
		this.server = createServer({
			minVersion: "TLSv1.2",
			handshakeTimeout,
			noDelay: true,
			SNICallback: (serverName, callback) => {
				callback(null, serverNames().includes(serverName.toLowerCase()) ? context : undefined);
			},
			// Node calls this on the TLSSocket, as it calls its own SNICallback; the arguments do not tell whose offer it is.
			ALPNCallback(this: unknown, { protocols }) {
				if (protocols.includes(MQTT)) return MQTT;
				if (typeof this === "object" && this !== null) offers.set(this, protocols);
				return undefined;
			},
		});
		this.server.maxConnections = maximumConnections;
		this.server.on("connection", (socket: Socket) => this.approached(socket));
		this.server.on("secureConnection", (socket) => this.secured(socket));
		this.server.on("tlsClientError", (error, socket) => this.failed(error, socket));
		this.server.on("drop", (dropped) => {
			const from = approach(dropped?.remoteAddress, dropped?.remotePort, options.clock);
			options.refused(tooManyConnections(maximumConnections), from);
		});
	}

	/** @throws the error of the socket where the port cannot be had. */
	async listen(host: string, port: number): Promise<void> {
		this.server.listen({ host, port });
		await once(this.server, "listening");
		this.server.on("error", (error: NodeJS.ErrnoException) => {
			this.options.refused(acceptFailed(error.code ?? ""), approach(undefined, undefined, this.options.clock));
		});
	}

	/** The TCP port it listens on. */
	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	/** Stops to listen and abandons handshakes; resolves when the last accepted connection is closed. */
	async close(): Promise<void> {
		const closed = new Promise((resolve) => this.server.once("close", resolve));
		this.server.close();
		for (const { socket } of this.handshakes.values()) socket.destroy();
		await closed;
	}

	private approached(socket: Socket): void {
		const { remoteAddress, remotePort } = socket;
		const key = keyOf(remoteAddress, remotePort);
		this.handshakes.set(key, { approach: approach(remoteAddress, remotePort, this.options.clock), socket });
		socket.on("close", () => this.handshakes.delete(key));
	}

	private secured(socket: TLSSocket): void {
		const { accepted, refused } = this.options;
		const from = this.concluded(socket);
		// The certificate is only given for a known server name, so there is one.
		const serverName = typeof socket.servername === "string" ? socket.servername.toLowerCase() : "";
		if (socket.alpnProtocol === MQTT) {
			accepted(socket, from, serverName);
			return;
		}
		refused(alpnMissing(), from);
		socket.on("error", () => socket.destroy());
		socket.destroySoon();
	}

	private failed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
		const { refused, serverNames } = this.options;
		const refusal = handshakeRefusal(error.code ?? "", socket, this.offers.get(socket), serverNames());
		refused(refusal, this.concluded(socket));
		socket.destroy();
	}

	/** The handshake of this socket is over; whose it was. */
	private concluded({ remoteAddress, remotePort }: TLSSocket): Approach {
		const key = keyOf(remoteAddress, remotePort);
		const found = this.handshakes.get(key);
		this.handshakes.delete(key);
		return found?.approach ?? approach(remoteAddress, remotePort, this.options.clock);
	}
}

function keyOf(address: string | undefined, port: number | undefined): string {
	return `${address} ${port}`;
}

function handshakeRefusal(
	errorCode: string,
	socket: TLSSocket,
	offered: readonly string[] | undefined,
	known: readonly string[],
): Refusal {
	if (errorCode === "ERR_SSL_NO_APPLICATION_PROTOCOL") return alpnUnsupported(offered ?? []);
	const serverName = (socket as { servername?: string | false | null }).servername;
	if (!NO_CERTIFICATE.has(errorCode)) return tlsFailed(errorCode);
	if (typeof serverName !== "string" || serverName === "") return serverNameMissing(known);
	return known.includes(serverName.toLowerCase()) ? tlsFailed(errorCode) : unknownServerName(serverName, known);
}

function approach(address: string | undefined, port: number | undefined, clock: Clock): Approach {
	const plain = (address ?? "unknown").replace(/^::ffff:(?=\d+\.)/, "");
	const remote = plain.includes(":") ? `[${plain}]:${port ?? 0}` : `${plain}:${port ?? 0}`;
	return { connection: randomUUID(), address: plain, remote, startedAt: clock.now() };
}
