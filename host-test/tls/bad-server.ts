/**
 * What a server of the tables is, and the ways to write one down.
 * @module
 */
import type { TlsFailureName } from "../../src/firmware/native/tls-failure.js";
import { chainOf, genuineLeaf, trustedIntermediate } from "./pki/authorities.js";
import type { Peer } from "./server/peer.js";
import type { Script } from "./server/script.js";
import { Tls12Server } from "./server/tls12-server.js";

/** What a server does with one connection. A `ClientGone` that leaves it is an ordinary end. */
export type Behaviour = (peer: Peer) => Promise<void>;

/** What a client is made of. */
export type TlsStack = "mbedtls" | "node:tls" | "none";

interface ServerRow {
	/** Kebab-case; stays. */
	readonly name: string;
	readonly behave: Behaviour;
	/** What the client asks for, where it is not `SERVER_NAME`. */
	readonly serverName?: string | undefined;
	/** The client's trust anchors, where they are not `trustedRoots()`. */
	readonly roots?: (() => readonly Buffer[]) | undefined;
	/** Where `roots` are more than one, which not every client takes. */
	readonly severalRoots?: boolean | undefined;
	/** Where the client must offer TLS 1.3 for the row to mean anything. */
	readonly tls13?: boolean | undefined;
	/** Handshake messages may travel as records of type application_data: those of TLS 1.3. */
	readonly encryptsHandshake?: boolean | undefined;
}

/** A server that must be refused. */
export interface BadServer extends ServerRow {
	/** What is wrong with it, for people. */
	readonly wrong: string;
	/** The failures it may be refused with; the most telling one first. */
	readonly refusedWith: readonly [TlsFailureName, ...TlsFailureName[]];
	/** Number of the alert the server sent, where it is what the client is to tell. */
	readonly alert?: number | undefined;
	/** What is known to take this server, and why that is so. */
	readonly takenBy?: Readonly<Partial<Record<TlsStack, string>>> | undefined;
}

/** A server that must be accepted, and that goes wrong when the client has begun to talk. */
export interface LateServer extends ServerRow {
	readonly wrong: string;
	/** How the client must end; `undefined`: as after an orderly close. */
	readonly endsWith: readonly (TlsFailureName | undefined)[];
	/** All that the client may have taken for the server's word. */
	readonly says: Buffer;
}

/** A server that must be accepted. */
export interface GoodServer extends ServerRow {
	readonly is: string;
	/** What it answers; what it was told where it is not given. */
	readonly answer?: Buffer | undefined;
}

/** A TLS 1.2 server after a script, which is written when the first client comes. */
export function scripted(script: () => Script): Behaviour {
	return (peer) => new Tls12Server(peer, script()).run();
}

/** The same for a server with the genuine chain and key: what is wrong with it is the script alone. */
export function genuine(script: Partial<Script>): Behaviour {
	return scripted(() => ({ identity: genuineLeaf(), chain: chainOf(genuineLeaf(), trustedIntermediate()), ...script }));
}
