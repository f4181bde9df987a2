/**
 * Sound chains to a trusted root, for another name (RFC 6125 section 6, RFC 5280 section 4.2.1.6).
 * @module
 */
import { type BadServer, scripted } from "../bad-server.js";
import {
	type Change,
	chainOf,
	intermediate,
	leaf,
	leafExtensions,
	SERVER_NAME,
	trustedIntermediate,
	trustedRoot,
} from "../pki/authorities.js";
import {
	basicConstraints,
	dnsNames,
	generalName,
	KEY_USAGE,
	keyUsage,
	subjectAlternativeName,
} from "../pki/extensions.js";

/** A leaf below the issuer in use whose alternative names are `names`, in that DER. */
function row(
	name: string,
	wrong: string,
	names: readonly Buffer[] | undefined,
	more: Partial<BadServer> & { readonly change?: Change } = {},
): BadServer {
	const { change, ...members } = more;
	const [constraints, usage, purpose] = leafExtensions(SERVER_NAME);
	const alternative = names === undefined ? [] : [subjectAlternativeName(...names)];
	const behave = scripted(() => {
		const identity = leaf(trustedIntermediate(), {
			commonName: "other.test",
			extensions: [constraints!, usage!, purpose!, ...alternative],
			...change,
		});
		return { identity, chain: chainOf(identity, trustedIntermediate()) };
	});
	return { name, wrong, refusedWith: ["certificate-name"], behave, ...members };
}

const dns = (...names: readonly string[]): readonly Buffer[] => names.map(generalName.dns);
const wild = (name: string, pattern: string, wrong: string): BadServer =>
	row(`wildcard-${name}`, `${wrong}: ${pattern}`, dns(pattern));

export const names: readonly BadServer[] = [
	row("wrong-name", "a certificate for another name", dns("other.test")),
	row("wrong-name-right-common-name", "the name is the common name, the SAN has another", dns("other.test"), {
		change: { commonName: SERVER_NAME },
	}),
	row("common-name-without-san", "the name is the common name alone", undefined, {
		change: { commonName: SERVER_NAME },
	}),
	row("no-name-at-all", "neither common name nor SAN", undefined, { change: { commonName: "" } }),
	row("parent-domain-name", "the name of the domain above", dns("latchkey.test")),
	row("name-with-longer-end", "the name is the start of the certificate's", dns(`${SERVER_NAME}.evil.test`)),
	row("name-with-longer-start", "the name is the end of the certificate's", dns(`evil-${SERVER_NAME}`)),
	row("name-with-nul", "a NUL byte after the name", dns(`${SERVER_NAME}\0.evil.test`), {
		refusedWith: ["certificate-name", "certificate-format"],
	}),
	row("common-name-with-nul", "a NUL byte in the common name, no SAN", undefined, {
		change: { commonName: `${SERVER_NAME}\0.evil.test` },
	}),
	row("empty-name", "a SAN of no characters", dns("")),
	row("name-as-email", "the name is an e-mail address of the SAN", [generalName.email(SERVER_NAME)]),
	row("name-as-uri", "the name is a URI of the SAN", [generalName.uri(`https://${SERVER_NAME}/`)]),
	row("name-as-directory-name", "the name is a directory name of the SAN", [generalName.directory(SERVER_NAME)]),
	row("name-as-other-name", "the name is an otherName of the SAN", [generalName.other(SERVER_NAME)]),
	row("name-in-a-list", "two names in one dNSName", dns(`other.test,${SERVER_NAME}`)),
	row("name-of-the-issuer", "the leaf is for another name, its issuer's certificate for this one", undefined, {
		behave: scripted(() => {
			const issuer = intermediate("Latchkey Named Issuer", trustedRoot(), {
				extensions: [basicConstraints(true), keyUsage(KEY_USAGE.keyCertSign), dnsNames(SERVER_NAME)],
			});
			const identity = leaf(issuer, { commonName: "other.test", extensions: leafExtensions("other.test") });
			return { identity, chain: chainOf(identity, issuer) };
		}),
	}),
	row("address-for-a-name", "an IP address in the SAN, the name as common name", [generalName.address(127, 0, 0, 1)], {
		change: { commonName: SERVER_NAME },
	}),
	row(
		"address-as-server-name",
		"the client asks for an address; the certificate bears it as iPAddress",
		[generalName.address(127, 0, 0, 1)],
		{
			serverName: "127.0.0.1",
			refusedWith: ["certificate-name"],
		},
	),
	row("address-as-dns-name", "the client asks for an address; the certificate bears it as dNSName", dns("127.0.0.1"), {
		serverName: "127.0.0.1",
		refusedWith: ["certificate-name"],
	}),
	wild("alone", "*", "nothing but a wildcard"),
	wild("of-the-top-level", "*.test", "one wildcard for two labels"),
	wild("for-no-label", `*.${SERVER_NAME}`, "one label more than the name has"),
	wild("in-the-middle", "device.*.test", "not the left-most label"),
	wild("at-the-end", "device.latchkey.*", "not the left-most label"),
	wild("twice", "*.*.test", "two wildcards"),
	wild("doubled", "**.latchkey.test", "two stars in one label"),
	wild("after-letters", "d*.latchkey.test", "part of a label"),
	wild("before-letters", "*e.latchkey.test", "part of a label"),
	wild("between-letters", "d*e.latchkey.test", "part of a label"),
	wild("beside-the-whole-label", "*device.latchkey.test", "part of a label"),
	row("wildcard-two-labels-deep", "a wildcard matches one label", dns("*.latchkey.test"), {
		serverName: "a.device.latchkey.test",
	}),
	row("wildcard-for-the-domain-itself", "a wildcard does not match the domain above it", dns("*.latchkey.test"), {
		serverName: "latchkey.test",
	}),
	row("wildcard-common-name", "a wildcard as common name, no SAN", undefined, {
		change: { commonName: "*.latchkey.test" },
	}),
];
