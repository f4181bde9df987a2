/**
 * The servers that must be accepted: without them a client that refuses everything would pass.
 * @module
 */
import { randomBytes } from "node:crypto";
import { past } from "./attacks/certificates.js";
import { type GoodServer, genuine, scripted } from "./bad-server.js";
import {
	type Change,
	chainOf,
	foreignRoot,
	genuineLeaf,
	type Identity,
	intermediate,
	leaf,
	leafExtensions,
	root,
	rsaIntermediate,
	rsaLeaf,
	rsaRoot,
	rsaRoots,
	SERVER_NAME,
	trustedIntermediate,
	trustedRoot,
} from "./pki/authorities.js";
import { dnsNames, generalName, subjectAlternativeName } from "./pki/extensions.js";
import { genuineChain, tlsOptions } from "./server/openssl.js";
import { relayed } from "./server/relay.js";
import type { Script } from "./server/script.js";

type Roots = GoodServer["roots"];

/** @param chain from the leaf up. */
function chained(name: string, is: string, chain: () => readonly [Identity, ...Identity[]], roots?: Roots): GoodServer {
	const behave = scripted(() => {
		const identities = chain();
		return { identity: identities[0], chain: chainOf(...identities) };
	});
	return { name, is, behave, roots };
}

/** A leaf with `change` below the issuer in use. */
const bearing = (name: string, is: string, change: () => Change, more: Partial<GoodServer> = {}): GoodServer => ({
	...chained(name, is, () => [leaf(trustedIntermediate(), change()), trustedIntermediate()]),
	...more,
});

/** The genuine chain, spoken in another way. */
function spoken(name: string, is: string, script: Partial<Script>): GoodServer {
	return { name, is, behave: genuine(script), answer: script.answer };
}

const rsa4096Root = (): Identity => root("Latchkey Large Root", { kind: "rsa4096" });
const p384Root = (): Identity => root("Latchkey P-384 Root", { kind: "p384", hash: "sha384" });
const sha1Root = (): Identity => root("Latchkey SHA-1 Root", { kind: "rsa2048", hash: "sha1" });
const otherRoot = (): Identity => root("Latchkey Other Root");
const named = (...entries: readonly Buffer[]): Change => ({
	extensions: [...leafExtensions(SERVER_NAME).slice(0, 3), subjectAlternativeName(...entries)],
});
const LARGE = Buffer.alloc(40_000, "latchkey");

const chains: readonly GoodServer[] = [
	chained("ecdsa-chain", "leaf, intermediate, trusted P-256 root", () => [genuineLeaf(), trustedIntermediate()]),
	chained("ecdsa-chain-with-root", "the same, the root sent along", () => [
		genuineLeaf(),
		trustedIntermediate(),
		trustedRoot(),
	]),
	chained("ecdsa-leaf-under-root", "a leaf right under the trusted root", () => [leaf(trustedRoot())]),
	chained(
		"rsa-chain",
		"leaf, intermediate, trusted root, RSA-2048 all",
		() => [rsaLeaf(), rsaIntermediate()],
		rsaRoots,
	),
	chained(
		"rsa-leaf-under-root",
		"an RSA leaf right under the trusted root",
		() => [leaf(rsaRoot(), { kind: "rsa2048" })],
		rsaRoots,
	),
	chained(
		"ecdsa-leaf-under-rsa",
		"an EC leaf below RSA issuers",
		() => [leaf(rsaIntermediate()), rsaIntermediate()],
		rsaRoots,
	),
	chained(
		"rsa-4096-root",
		"an EC leaf right under an RSA-4096 root",
		() => [leaf(rsa4096Root())],
		() => [rsa4096Root().certificate],
	),
	chained("p-384-leaf", "a P-384 leaf", () => [
		leaf(trustedIntermediate(), { kind: "p384", hash: "sha256" }),
		trustedIntermediate(),
	]),
	chained(
		"p-384-chain",
		"P-384 and SHA-384 all the way",
		() => {
			const issuer = intermediate("Latchkey P-384 Issuer", p384Root(), { kind: "p384", hash: "sha384" });
			return [leaf(issuer, { kind: "p384", hash: "sha384" }), issuer];
		},
		() => [p384Root().certificate],
	),
	chained("two-intermediates", "leaf, two issuers, trusted root", () => {
		const upper = intermediate("Latchkey Upper Issuer", trustedRoot());
		const lower = intermediate("Latchkey Lower Issuer", upper);
		return [leaf(lower), lower, upper];
	}),
	chained("cross-signed", "a root that another, trusted one has signed as well", () => {
		const crossSigned = intermediate("Latchkey Other Root", trustedRoot());
		const issuer = intermediate("Latchkey Other Issuer", otherRoot());
		return [leaf(issuer), issuer, crossSigned];
	}),
	chained(
		"cross-signed-by-unknown",
		"a trusted root, and the certificate a root nobody trusts gave it",
		() => {
			const crossSigned = intermediate("Latchkey Other Root", foreignRoot());
			const issuer = intermediate("Latchkey Other Issuer", otherRoot());
			return [leaf(issuer), issuer, crossSigned];
		},
		() => [otherRoot().certificate],
	),
	chained(
		"cross-signed-by-expired",
		"a trusted root, and the certificate another gave it that has ended",
		() => {
			const crossSigned = intermediate("Latchkey Other Root", trustedRoot(), past());
			const issuer = intermediate("Latchkey Other Issuer", otherRoot());
			return [leaf(issuer), issuer, crossSigned];
		},
		() => [otherRoot().certificate],
	),
	chained(
		"root-signed-over-sha-1",
		"nobody relies on a trust anchor's signature of itself",
		() => [leaf(sha1Root())],
		() => [sha1Root().certificate],
	),
	{
		...chained(
			"several-trust-anchors",
			"the chain's root is the last of three",
			() => [genuineLeaf(), trustedIntermediate()],
			() => [rsaRoot().certificate, p384Root().certificate, trustedRoot().certificate],
		),
		severalRoots: true,
	},
];

