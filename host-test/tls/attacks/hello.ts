/**
 * ServerHello with what the client did not ask for (RFC 5246 section 7.4.1.3), ALPN included (RFC 7301 section 3.2).
 *
 * The transcript is the one the client sees: only the hello itself is wrong, and the server holds the genuine key.
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import { type BadServer, genuine } from "../bad-server.js";
import { alpnExtension, EXTENSION, helloExtension, type ServerHello, vector } from "../server/messages.js";
import type { Script, Step } from "../server/script.js";

type Codes = BadServer["refusedWith"];
type Change = Exclude<Script["hello"], undefined>;

function row(
	name: string,
	wrong: string,
	refusedWith: Codes,
	hello: Change,
	{ firstFlight, ...more }: Partial<BadServer> & Pick<Script, "firstFlight"> = {},
): BadServer {
	const behave = genuine({ hello, firstFlight });
	return { name, wrong, refusedWith, behave, ...more };
}

const VERSION: Codes = ["version", "protocol"];
const version = (name: string, number: number, wrong: string): BadServer =>
	row(`server-hello-${name}`, wrong, VERSION, (hello) => ({ ...hello, version: number }));

/** Some suites are noticed when their key exchange does not fit. */
const SUITE: Codes = ["protocol", "signature"];
/** `configuration` is mbedTLS's word for what it was not built to do, whoever asks for it. */
const NOT_PROVIDED: Codes = ["protocol"];
const suite = (name: string, number: number, wrong: string): BadServer =>
	row(`cipher-suite-${name}`, wrong, SUITE, (hello) => ({ ...hello, cipherSuite: number }));

/** The honest hello with an extension more. */
const extended =
	(...extensions: readonly Buffer[]): Change =>
	(hello) => ({
		...hello,
		extensions: [...hello.extensions, ...extensions],
	});

/** Takes the honest ALPN answer out and puts `answer` in. */
const withAlpn =
	(...answer: readonly Buffer[]): Change =>
	(hello) => ({
		...hello,
		extensions: [...hello.extensions.filter((extension) => extension.readUInt16BE(0) !== 16), ...answer],
	});
const alpn = (name: string, wrong: string, ...answer: readonly Buffer[]): BadServer =>
	row(`alpn-${name}`, wrong, ["alpn", "protocol"], withAlpn(...answer));

/** Only the ServerHello, then FIN: nothing further would make sense to a TLS 1.3 client. */
const helloThenClose = (steps: readonly Step[]): readonly Step[] => [steps[0]!, { kind: "close" }];
const RETRY = createHash("sha256").update("HelloRetryRequest").digest();
const TLS_1_3 = helloExtension(EXTENSION.supportedVersions, Buffer.of(3, 4));
const GROUP_P384 = helloExtension(EXTENSION.keyShare, Buffer.of(0, 24));

const retry = (client: { readonly sessionId: Buffer }, ...extensions: readonly Buffer[]): ServerHello => ({
	version: 0x0303,
	random: RETRY,
	sessionId: client.sessionId,
	cipherSuite: 0x1301,
	compression: 0,
	extensions,
});

/** Random that says: this server would have spoken `version`, had nobody meddled (RFC 8446 section 4.1.3). */
const sentinel =
	(last: number): Change =>
	(hello) => ({
		...hello,
		random: Buffer.concat([randomBytes(24), Buffer.from("DOWNGRD"), Buffer.of(last)]),
	});

const versions: readonly BadServer[] = [
	version("tls-1-1", 0x0302, "version 1.1"),
	version("tls-1-0", 0x0301, "version 1.0"),
	version("ssl-3", 0x0300, "version SSL 3.0"),
	version("ssl-2", 0x0002, "version SSL 2.0"),
	version("above-tls-1-2", 0x0304, "a version number above 1.2 in the field that ends with 1.2"),
	version("dtls-1-2", 0xfefd, "DTLS 1.2 over TCP"),
	version("unknown-version", 0x7f7f, "a version nobody knows"),
	row("tls-1-3-extension-to-all", "TLS 1.3 chosen with a TLS 1.2 cipher suite", VERSION, extended(TLS_1_3), {
		tls13: true,
	}),
	row(
		"hello-retry-request",
		"a HelloRetryRequest, and nothing after it",
		["protocol", "truncated", "version"],
		(_hello, client) => retry(client, TLS_1_3, GROUP_P384),
		{ firstFlight: helloThenClose },
	),
	row(
		"hello-retry-request-twice",
		"two HelloRetryRequests",
		["protocol", "truncated", "version"],
		(_hello, client) => retry(client, TLS_1_3, GROUP_P384),
		{ firstFlight: ([hello]) => [hello!, hello!, { kind: "close" }] },
	),
	row(
		"hello-retry-request-that-asks-nothing",
		"a HelloRetryRequest without extensions",
		["protocol", "truncated", "version"],
		(_hello, client) => retry(client),
		{ firstFlight: helloThenClose },
	),
	row(
		"downgrade-from-tls-1-3",
		"the random says that the server speaks TLS 1.3",
		["protocol", "version"],
		sentinel(1),
		{
			tls13: true,
		},
	),
	row("downgrade-to-tls-1-1", "the random says that the server chose TLS 1.1", ["protocol", "version"], sentinel(0), {
		tls13: true,
	}),
];

