/**
 * A man in the middle: between the client and a genuine node:tls server, without any key.
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import tls from "node:tls";
import type { Behaviour } from "../bad-server.js";
import { ClientGone, type Peer, splitRecords, type WireRecord } from "./peer.js";

/** One record on its way, as it stands on the wire, header included. */
export interface PassingRecord extends WireRecord {
	/** Counted from 0 in its direction. */
	readonly index: number;
	readonly bytes: Buffer;
}

/** What goes on in place of a record. */
type Change = (passing: PassingRecord) => Uint8Array;

/** The same on the way to the client; behind `last`, FIN. */
export type Meddle = (passing: PassingRecord) => Uint8Array | { readonly last: Uint8Array };

export interface RelayOptions {
	readonly server: () => tls.TlsOptions;
	/** Made anew for each connection. */
	readonly toClient?: (() => Meddle) | undefined;
	readonly toServer?: (() => Change) | undefined;
	/** What the server says once it has heard something; the same again where it is not given. */
	readonly answer?: Buffer | undefined;
}

const asItIs =
	(): Change =>
	({ bytes }) =>
		bytes;

/** A genuine server behind the relay; what the client tells the server inside TLS is the peer's plaintext. */
export function relayed({ server: tlsOptions, toClient = asItIs, toServer = asItIs, answer }: RelayOptions): Behaviour {
	return async (peer) => {
		const server = tls.createServer({ ALPNProtocols: ["mqtt"], ...tlsOptions() }, (socket) => {
			socket.on("data", (bytes: Buffer) => {
				peer.plaintext.push(bytes);
				socket.end(answer ?? bytes);
			});
			socket.on("error", () => socket.destroy());
		});
		// A handshake that fails is what is wanted here; the client is asked what it made of it.
		server.on("tlsClientError", () => undefined);
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const upstream = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
		try {
			await Promise.all([downwards(upstream, peer, toClient()), upwards(peer, upstream, toServer())]);
		} finally {
			upstream.destroy();
			server.close();
		}
	};
}

async function downwards(upstream: Socket, peer: Peer, meddle: Meddle): Promise<void> {
	let index = 0;
	let waiting: Buffer = Buffer.alloc(0);
	upstream.on("data", (bytes: Buffer) => {
		const { records, rest } = splitRecords(Buffer.concat([waiting, bytes]));
		waiting = rest;
		for (const passing of records) {
			const changed = meddle({ ...passing, index: index++, bytes: wire(passing) });
			peer.write("last" in changed ? changed.last : changed);
			if ("last" in changed) {
				upstream.destroy();
				return;
			}
		}
	});
	upstream.on("error", () => upstream.destroy());
	await new Promise((resolve) => upstream.on("close", resolve).on("end", resolve));
	await peer.finish();
}

async function upwards(peer: Peer, upstream: Socket, change: Change): Promise<void> {
	try {
		for (let index = 0; ; index++) {
			const passing = await peer.nextRecord();
			if (upstream.writable) upstream.write(change({ ...passing, index, bytes: wire(passing) }));
		}
	} catch (error) {
		if (!(error instanceof ClientGone)) throw error;
		upstream.end();
	}
}

function wire({ type, version, body }: WireRecord): Buffer {
	return Buffer.concat([Buffer.of(type, version >> 8, version & 0xff, body.length >> 8, body.length & 0xff), body]);
}
