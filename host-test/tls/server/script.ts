/**
 * What a TLS 1.2 server is told to do, and where it is told to depart from the protocol.
 * @module
 */
import type { Identity } from "../pki/authorities.js";
import type { KeyExchange } from "./key-exchange.js";
import type { ClientHello, ServerHello } from "./messages.js";
import type { Tls12Server } from "./tls12-server.js";

/** One thing the server does. */
export type Step =
	/** A handshake message; `body` is made when its turn comes. */
	| { readonly kind: "message"; readonly type: number; readonly body: () => Buffer; readonly wire?: Tamper | undefined }
	/** A record of any type, protected once the server's ChangeCipherSpec is out. */
	| { readonly kind: "record"; readonly type: number; readonly body: Uint8Array }
	/** Bytes as they are. */
	| { readonly kind: "raw"; readonly bytes: Uint8Array }
	| { readonly kind: "change-cipher-spec" }
	/** FIN or RST; nothing follows. */
	| { readonly kind: "close" }
	| { readonly kind: "reset" };

/** Changes the bytes of a message on the wire; what the server hashes stays as it was: a man in the middle's doing. */
export type Tamper = (message: Buffer) => Buffer;

/** Where a server departs from the protocol; nothing given, it is a sound one. */
export interface Script {
	readonly identity: Identity;
	/** DER, leaf first. */
	readonly chain: readonly Buffer[];
	readonly hello?: ((hello: ServerHello, client: ClientHello) => ServerHello) | undefined;
	/** Changes the body of the Certificate message. */
	readonly certificate?: ((body: Buffer) => Buffer) | undefined;
	readonly keyExchange?: ((exchange: KeyExchange) => Buffer) | undefined;
	/** In place of the P-256 shared secret. */
	readonly premaster?: Buffer | undefined;
	/** Changes the steps from ServerHello to ServerHelloDone. */
	readonly firstFlight?: ((steps: readonly Step[], server: Tls12Server) => readonly Step[]) | undefined;
	/** Changes the steps from ChangeCipherSpec to Finished. */
	readonly lastFlight?: ((steps: readonly Step[], server: Tls12Server) => readonly Step[]) | undefined;
	readonly finished?: ((verifyData: Buffer, server: Tls12Server) => Buffer) | undefined;
	/** Sends a NewSessionTicket where the client offers to take one. */
	readonly ticket?: boolean | undefined;
	/** Packs the whole first flight into one record. */
	readonly oneRecord?: boolean | undefined;
	/** Bytes that go out in one write to TCP; all there are where it is not given. */
	readonly writeSize?: number | undefined;
	/** Bytes a record of application data holds at most, 1..16384. */
	readonly recordSize?: number | undefined;
	/** What is done once the client has said something, in place of an answer and close_notify. */
	readonly afterwards?: (() => readonly Step[]) | undefined;
	/** What is said once the client has said something; the same again where it is not given. */
	readonly answer?: Buffer | undefined;
}