const suites: readonly BadServer[] = [
	suite("null", 0x0000, "TLS_NULL_WITH_NULL_NULL"),
	suite("without-encryption", 0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA"),
	suite("rsa-without-encryption", 0x003b, "TLS_RSA_WITH_NULL_SHA256"),
	suite("anonymous", 0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"),
	suite("export", 0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"),
	suite("rc4", 0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"),
	suite("triple-des", 0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"),
	suite("cbc", 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
	suite("static-rsa", 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"),
	suite("finite-field", 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
	suite("of-tls-1-3", 0x1301, "TLS_AES_128_GCM_SHA256 in TLS 1.2"),
	suite("pre-shared-key", 0x00a8, "TLS_PSK_WITH_AES_128_GCM_SHA256"),
	suite("renegotiation-signal", 0x00ff, "the signalling value of RFC 5746"),
	suite("fallback-signal", 0x5600, "the signalling value of RFC 7507"),
	suite("unknown", 0xfafa, "a suite nobody knows"),
	suite("of-another-key", 0xc02f, "an RSA suite, with an EC certificate and signature"),
];

const fields: readonly BadServer[] = [
	row("compression", "DEFLATE compression", NOT_PROVIDED, (hello) => ({ ...hello, compression: 1 })),
	row("compression-unknown", "a compression nobody knows", NOT_PROVIDED, (hello) => ({ ...hello, compression: 0xfa })),
	row("session-id-too-long", "a session id of 33 bytes", ["protocol"], (hello) => ({
		...hello,
		sessionId: randomBytes(33),
	})),
	row(
		"renegotiation-info-of-another-session",
		"renegotiation_info with bytes in a first handshake",
		["protocol", "alpn"],
		(hello) => ({
			...hello,
			extensions: [
				helloExtension(EXTENSION.renegotiationInfo, vector(1, randomBytes(12))),
				...hello.extensions.filter((extension) => extension.readUInt16BE(0) !== EXTENSION.renegotiationInfo),
			],
		}),
	),
	row(
		"extended-master-secret-with-bytes",
		"extended_master_secret must be empty",
		["protocol"],
		(hello) => ({
			...hello,
			extensions: hello.extensions.map((extension) =>
				extension.readUInt16BE(0) === EXTENSION.extendedMasterSecret
					? helloExtension(EXTENSION.extendedMasterSecret, Buffer.of(1))
					: extension,
			),
		}),
		{ takenBy: { "node:tls": "OpenSSL does not look into extended_master_secret" } },
	),
	row("alpn-extension-twice", "the ALPN extension twice", ["protocol"], extended(alpnExtension("mqtt")), {
		takenBy: { mbedtls: "mbedTLS reads both, and holds both against what it offered" },
	}),
	row(
		"max-fragment-length-unasked",
		"max_fragment_length that was not asked for",
		["protocol"],
		extended(helloExtension(EXTENSION.maxFragmentLength, Buffer.of(1))),
	),
	row(
		"extension-cut-short",
		"an extension's length reaches beyond the list",
		["protocol"],
		extended(Buffer.from("0023ffff00", "hex")),
	),
	row(
		"extension-header-cut-short",
		"three bytes where an extension begins",
		["protocol"],
		extended(Buffer.from("000000", "hex")),
	),
];

const protocols: readonly BadServer[] = [
	alpn("missing", "no answer to ALPN"),
	alpn("of-another-protocol", "a protocol that was not offered", alpnExtension("http/1.1")),
	alpn("empty", "an empty protocol name", alpnExtension("")),
	alpn("empty-list", "a list of no protocols", helloExtension(16, vector(2))),
	alpn("no-list", "an extension of no bytes", helloExtension(16)),
	alpn("two-protocols", "two protocols chosen", alpnExtension("mqtt", "mqtt")),
	alpn("two-protocols-one-offered", "the offered protocol and another", alpnExtension("mqtt", "http/1.1")),
	alpn("shortened", "the offered name without its last letter", alpnExtension("mqt")),
	alpn("lengthened", "the offered name with a NUL byte more", alpnExtension("mqtt\0")),
	alpn("in-capitals", "the offered name in capitals", alpnExtension("MQTT")),
	alpn("with-bytes-behind", "bytes after the list", helloExtension(16, Buffer.from("0005046d71747400", "hex"))),
	alpn(
		"with-wrong-length",
		"a list's length that is too large",
		helloExtension(16, Buffer.from("0009046d717474", "hex")),
	),
];

export const hellos: readonly BadServer[] = [...versions, ...suites, ...fields, ...protocols];
