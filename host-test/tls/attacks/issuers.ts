/**
 * Chains that do not lead to a trusted root by issuers who may issue (RFC 5280 section 6).
 * @module
 */
import { type BadServer, scripted } from "../bad-server.js";
import {
	CA_EXTENSIONS,
	type Change,
	chainOf,
	foreignRoot,
	genuineLeaf,
	type Identity,
	intermediate,
	leaf,
	leafExtensions,
	root,
	SERVER_NAME,
	trustedIntermediate,
	trustedRoot,
} from "../pki/authorities.js";
import {
	basicConstraints,
	extendedKeyUsage,
	KEY_USAGE,
	keyUsage,
	nameConstraints,
	PURPOSE,
} from "../pki/extensions.js";
import { keyPair } from "../pki/keys.js";

/** @param chain from the leaf up; the server holds the first one's key. */
function row(
	name: string,
	wrong: string,
	chain: () => readonly [Identity, ...Identity[]],
	more: Partial<BadServer> = {},
): BadServer {
	const behave = scripted(() => {
		const identities = chain();
		return { identity: identities[0], chain: chainOf(...identities) };
	});
	return { name, wrong, refusedWith: ["certificate-untrusted"], behave, ...more };
}

/** A leaf below an issuer made with `change` under the trusted root. */
function belowIssuer(name: string, change: Change): readonly [Identity, Identity] {
	const issuer = intermediate(name, trustedRoot(), change);
	return [leaf(issuer), issuer];
}

/** Leaf below `count` issuers below the trusted root. */
function deepChain(count: number): readonly [Identity, ...Identity[]] {
	const issuers: Identity[] = [];
	for (let depth = 1; depth <= count; depth++)
		issuers.unshift(intermediate(`Latchkey Issuer ${depth}`, issuers[0] ?? trustedRoot()));
	return [leaf(issuers[0]!), ...issuers];
}

const selfSigned = (extensions: readonly Buffer[]): Identity =>
	root("Forged Leaf", { commonName: SERVER_NAME, extensions });
const forgedFor = (issuer: Identity): Identity => leaf(issuer, { signedBy: keyPair("forger") });
const usage = keyUsage(KEY_USAGE.keyCertSign | KEY_USAGE.crlSign);

