/**
 * ServerKeyExchange without the leaf's key behind it, or with parameters nobody should take (RFC 8422 section 5.4).
 *
 * Each server goes on as if all were well: whoever does not check gets as far as sending.
 * @module
 */
import { createECDH } from "node:crypto";
import { type BadServer, genuine, scripted } from "../bad-server.js";
import { chainOf, rsaIntermediate, rsaLeaf, rsaRoots } from "../pki/authorities.js";
import { keyPair } from "../pki/keys.js";
import { type KeyExchange, namedCurve, signedContents, signedKeyExchange } from "../server/key-exchange.js";
import { SCHEME, uint, vector } from "../server/messages.js";
import type { Script } from "../server/script.js";

type Codes = BadServer["refusedWith"];
const FORGED: Codes = ["signature", "protocol"];
const MALFORMED: Codes = ["protocol", "signature"];

function row(
	name: string,
	wrong: string,
	keyExchange: (exchange: KeyExchange) => Buffer,
	refusedWith: Codes = MALFORMED,
	more: Partial<Script> = {},
): BadServer {
	const behave = genuine({ keyExchange, ...more });
	return { name, wrong, refusedWith, behave };
}

/** The same for a server with an RSA chain. */
function rsaRow(name: string, wrong: string, keyExchange: (exchange: KeyExchange) => Buffer): BadServer {
	const behave = scripted(() => ({ identity: rsaLeaf(), chain: chainOf(rsaLeaf(), rsaIntermediate()), keyExchange }));
	return { name, wrong, refusedWith: FORGED, behave, roots: rsaRoots };
}

const unsigned = ({ parameters }: KeyExchange, scheme: number, signature = Buffer.alloc(0)): Buffer =>
	Buffer.concat([parameters, uint(scheme, 2), vector(2, signature)]);

const signatureChanged = (exchange: KeyExchange): Buffer => {
	const body = signedKeyExchange(exchange);
	body[body.length - 3] = body[body.length - 3]! ^ 1;
	return body;
};

/** A sound signature over other parameters than those sent. */
const signedOver = (exchange: KeyExchange, parameters: Buffer): Buffer => {
	const sound = signedKeyExchange(exchange);
	return Buffer.concat([parameters, sound.subarray(exchange.parameters.length)]);
};

/** The genuine key signs `parameters`: what is wrong is them alone. */
const signed = (exchange: KeyExchange, parameters: Buffer): Buffer => signedKeyExchange(exchange, { parameters });

function otherPoint(curve: string): Buffer {
	return createECDH(curve).generateKeys();
}

/** A point with the x of one on P-256 and another y. */
function pointOffCurve(point: Buffer): Buffer {
	const changed = Buffer.from(point);
	changed[64] = changed[64]! ^ 1;
	return changed;
}

const signatures: readonly BadServer[] = [
	row(
		"key-exchange-unsigned",
		"signature algorithm 0000, no signature",
		(exchange) => unsigned(exchange, SCHEME.none),
		FORGED,
	),
	row(
		"key-exchange-unsigned-with-bytes",
		"signature algorithm 0000, 64 zero bytes",
		(exchange) => unsigned(exchange, SCHEME.none, Buffer.alloc(64)),
		FORGED,
	),
	row(
		"key-exchange-anonymous",
		"hash SHA-256 with the anonymous signature",
		(exchange) => unsigned(exchange, 0x0400),
		FORGED,
	),
	row(
		"key-exchange-without-signature-field",
		"parameters and nothing behind them, as in ECDH_anon",
		({ parameters }) => parameters,
	),
	row(
		"key-exchange-empty-signature",
		"an ECDSA signature of no bytes",
		(exchange) => unsigned(exchange, SCHEME.ecdsaSha256),
		FORGED,
	),
	row(
		"key-exchange-zero-signature",
		"an ECDSA signature of r = s = 0",
		(exchange) => unsigned(exchange, SCHEME.ecdsaSha256, Buffer.from("3006020100020100", "hex")),
		FORGED,
	),
	row(
		"key-exchange-wrongly-signed",
		"signed by a key of the forger's",
		(exchange) => signedKeyExchange(exchange, { key: keyPair("forger").privateKey }),
		["signature"],
	),
	row("key-exchange-signature-changed", "one bit of the signature", signatureChanged, ["signature"]),
	row(
		"key-exchange-point-exchanged",
		"another point than the signed one",
		(exchange) => signedOver(exchange, namedCurve(23, otherPoint("prime256v1"))),
		["signature"],
	),
	row(
		"key-exchange-of-another-connection",
		"signed by the genuine key for another client random",
		(exchange) =>
			signedKeyExchange(exchange, {
				contents: signedContents({ client: Buffer.alloc(32, 7), server: exchange.randoms.server }, exchange.parameters),
			}),
		["signature"],
	),
	row(
		"key-exchange-signed-without-randoms",
		"the signature covers the parameters alone",
		(exchange) => signedKeyExchange(exchange, { contents: exchange.parameters }),
		["signature"],
	),
	row(
		"key-exchange-says-rsa",
		"an ECDSA signature that says it is RSA's",
		(exchange) => signedKeyExchange(exchange, { scheme: SCHEME.rsaSha256 }),
		FORGED,
	),
	row(
		"key-exchange-says-another-hash",
		"an unknown hash algorithm",
		(exchange) => signedKeyExchange(exchange, { scheme: 0x0903 }),
		FORGED,
	),
	row(
		"key-exchange-by-sha1",
		"signed over SHA-1, which no client should offer",
		(exchange) => signedKeyExchange(exchange, { scheme: SCHEME.ecdsaSha1 }),
		FORGED,
	),
	rsaRow("rsa-key-exchange-unsigned", "an RSA chain, signature algorithm 0000", (exchange) =>
		unsigned(exchange, SCHEME.none),
	),
	rsaRow("rsa-key-exchange-wrongly-signed", "signed by another RSA key", (exchange) =>
		signedKeyExchange(exchange, { key: keyPair("forger", "rsa2048").privateKey }),
	),
	rsaRow("rsa-key-exchange-signed-by-ecdsa", "an RSA chain, signed by an EC key", (exchange) =>
		signedKeyExchange(exchange, { key: keyPair("forger").privateKey }),
	),
	rsaRow("rsa-key-exchange-by-md5", "signed by the genuine key over MD5", (exchange) =>
		signedKeyExchange(exchange, { scheme: SCHEME.rsaMd5 }),
	),
	rsaRow("rsa-key-exchange-by-sha1", "signed by the genuine key over SHA-1", (exchange) =>
		signedKeyExchange(exchange, { scheme: SCHEME.rsaSha1 }),
	),
	rsaRow("rsa-key-exchange-signature-of-zeros", "256 zero bytes as signature", (exchange) =>
		unsigned(exchange, SCHEME.rsaSha256, Buffer.alloc(256)),
	),
];

