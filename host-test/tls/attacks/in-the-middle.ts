/**
 * A man in the middle without a key, in front of a genuine server of node:tls.
 * @module
 */
import type { TlsOptions } from "node:tls";
import type { BadServer } from "../bad-server.js";
import { HANDSHAKE } from "../server/messages.js";
import { genuineChain, tlsOptions } from "../server/openssl.js";
import { CONTENT, record } from "../server/peer.js";
import { type Meddle, relayed } from "../server/relay.js";

type Codes = BadServer["refusedWith"];

const TLS_1_2: TlsOptions = { maxVersion: "TLSv1.2" };

/** Changes the first record to the client whose handshake message is of `type`. */
function changing(type: number, change: (bytes: Buffer) => Buffer): () => Meddle {
	return () =>
		({ type: content, body, bytes }) =>
			content === CONTENT.handshake && body[0] === type ? change(Buffer.from(bytes)) : bytes;
}

/** Flips the lowest bit of the byte `fromEnd` bytes before the end of the record. */
const flip =
	(fromEnd: number) =>
	(bytes: Buffer): Buffer => {
		bytes[bytes.length - fromEnd] = bytes[bytes.length - fromEnd]! ^ 1;
		return bytes;
	};

function row(name: string, wrong: string, refusedWith: Codes, toClient: () => Meddle): BadServer {
	const behave = relayed({ server: () => tlsOptions(genuineChain(), TLS_1_2), toClient });
	return { name: `relay-${name}`, wrong, refusedWith, behave };
}

const tampered: readonly BadServer[] = [
	row(
		"changes-server-random",
		"a bit of the server's random",
		["signature"],
		changing(HANDSHAKE.serverHello, (bytes) => flippedAt(bytes, 15)),
	),
	row(
		"changes-certificate",
		"a bit of the issuer's signature",
		["certificate-untrusted", "certificate-format"],
		changing(HANDSHAKE.certificate, flip(1)),
	),
	row(
		"changes-key-exchange",
		"a bit of the key exchange's signature",
		["signature", "protocol"],
		changing(HANDSHAKE.serverKeyExchange, flip(1)),
	),
	row(
		"takes-alpn-out",
		"the ALPN answer turned into another extension",
		["alpn", "protocol", "signature", "alert"],
		changing(HANDSHAKE.serverHello, (bytes) => {
			const at = bytes.indexOf("00100007", 0, "hex");
			bytes[at + 1] = 0x99;
			return bytes;
		}),
	),
	row(
		"adds-unknown-extension",
		"an extension nobody asked for",
		["protocol", "signature", "alert"],
		changing(HANDSHAKE.serverHello, withExtension(Buffer.from("fafa000100", "hex"))),
	),
	row(
		"repeats-an-extension",
		"ALPN twice",
		["protocol", "signature", "alert"],
		changing(HANDSHAKE.serverHello, withExtension(Buffer.from("0010000700050".concat("46d717474"), "hex"))),
	),
	row(
		"injects-data-in-clear",
		"application data in clear after ServerHello",
		["protocol", "record"],
		() =>
			({ index, bytes }) =>
				index === 0 ? Buffer.concat([bytes, record(CONTENT.applicationData, Buffer.alloc(4))]) : bytes,
	),
	row(
		"repeats-every-record",
		"every record twice",
		["protocol", "certificate-format", "record"],
		() =>
			({ bytes }) =>
				Buffer.concat([bytes, bytes]),
	),
	row(
		"drops-change-cipher-spec",
		"the server's ChangeCipherSpec is lost; after its Finished, FIN",
		["protocol", "record", "truncated"],
		changeDropped,
	),
	row(
		"changes-the-last-record",
		"a bit of the protected Finished",
		["record", "signature", "protocol"],
		finishedChanged,
	),
	{
		name: "relay-changes-client-hello",
		wrong: "a bit of the client's random on the way to the server",
		refusedWith: ["signature", "alert"],
		behave: relayed({
			server: () => tlsOptions(genuineChain(), TLS_1_2),
			toServer:
				() =>
				({ index, bytes }) =>
					index === 0 ? flippedAt(bytes, 20) : bytes,
		}),
	},
	{
		name: "relay-hides-tls-1-3",
		wrong: "the client's offer of TLS 1.3 taken out on the way, so that both agree on 1.2",
		refusedWith: ["protocol", "version", "signature", "alert"],
		tls13: true,
		behave: relayed({
			server: () => tlsOptions(genuineChain()),
			toServer:
				() =>
				({ index, bytes }) =>
					index === 0 ? without(bytes, "002b") : bytes,
		}),
	},
];