const names: readonly GoodServer[] = [
	bearing("wildcard", "a wildcard for the left-most label", () => named(generalName.dns("*.latchkey.test"))),
	bearing("several-names", "the name is the third of four, an address among them", () =>
		named(
			generalName.dns("other.test"),
			generalName.address(127, 0, 0, 1),
			generalName.dns(SERVER_NAME),
			generalName.dns("*.example.test"),
		),
	),
	bearing("name-in-capitals", "names do not differ by case (RFC 6125 section 6.4.1)", () =>
		named(generalName.dns(SERVER_NAME.toUpperCase())),
	),
	bearing("no-common-name", "an empty subject, the name in the SAN alone", () => ({ commonName: "" })),
	bearing("no-key-usage", "a leaf that restricts nothing", () => ({ extensions: [dnsNames(SERVER_NAME)] })),
	bearing("another-common-name", "the common name says nothing where a SAN is there", () => ({
		commonName: "other.test",
	})),
];

const ways: readonly GoodServer[] = [
	spoken("flight-in-one-record", "four handshake messages in one record", { oneRecord: true }),
	spoken("byte-by-byte", "every byte in a write of its own", { writeSize: 1 }),
	spoken("session-id", "a session id to come back with", {
		hello: (hello) => ({ ...hello, sessionId: randomBytes(32) }),
	}),
	spoken("session-ticket", "a NewSessionTicket before Finished", { ticket: true }),
	spoken("full-records", "40 000 bytes in records of 16 384", { answer: LARGE }),
	spoken("one-byte-records", "300 records of one byte", { answer: LARGE.subarray(0, 300), recordSize: 1 }),
	{
		name: "openssl-tls-1-2",
		is: "node:tls, TLS 1.2 alone",
		behave: relayed({ server: () => tlsOptions(genuineChain(), { maxVersion: "TLSv1.2" }) }),
	},
	...(["TLSv1.2", "TLSv1.3"] as const).map(
		(maxVersion): GoodServer => ({
			name: `openssl-that-asks-for-a-certificate-${maxVersion === "TLSv1.2" ? "1-2" : "1-3"}`,
			is: `node:tls up to ${maxVersion}; the client may have a certificate of its own, and has none`,
			behave: relayed({
				server: () =>
					tlsOptions(genuineChain(), {
						maxVersion,
						requestCert: true,
						rejectUnauthorized: false,
					}),
			}),
			encryptsHandshake: true,
		}),
	),
	{
		name: "openssl-tls-1-3",
		is: "node:tls, TLS 1.3 where the client has it",
		behave: relayed({ server: () => tlsOptions(genuineChain()) }),
		encryptsHandshake: true,
	},
	{
		name: "openssl-rsa",
		is: "node:tls with an RSA chain, 40 000 bytes",
		behave: relayed({ server: () => tlsOptions([rsaLeaf(), rsaIntermediate()]), answer: LARGE }),
		roots: rsaRoots,
		answer: LARGE,
		encryptsHandshake: true,
	},
];

export const goodServers: readonly GoodServer[] = [...chains, ...names, ...ways];