export const issuers: readonly BadServer[] = [
	row("forged-leaf-genuine-intermediate", "a self-signed leaf before the genuine intermediate", () => [
		selfSigned(leafExtensions(SERVER_NAME)),
		trustedIntermediate(),
	]),
	row("forged-leaf-genuine-chain", "a self-signed leaf before the whole genuine chain", () => [
		selfSigned(leafExtensions(SERVER_NAME)),
		genuineLeaf(),
		trustedIntermediate(),
	]),
	row("forged-leaf-naming-genuine-issuer", "a leaf in the intermediate's name, signed by another key", () => [
		forgedFor(trustedIntermediate()),
		trustedIntermediate(),
	]),
	row("forged-leaf-naming-the-root", "a leaf in the root's name, signed by another key", () => [
		forgedFor(trustedRoot()),
	]),
	row("forged-intermediate", "an intermediate in the genuine one's name, signed by another key", () => {
		const issuer = intermediate("Forged Issuer", trustedRoot(), {
			commonName: trustedIntermediate().name,
			signedBy: keyPair("forger"),
		});
		return [leaf(issuer), issuer];
	}),
	row("genuine-leaf-as-issuer", "a leaf signed by a genuine leaf's key", () => {
		const identity = leaf(genuineLeaf(), { commonName: "forged", kind: "p384" });
		return [identity, genuineLeaf(), trustedIntermediate()];
	}),
	row("self-signed-leaf", "a self-signed leaf alone", () => [selfSigned(leafExtensions(SERVER_NAME))]),
	row("self-signed-leaf-as-issuer", "a self-signed leaf that says it is a CA", () => [
		selfSigned([basicConstraints(true), ...leafExtensions(SERVER_NAME).slice(1)]),
	]),
	row("unknown-root", "a sound chain to a root nobody trusts", () => {
		const issuer = intermediate("Forger Issuer", foreignRoot());
		return [leaf(issuer), issuer];
	}),
	row("unknown-root-sent-along", "the same, the root sent too", () => {
		const issuer = intermediate("Forger Issuer", foreignRoot());
		return [leaf(issuer), issuer, foreignRoot()];
	}),
	row("unknown-root-beside-the-trusted-one", "the trusted root sent beside a foreign chain", () => {
		const issuer = intermediate("Forger Issuer", foreignRoot());
		return [leaf(issuer), issuer, foreignRoot(), trustedRoot()];
	}),
	row("root-of-the-same-name", "a root with the trusted one's name and another key, sent along", () => {
		const double = root("Double", { commonName: trustedRoot().name });
		return [leaf(double), double];
	}),
	row("root-of-the-same-name-unsent", "signed by a root with the trusted one's name and another key", () => [
		leaf(root("Double", { commonName: trustedRoot().name })),
	]),
	row("missing-intermediate", "a genuine leaf without its issuer", () => [genuineLeaf()]),
	row("intermediate-of-another-chain", "a genuine leaf with another issuer", () => [
		genuineLeaf(),
		intermediate("Another Issuer", trustedRoot()),
	]),
	row("path-length-exceeded", "an issuer below one that allows none", () => {
		const upper = intermediate("Latchkey Last Issuer", trustedRoot(), {
			extensions: [basicConstraints(true, 0), usage],
		});
		const lower = intermediate("Latchkey Issuer Too Many", upper);
		return [leaf(lower), lower, upper];
	}),
	row(
		"path-length-of-the-root-exceeded",
		"the trusted root allows no issuer",
		() => {
			const anchor = root("Latchkey Narrow Root", { extensions: [basicConstraints(true, 0), usage] });
			const issuer = intermediate("Latchkey Issuer Below", anchor);
			return [leaf(issuer), issuer];
		},
		{ roots: () => [root("Latchkey Narrow Root", { extensions: [basicConstraints(true, 0), usage] }).certificate] },
	),
	row("path-length-two-levels-exceeded", "three issuers below a limit of one", () => {
		const top = intermediate("Latchkey One More", trustedRoot(), { extensions: [basicConstraints(true, 1), usage] });
		const middle = intermediate("Latchkey Middle", top);
		const lower = intermediate("Latchkey Lower", middle);
		return [leaf(lower), lower, middle, top];
	}),
	row("issuer-without-ca", "an issuer whose basicConstraints say it is none", () =>
		belowIssuer("Latchkey No CA", { extensions: [basicConstraints(false), usage] }),
	),
	row("issuer-without-basic-constraints", "an issuer without basicConstraints", () =>
		belowIssuer("Latchkey No Constraints", { extensions: [usage] }),
	),
	row("issuer-without-key-cert-sign", "an issuer whose key may not sign certificates", () =>
		belowIssuer("Latchkey No Sign", { extensions: [basicConstraints(true), keyUsage(KEY_USAGE.digitalSignature)] }),
	),
	row("issuer-of-version-1", "an issuer with a version 1 certificate", () =>
		belowIssuer("Latchkey Version 1", { version: 1, extensions: [] }),
	),
	row(
		"issuer-for-clients-only",
		"an issuer whose purposes leave TLS servers out",
		() =>
			belowIssuer("Latchkey Client Issuer", { extensions: [...CA_EXTENSIONS, extendedKeyUsage(PURPOSE.clientAuth)] }),
		{ refusedWith: ["certificate-usage", "certificate-untrusted"] },
	),
	row(
		"name-not-permitted",
		"an issuer that may name other domains only",
		() =>
			belowIssuer("Latchkey Permitted", {
				extensions: [...CA_EXTENSIONS, nameConstraints({ permitted: ["other.test"] })],
			}),
		{ refusedWith: ["certificate-format", "certificate-untrusted"] },
	),
	row(
		"name-excluded",
		"an issuer that may not name this domain",
		() =>
			belowIssuer("Latchkey Excluded", {
				extensions: [...CA_EXTENSIONS, nameConstraints({ excluded: ["latchkey.test"] })],
			}),
		{ refusedWith: ["certificate-format", "certificate-untrusted"] },
	),
	row(
		"name-excluded-uncritically",
		"the same, marked as not critical",
		() =>
			belowIssuer("Latchkey Excluded", {
				extensions: [...CA_EXTENSIONS, nameConstraints({ excluded: ["latchkey.test"] }, false)],
			}),
		{ refusedWith: ["certificate-format", "certificate-untrusted"] },
	),
	row(
		"intermediate-first",
		"the issuer's certificate before the leaf's",
		() => [{ ...trustedIntermediate(), privateKey: genuineLeaf().privateKey }, genuineLeaf()],
		{ refusedWith: ["certificate-name", "certificate-usage", "certificate-format", "signature", "protocol"] },
	),
	row(
		"root-first",
		"the chain upside down",
		() => [{ ...trustedRoot(), privateKey: genuineLeaf().privateKey }, trustedIntermediate(), genuineLeaf()],
		{ refusedWith: ["certificate-name", "certificate-usage", "certificate-format", "signature", "protocol"] },
	),
	row(
		"issuers-in-wrong-order",
		"each certificate must certify the one before it (RFC 5246 section 7.4.2)",
		() => {
			const [first, lower, upper] = deepChain(2);
			return [first, upper!, lower!];
		},
		{
			refusedWith: ["certificate-untrusted", "certificate-format"],
			takenBy: { "node:tls": "OpenSSL sorts a chain, as RFC 8446 section 4.4.2 allows" },
		},
	),
	row("issuers-in-a-loop", "two issuers that certify each other", () => {
		const one = root("Loop One");
		const two = root("Loop Two");
		const oneByTwo = intermediate("Loop One", two);
		return [leaf(one), oneByTwo, intermediate("Loop Two", one)];
	}),
	row("issuer-of-itself", "an issuer that certifies itself, again and again", () => {
		const one = root("Loop One");
		return [leaf(one), one, one, one, one];
	}),
	row(
		"leaf-repeated",
		"the leaf twenty times, no issuer",
		() => {
			const identity = genuineLeaf();
			return [identity, ...Array.from({ length: 19 }, () => identity)];
		},
		{ refusedWith: ["certificate-untrusted", "certificate-format"] },
	),
	row("twenty-certificates", "a sound chain, too long for any honest server", () => deepChain(19), {
		refusedWith: ["certificate-format", "certificate-untrusted"],
		takenBy: { "node:tls": "OpenSSL follows a hundred issuers" },
	}),
	row(
		"nineteen-strangers",
		"a genuine chain, then eighteen certificates of nobody's",
		() => {
			const strangers = Array.from({ length: 18 }, (_, index) => root(`Stranger ${index}`));
			return [genuineLeaf(), trustedIntermediate(), ...strangers];
		},
		{
			refusedWith: ["certificate-format"],
			takenBy: { "node:tls": "OpenSSL leaves aside what it does not need" },
		},
	),
];
