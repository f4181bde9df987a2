/**
 * Certificate messages that are malformed, whatever the certificates in them (RFC 5246 section 7.4.2).
 * @module
 */
import { randomBytes } from "node:crypto";
import { type BadServer, genuine, scripted } from "../bad-server.js";
import {
	CA_EXTENSIONS,
	chainOf,
	genuineLeaf,
	intermediate,
	leaf,
	leafExtensions,
	root,
	SERVER_NAME,
	trustedIntermediate,
	trustedRoot,
} from "../pki/authorities.js";
import { octetString } from "../pki/der.js";
import { extension } from "../pki/extensions.js";
import { certificateList, uint, vector } from "../server/messages.js";

type Codes = BadServer["refusedWith"];
const MALFORMED: Codes = ["certificate-format", "protocol"];

/** The genuine server, its Certificate message changed. */
function row(name: string, wrong: string, certificate: (body: Buffer) => Buffer): BadServer {
	const behave = genuine({ certificate });
	return { name, wrong, refusedWith: MALFORMED, behave };
}

/** The genuine chain with its leaf's DER changed. */
function changedLeaf(
	name: string,
	wrong: string,
	change: (der: Buffer) => Buffer,
	takenBy?: BadServer["takenBy"],
): BadServer {
	const changed = (): Buffer => certificateList([change(genuineLeaf().certificate), trustedIntermediate().certificate]);
	return { ...row(name, wrong, changed), takenBy };
}

const padding = (bytes: number): Buffer => extension("1.3.6.1.4.1.99999.4", false, octetString(Buffer.alloc(bytes)));

export const certificateMessages: readonly BadServer[] = [
	row("empty-chain", "a list of no certificates", () => vector(3)),
	row("empty-certificate-message", "a Certificate message of no bytes", () => Buffer.alloc(0)),
	row("empty-certificate", "a certificate of no bytes", () => certificateList([Buffer.alloc(0)])),
	row("empty-certificate-behind-leaf", "an issuer of no bytes", () =>
		certificateList([genuineLeaf().certificate, Buffer.alloc(0)]),
	),
	row("garbage-certificate", "600 random bytes as certificate", () => certificateList([randomBytes(600)])),
	row("garbage-behind-chain", "600 random bytes behind a sound chain", () =>
		certificateList([...chainOf(genuineLeaf(), trustedIntermediate()), randomBytes(600)]),
	),
	row("certificate-list-too-long", "the list's length reaches beyond the message", (body) =>
		Buffer.concat([uint(body.length + 10, 3), body.subarray(3)]),
	),
	row("certificate-list-too-short", "the list ends before the message does", (body) =>
		Buffer.concat([uint(body.length - 13, 3), body.subarray(3)]),
	),
	row("certificate-longer-than-list", "a certificate's length reaches beyond the list", (body) =>
		Buffer.concat([body.subarray(0, 3), uint(body.length, 3), body.subarray(6)]),
	),
	row("certificate-list-of-16-megabytes", "lengths near 2^24 for a short message", (body) =>
		Buffer.concat([uint(0xffffff, 3), uint(0xfffffc, 3), body.subarray(6)]),
	),
	row("bytes-behind-certificate-list", "bytes after the list", (body) => Buffer.concat([body, Buffer.alloc(7)])),
	changedLeaf("truncated-certificate", "the leaf's last 40 bytes are missing", (der) => der.subarray(0, -40)),
	changedLeaf("certificate-of-one-byte", "a SEQUENCE tag and nothing else", () => Buffer.of(0x30)),
	changedLeaf(
		"bytes-behind-certificate",
		"bytes after the leaf's DER, inside its entry",
		(der) => Buffer.concat([der, Buffer.alloc(16)]),
		{ mbedtls: "mbedTLS leaves aside what follows the certificate, which nothing refers to" },
	),
	changedLeaf(
		"certificate-of-indefinite-length",
		"BER's indefinite length for the leaf's outermost element",
		(der) => Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.alloc(2)]),
		{ "node:tls": "OpenSSL reads BER" },
	),
	changedLeaf("certificate-with-long-length", "a length of eight bytes for the leaf's outermost element", (der) =>
		Buffer.concat([Buffer.of(0x30, 0x88, 0x7f), Buffer.alloc(7, 0xff), der.subarray(4)]),
	),
	changedLeaf("certificate-as-set", "the leaf's outermost element is a SET", (der) =>
		Buffer.concat([Buffer.of(0x31), der.subarray(1)]),
	),
	changedLeaf("certificate-of-nested-sequences", "4000 SEQUENCEs one in the other", nested),
	changedLeaf("key-in-place-of-certificate", "the leaf's public key alone", () =>
		genuineLeaf().publicKey.export({ type: "spki", format: "der" }),
	),
	{
		name: "oversized-certificate",
		wrong: "a forged leaf of 70 000 bytes before the genuine issuer",
		refusedWith: ["certificate-format", "certificate-untrusted", "protocol", "record"],
		behave: scripted(() => {
			const identity = root("Forged Leaf", {
				commonName: SERVER_NAME,
				extensions: [...leafExtensions(SERVER_NAME), padding(70_000)],
			});
			return { identity, chain: chainOf(identity, trustedIntermediate()) };
		}),
	},
	{
		name: "oversized-chain",
		wrong: "six forged issuers of 20 000 bytes each, 120 000 in all",
		refusedWith: ["certificate-format", "certificate-untrusted", "protocol", "record"],
		behave: scripted(() => {
			const forger = root("Forger Root");
			const large = intermediate("Large Issuer", forger, { extensions: [...CA_EXTENSIONS, padding(20_000)] });
			const identity = leaf(large);
			return { identity, chain: chainOf(identity, large, large, large, large, large, large, trustedRoot()) };
		}),
	},
];

function nested(): Buffer {
	let inner = Buffer.alloc(0);
	for (let depth = 0; depth < 4000; depth++)
		inner = Buffer.concat([Buffer.of(0x30, 0x82), uint(inner.length, 2), inner]);
	return inner;
}
