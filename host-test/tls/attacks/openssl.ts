/**
 * Genuine node:tls servers with a chain, or with an offer, that no client should take; in TLS 1.3 where the client has it.
 * @module
 */
import type { TlsOptions } from "node:tls";
import type { BadServer } from "../bad-server.js";
import {
	type Change,
	foreignRoot,
	genuineLeaf,
	type Identity,
	leaf,
	leafExtensions,
	root,
	SERVER_NAME,
	trustedIntermediate,
} from "../pki/authorities.js";
import { KEY_USAGE, PURPOSE } from "../pki/extensions.js";
import { keyPair } from "../pki/keys.js";
import { genuineChain, tlsOptions } from "../server/openssl.js";
import { relayed } from "../server/relay.js";
import { future, leafFor, past } from "./certificates.js";

type Codes = BadServer["refusedWith"];

/** A bad chain served by node:tls, which speaks TLS 1.3 with those who do: there the refusal itself is protected. */
function served(name: string, wrong: string, refusedWith: Codes, chain: () => readonly Identity[]): BadServer {
	const behave = relayed({ server: () => tlsOptions(chain()) });
	return { name: `openssl-${name}`, wrong, refusedWith, behave, encryptsHandshake: true };
}

const forged = (): Identity =>
	root("Forged Leaf", { commonName: SERVER_NAME, extensions: leafExtensions(SERVER_NAME) });
const forClients = (): Change => leafFor(KEY_USAGE.digitalSignature, PURPOSE.clientAuth);
const changed = (change: Change): readonly Identity[] => [leaf(trustedIntermediate(), change), trustedIntermediate()];
const other = (): Identity => leaf(trustedIntermediate(), { extensions: leafExtensions("other.test") });

const chains: readonly BadServer[] = [
	served(
		"forged-leaf-genuine-intermediate",
		"a self-signed leaf before the genuine intermediate",
		["certificate-untrusted"],
		() => [forged(), trustedIntermediate()],
	),
	served("unknown-root", "a chain to a root nobody trusts", ["certificate-untrusted"], () => [
		leaf(foreignRoot()),
		foreignRoot(),
	]),
	served("wrong-name", "a certificate for another name", ["certificate-name"], () => [other(), trustedIntermediate()]),
	served("expired-leaf", "the leaf ended yesterday", ["certificate-expired"], () => changed(past())),
	served("not-yet-valid-leaf", "the leaf begins tomorrow", ["certificate-not-yet-valid"], () => changed(future())),
	served("leaf-for-clients-only", "a certificate for clients", ["certificate-usage"], () => changed(forClients())),
	served("genuine-leaf-as-issuer", "a leaf signed by a genuine leaf's key", ["certificate-untrusted"], () => [
		leaf(genuineLeaf(), { commonName: "forged", kind: "p384", hash: "sha256" }),
		genuineLeaf(),
		trustedIntermediate(),
	]),
	served(
		"forged-leaf-naming-genuine-issuer",
		"a leaf in the intermediate's name, signed by another key",
		["certificate-untrusted"],
		() => changed({ signedBy: keyPair("forger") }),
	),
	served("missing-intermediate", "a genuine leaf without its issuer", ["certificate-untrusted"], () => [genuineLeaf()]),
];

/** node:tls with options that no client should agree to. */
function offering(name: string, wrong: string, refusedWith: Codes, more: TlsOptions): BadServer {
	const behave = relayed({ server: () => tlsOptions(genuineChain(), more) });
	return { name: `openssl-${name}`, wrong, refusedWith, behave, encryptsHandshake: true };
}

const NO_VERSION: Codes = ["alert", "version"];
const offers: readonly BadServer[] = [
	offering("tls-1-1-alone", "a server of TLS 1.1 and nothing newer", NO_VERSION, {
		minVersion: "TLSv1",
		maxVersion: "TLSv1.1",
	}),
	offering("tls-1-0-alone", "a server of TLS 1.0 and nothing newer", NO_VERSION, {
		minVersion: "TLSv1",
		maxVersion: "TLSv1",
	}),
	offering("without-alpn", "a server that knows no ALPN", ["alpn"], { ALPNProtocols: [] }),
	offering("alpn-of-another-protocol", "a server of another protocol alone", ["alert", "alpn"], {
		ALPNProtocols: ["http/1.1"],
	}),
	offering("static-rsa-alone", "a server of static RSA and CBC alone", ["alert"], {
		maxVersion: "TLSv1.2",
		ciphers: "AES128-SHA:@SECLEVEL=0",
	}),
	offering("null-cipher-alone", "a server that encrypts nothing", ["alert"], {
		maxVersion: "TLSv1.2",
		ciphers: "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0",
	}),
	offering("anonymous-alone", "a server without authentication", ["alert"], {
		maxVersion: "TLSv1.2",
		ciphers: "AECDH-AES128-SHA:@SECLEVEL=0",
	}),
];

export const openssl: readonly BadServer[] = [...chains, ...offers];