const lengths: readonly BadServer[] = [
	row("key-exchange-empty", "a ServerKeyExchange of no bytes", () => Buffer.alloc(0)),
	row("key-exchange-without-point", "the curve and nothing behind it", ({ parameters }) => parameters.subarray(0, 3)),
	row("key-exchange-cut-in-point", "ends in the middle of the point", ({ parameters }) => parameters.subarray(0, 30)),
	row("key-exchange-cut-in-signature", "ends in the middle of the signature", (exchange) =>
		signedKeyExchange(exchange).subarray(0, -20),
	),
	row("key-exchange-cut-before-signature", "ends after the signature algorithm", (exchange) =>
		signedKeyExchange(exchange).subarray(0, exchange.parameters.length + 2),
	),
	row("key-exchange-with-bytes-behind", "bytes after the signature", (exchange) =>
		Buffer.concat([signedKeyExchange(exchange), Buffer.alloc(5)]),
	),
	row("key-exchange-signature-too-long", "a signature length beyond the message", ({ parameters }) =>
		Buffer.concat([parameters, uint(SCHEME.ecdsaSha256, 2), uint(0xffff, 2), Buffer.alloc(70)]),
	),
];

const parameters: readonly BadServer[] = [
	row(
		"point-of-zeros",
		"64 zero bytes as point, signed by the genuine key",
		(exchange) => signed(exchange, namedCurve(23, Buffer.concat([Buffer.of(4), Buffer.alloc(64)]))),
		MALFORMED,
		{ premaster: Buffer.alloc(32) },
	),
	row("point-off-the-curve", "a point that is not on P-256, signed by the genuine key", (exchange) =>
		signed(exchange, namedCurve(23, pointOffCurve(exchange.point))),
	),
	row(
		"point-at-infinity",
		"the point at infinity, signed by the genuine key",
		(exchange) => signed(exchange, namedCurve(23, Buffer.of(0))),
		MALFORMED,
		{ premaster: Buffer.alloc(32) },
	),
	row("point-too-large", "coordinates of all ones, signed by the genuine key", (exchange) =>
		signed(exchange, namedCurve(23, Buffer.concat([Buffer.of(4), Buffer.alloc(64, 0xff)]))),
	),
	row("point-of-another-curve", "a P-384 point on P-256, signed by the genuine key", (exchange) =>
		signed(exchange, namedCurve(23, otherPoint("secp384r1"))),
	),
	row("point-empty", "a point of no bytes, signed by the genuine key", (exchange) =>
		signed(exchange, namedCurve(23, Buffer.alloc(0))),
	),
	row(
		"x25519-point-of-zeros",
		"a point of small order on X25519, signed by the genuine key",
		(exchange) => signed(exchange, namedCurve(29, Buffer.alloc(32))),
		MALFORMED,
		{ premaster: Buffer.alloc(32) },
	),
	row(
		"x25519-point-of-order-eight",
		"another point of small order on X25519, signed by the genuine key",
		(exchange) => signed(exchange, namedCurve(29, SMALL_ORDER)),
		MALFORMED,
		{ premaster: Buffer.alloc(32) },
	),
	row("x25519-point-too-short", "31 bytes for X25519, signed by the genuine key", (exchange) =>
		signed(exchange, namedCurve(29, Buffer.alloc(31, 9))),
	),
	row("curve-not-offered", "a genuine P-192 point, signed by the genuine key", (exchange) =>
		signed(exchange, namedCurve(19, otherPoint("prime192v1"))),
	),
	row("curve-unknown", "a curve nobody knows, signed by the genuine key", (exchange) =>
		signed(exchange, namedCurve(0xfafa, exchange.point)),
	),
	row("curve-explicit", "explicit curve parameters, signed by the genuine key", (exchange) =>
		signed(exchange, Buffer.concat([Buffer.of(1), vector(1, Buffer.alloc(32, 1)), vector(1, exchange.point)])),
	),
	row("finite-field-parameters", "Diffie-Hellman parameters of 512 bits, signed by the genuine key", (exchange) =>
		signed(exchange, finiteField()),
	),
];

/** A point of order eight (RFC 7748 section 7 asks to abort on the shared secret of zeros it gives). */
const SMALL_ORDER = Buffer.from("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800", "hex");

/** ServerDHParams of a group that is far too small. */
function finiteField(): Buffer {
	return Buffer.concat([vector(2, Buffer.alloc(64, 0xc5)), vector(2, Buffer.of(2)), vector(2, Buffer.alloc(64, 0x11))]);
}

export const keyExchanges: readonly BadServer[] = [...signatures, ...lengths, ...parameters];