function flippedAt(bytes: Buffer, at: number): Buffer {
	const changed = Buffer.from(bytes);
	changed[at] = changed[at]! ^ 1;
	return changed;
}

/** The ServerHello with an extension at its end: three lengths grow. */
function withExtension(extension: Buffer): (bytes: Buffer) => Buffer {
	return (bytes) => {
		const grown = Buffer.concat([bytes, extension]);
		const list = 5 + 4 + 2 + 32 + 1 + bytes[43]! + 2 + 1;
		grown.writeUInt16BE(grown.length - 5, 3);
		grown.writeUIntBE(grown.length - 9, 6, 3);
		grown.writeUInt16BE(grown.length - list - 2, list);
		return grown;
	};
}

/** Loses ChangeCipherSpec, and ends behind the record after it: the client may well wait for more. */
function changeDropped(): Meddle {
	let dropped = false;
	return ({ type, bytes }) => {
		if (dropped) return { last: bytes };
		dropped = type === CONTENT.changeCipherSpec;
		return dropped ? Buffer.alloc(0) : bytes;
	};
}

/** Changes the first handshake record behind ChangeCipherSpec. */
function finishedChanged(): Meddle {
	let changed = false;
	return ({ type, bytes }) => {
		if (type === CONTENT.changeCipherSpec) changed = true;
		return changed && type === CONTENT.handshake ? flip(1)(Buffer.from(bytes)) : bytes;
	};
}

/** Renames the extension of that number, which a server then passes over. */
function without(bytes: Buffer, extension: string): Buffer {
	const changed = Buffer.from(bytes);
	const at = changed.indexOf(Buffer.concat([Buffer.from(extension, "hex"), Buffer.of(0)]), 100);
	changed.writeUInt16BE(0xfafa, at);
	return changed;
}

/** Changes the first record under the keys of a TLS 1.3 handshake. */
function protectedOnce(change: (bytes: Buffer) => Buffer): () => Meddle {
	return () => {
		let done = false;
		return ({ type, bytes }) => {
			if (done || type !== CONTENT.applicationData) return bytes;
			done = true;
			return change(Buffer.from(bytes));
		};
	};
}

function tls13(name: string, wrong: string, refusedWith: Codes, meddle: () => Meddle): BadServer {
	const behave = relayed({ server: () => tlsOptions(genuineChain()), toClient: meddle });
	return { name: `relay-in-tls-1-3-${name}`, wrong, refusedWith, behave, tls13: true, encryptsHandshake: true };
}

const BROKEN: Codes = ["record", "signature", "protocol", "alert"];
const closeNotify = record(CONTENT.alert, Buffer.of(1, 0));
const CLEAR: Codes = ["early-close", "alert", "protocol", "record", "signature"];

const tampered13: readonly BadServer[] = [
	tls13(
		"changes-server-random",
		"a bit of the server's random",
		BROKEN,
		changing(HANDSHAKE.serverHello, (bytes) => flippedAt(bytes, 15)),
	),
	tls13("changes-a-protected-record", "a bit of EncryptedExtensions", BROKEN, protectedOnce(flip(1))),
	tls13(
		"repeats-a-protected-record",
		"EncryptedExtensions twice",
		BROKEN,
		protectedOnce((bytes) => Buffer.concat([bytes, bytes])),
	),
	tls13(
		"drops-a-protected-record",
		"EncryptedExtensions is lost",
		BROKEN,
		protectedOnce(() => Buffer.alloc(0)),
	),
	tls13(
		"sends-close-notify-in-clear",
		"close_notify in clear before EncryptedExtensions",
		CLEAR,
		protectedOnce((bytes) => Buffer.concat([closeNotify, bytes])),
	),
	tls13(
		"sends-data-in-clear",
		"what says it is protected and is in clear",
		BROKEN,
		protectedOnce((bytes) => Buffer.concat([record(CONTENT.applicationData, Buffer.alloc(40, 7)), bytes])),
	),
];

export const inTheMiddle: readonly BadServer[] = [...tampered, ...tampered13];
