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
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Refusal } from "../authorizer/index.js";
import type { Clock } from "../broker/index.js";
import {
	acceptFailed,
	alpnMissing,
	alpnUnsupported,
	serverCredentialsFailed,
	serverNameMissing,
	tlsFailed,
	tooManyConnections,
	unknownServerName,
} from "./refusals.js";
import { type CredentialSource, ServerContexts, type ServerCredentials } from "./server-contexts.js";

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
	/** Credentials for every server name, or a source of them by name. */
	readonly tls: ServerCredentials | CredentialSource;
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

/** What is known of a TLS socket whose handshake may fail. */
interface Handshake {
	/** The application protocols of a client that was refused over them. */
	offered?: readonly string[];
	/** Why there was no certificate for a server name that is known. */
	credentialsFailure?: { readonly error: unknown };
}

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
	private readonly notes = new WeakMap<object, Handshake>();

	constructor(options: TlsDoorOptions) {
		const { tls, serverNames, handshakeTimeout, maximumConnections } = options;
		const contexts = new ServerContexts(tls, serverNames);
		const note = (socket: unknown, what: Handshake) => this.note(socket, what);
		this.options = options;
		this.server = createServer({
			minVersion: "TLSv1.2",
			handshakeTimeout,
			noDelay: true,
			// Node calls both on the TLSSocket; the arguments do not tell whose handshake it is.
			SNICallback(this: unknown, serverName, callback) {
				// Without a context OpenSSL ends the handshake with an alert; an error would only cut the connection.
				const unavailable = (error: unknown) => {
					note(this, { credentialsFailure: { error } });
					callback(null, undefined);
				};
				contexts.get(serverName).then((context) => callback(null, context), unavailable);
			},
			ALPNCallback(this: unknown, { protocols }) {
				if (protocols.includes(MQTT)) return MQTT;
				note(this, { offered: protocols });
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
		const { accepted, refused, serverNames } = this.options;
		const from = this.concluded(socket);
		const serverName = typeof socket.servername === "string" ? socket.servername.toLowerCase() : "";
		const known = serverNames();
		// A resumed session needs no certificate, so its endpoint may have gone since the session began.
		const isKnown = known.includes(serverName);
		if (isKnown && socket.alpnProtocol === MQTT) {
			accepted(socket, from, serverName);
			return;
		}
		refused(isKnown ? alpnMissing() : nameRefusal(serverName, known), from);
		socket.on("error", () => socket.destroy());
		socket.destroySoon();
	}

	private failed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
		const { refused, serverNames } = this.options;
		const refusal = handshakeRefusal(error.code ?? "", socket, this.notes.get(socket) ?? {}, serverNames());
		refused(refusal, this.concluded(socket));
		socket.destroy();
	}

	private note(socket: unknown, what: Handshake): void {
		if (typeof socket === "object" && socket !== null) this.notes.set(socket, { ...this.notes.get(socket), ...what });
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
	{ offered, credentialsFailure }: Handshake,
	known: readonly string[],
): Refusal {
	if (errorCode === "ERR_SSL_NO_APPLICATION_PROTOCOL") return alpnUnsupported(offered ?? []);
	const serverName = (socket as { servername?: string | false | null }).servername;
	if (!NO_CERTIFICATE.has(errorCode)) return tlsFailed(errorCode);
	const name = typeof serverName === "string" ? serverName : "";
	if (credentialsFailure !== undefined) return serverCredentialsFailed(name, credentialsFailure.error);
	return known.includes(name.toLowerCase()) ? tlsFailed(errorCode) : nameRefusal(name, known);
}

/** @param serverName "" where the client sent none. */
function nameRefusal(serverName: string, known: readonly string[]): Refusal {
	return serverName === "" ? serverNameMissing(known) : unknownServerName(serverName, known);
}

function approach(address: string | undefined, port: number | undefined, clock: Clock): Approach {
	const plain = (address ?? "unknown").replace(/^::ffff:(?=\d+\.)/, "");
	const remote = plain.includes(":") ? `[${plain}]:${port ?? 0}` : `${plain}:${port ?? 0}`;
	return { connection: randomUUID(), address: plain, remote, startedAt: clock.now() };
}
