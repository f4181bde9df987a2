/**
 * The TLS listener: lets in clients that name a data endpoint (SNI) and speak `mqtt` (ALPN), and says why it did not.
 *
 * There is no default certificate: without a known server name OpenSSL itself ends the handshake with an alert, before
 * anything of the client is read.
 * @module
 */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { createSecureContext, createServer, type Server, type TLSSocket } from "node:tls";
import type { Refusal } from "../authorizer/index.js";
import type { Clock } from "../broker/index.js";
import {
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

/** A TLS server that does not listen yet. */
export function createTlsDoor(options: TlsDoorOptions): Server {
	const { tls, serverNames, clock } = options;
	const context = createSecureContext({ ...tls, minVersion: "TLSv1.2" });
	const approaches = new Map<string, Approach>();
	/** What a client that was refused over ALPN had offered. */
	const offers = new WeakMap<object, readonly string[]>();

	const server = createServer({
		minVersion: "TLSv1.2",
		handshakeTimeout: options.handshakeTimeout,
		noDelay: true,
		SNICallback: (serverName, callback) => {
			callback(null, serverNames().includes(serverName.toLowerCase()) ? context : undefined);
		},
		// Node calls this on the TLSSocket, as it calls its own SNICallback; its arguments do not tell whose offer it is.
		ALPNCallback(this: unknown, { protocols }) {
			if (protocols.includes(MQTT)) return MQTT;
			if (typeof this === "object" && this !== null) offers.set(this, protocols);
			return undefined;
		},
	});
	server.maxConnections = options.maximumConnections;

	const approachOf = (address: string | undefined, port: number | undefined): Approach => {
		const key = `${address}|${port}`;
		return approaches.get(key) ?? approach(address, port, clock);
	};
	server.on("connection", (socket: Socket) => {
		const key = `${socket.remoteAddress}|${socket.remotePort}`;
		approaches.set(key, approach(socket.remoteAddress, socket.remotePort, clock));
		socket.on("close", () => approaches.delete(key));
	});
	server.on("drop", (dropped) => {
		const refusal = tooManyConnections(options.maximumConnections);
		options.refused(refusal, approachOf(dropped?.remoteAddress, dropped?.remotePort));
	});
	server.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
		const refusal = handshakeRefusal(error.code ?? "", socket, offers.get(socket), serverNames());
		options.refused(refusal, approachOf(socket.remoteAddress, socket.remotePort));
		socket.destroy();
	});
	server.on("secureConnection", (socket) => {
		const from = approachOf(socket.remoteAddress, socket.remotePort);
		const serverName = typeof socket.servername === "string" ? socket.servername.toLowerCase() : "";
		if (socket.alpnProtocol === MQTT) {
			options.accepted(socket, from, serverName);
			return;
		}
		options.refused(alpnMissing(), from);
		socket.on("error", () => socket.destroy());
		socket.destroySoon();
	});
	return server;
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
