/**
 * What a TLS client must offer to be tried against the tables, and how one attempt is judged.
 * @module
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { BadServer, GoodServer, LateServer, TlsStack } from "./bad-server.js";
import { SERVER_NAME, trustedRoots } from "./pki/authorities.js";
import { ClientGone, CONTENT, Peer, splitRecords } from "./server/peer.js";

export interface AttemptOptions {
	/** On 127.0.0.1. */
	readonly port: number;
	readonly serverName: string;
	readonly alpn: readonly string[];
	/** Trust anchors, DER. */
	readonly roots: readonly Buffer[];
	/** What the client tries to send from its first moment to its last. */
	readonly plaintext: Uint8Array;
}

export interface Attempt {
	/** Whether the client ever took the connection for open. */
	readonly opened: boolean;
	/** Why it ended, in the client's own words; `undefined` after an orderly close of an open connection. */
	readonly failure: string | undefined;
	/** The fatal alert it was told, where it knows. */
	readonly alert?: number | undefined;
	/** Everything that was received as plaintext. */
	readonly received: Buffer;
}

/** A client; `attempt` settles when the connection is over, and sends `plaintext` as soon as it thinks it may. */
export interface TlsClientUnderTest {
	readonly name: string;
	readonly stack: TlsStack;
	/** Whether it offers TLS 1.3. */
	readonly tls13: boolean;
	/** Whether it takes more than one trust anchor. */
	readonly severalRoots: boolean;
	/** Whether it tells an orderly close from any other end of an open connection. */
	readonly tellsEnd: boolean;
	attempt(options: AttemptOptions): Promise<Attempt>;
}

type Server = BadServer | LateServer | GoodServer;

/** One attempt, seen from both ends. */
export interface Encounter {
	readonly attempt: Attempt;
	/** What the client was to send. */
	readonly plaintext: Buffer;
	/** Every byte the client sent. */
	readonly sent: Buffer;
	/** What of it the server could read as application data. */
	readonly understood: Buffer;
}

/** Lets `client` connect once to `server`. @throws what the server itself failed with. */
export async function encounter(client: TlsClientUnderTest, row: Server): Promise<Encounter> {
	const peers: Peer[] = [];
	const served: Promise<unknown>[] = [];
	const listener = createServer({ allowHalfOpen: true }, (socket) => {
		const peer = new Peer(socket);
		peers.push(peer);
		served.push(serve(row, peer));
	});
	listener.listen(0, "127.0.0.1");
	await once(listener, "listening");
	try {
		const plaintext = connectWith(randomBytes(16).toString("hex"));
		const attempt = await client.attempt({
			port: (listener.address() as AddressInfo).port,
			serverName: row.serverName ?? SERVER_NAME,
			alpn: ["mqtt"],
			roots: row.roots?.() ?? trustedRoots(),
			plaintext,
		});
		const errors = (await Promise.all(served)).filter((error) => error !== undefined);
		if (errors.length > 0) throw errors[0];
		const sent = Buffer.concat(peers.map((peer) => peer.sent()));
		return { attempt, plaintext, sent, understood: Buffer.concat(peers.flatMap((peer) => peer.plaintext)) };
	} finally {
		listener.close();
	}
}

/** @returns what went wrong in the server, other than that the client left. */
async function serve(row: Server, peer: Peer): Promise<unknown> {
	try {
		await row.behave(peer);
	} catch (error) {
		if (!(error instanceof ClientGone)) {
			peer.reset();
			return error;
		}
	}
	await peer.closed;
	return undefined;
}

/** An MQTT CONNECT whose user name bears `marker`. */
function connectWith(marker: string): Buffer {
	const text = (value: string): Buffer => Buffer.concat([Buffer.of(0, value.length), Buffer.from(value)]);
	const body = Buffer.concat([
		Buffer.from("00044d51545404c2003c", "hex"),
		text("thing"),
		text(`token=${marker}`),
		text(`secret-${marker}`),
	]);
	return Buffer.concat([Buffer.of(0x10, body.length), body]);
}

/** What of the plaintext, or of anything like it, left the client; none: nothing did. */
export function leaks({ plaintext, sent, understood }: Encounter, encryptsHandshake = false): readonly string[] {
	const clear = piecesOf(plaintext.subarray(-32)).filter((piece) => sent.includes(piece));
	const data = splitRecords(sent).records.filter(({ type }) => type === CONTENT.applicationData);
	return [
		...(clear.length > 0 ? ["the marker went in clear"] : []),
		...(understood.length > 0 ? [`the server understood ${understood.length} bytes`] : []),
		...(data.length > 0 && !encryptsHandshake ? [`${data.length} records of application data`] : []),
	];
}

/** Eight bytes each: half a secret is one, too. */
function piecesOf(marker: Buffer): readonly Buffer[] {
	return Array.from({ length: marker.length / 8 }, (_, index) => marker.subarray(index * 8, index * 8 + 8));
}
