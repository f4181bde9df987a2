/**
 * The ECMA-419 TLS socket of `src/device/ports.ts` on node:tls.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import tls from "node:tls";
import type { TLSSocket, TLSSocketOptions } from "../device/ports.js";
import { StreamSocket } from "./stream-socket.js";

/** What was agreed on with a server. */
export interface TlsSession {
	/** Such as `TLSv1.3`. */
	readonly version: string;
	/** By its IANA name. */
	readonly cipherSuite: string;
	/** The ALPN protocol; empty where none was offered. */
	readonly protocol: string;
}

/** Verifies the server always: chain, dates, server name, and that it answered with an ALPN protocol that was offered. */
export class NodeTLSSocket extends StreamSocket implements TLSSocket {
	/** @param onSecured told of a verified server, before the first `onWritable`. */
	constructor(options: TLSSocketOptions, onSecured?: (session: TlsSession) => void) {
		const { host, port, secure, onReadable, onWritable, onError } = options;
		const { certificate, serverName, applicationLayerProtocolNegotiation: offered } = secure;
		const stream = tls.connect({
			host,
			port,
			// An address is no server name (RFC 6066 section 3).
			...(isIP(serverName) === 0 ? { servername: serverName } : {}),
			ALPNProtocols: [...offered],
			minVersion: "TLSv1.2",
			rejectUnauthorized: true,
			// RSA of 2048 bits or more, SHA-256 or better, in the whole chain.
			ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=2`,
			checkServerIdentity: (_host, { raw }) => identityError(serverName, raw),
			...(certificate === undefined ? {} : { ca: [pemOf(certificate)] }),
		});
		super(stream, { onReadable, onWritable, onError });
		stream.on("secureConnect", () => {
			const agreed = stream.alpnProtocol || "";
			if (offered.length > 0 && !offered.includes(agreed)) {
				const message = `the server did not agree to ALPN ${offered.join(", ")}`;
				this.fail({ code: "tls-refused", message, detail: "alpn", step: "tls" });
				return;
			}
			const version = stream.getProtocol() ?? "";
			onSecured?.({ version, cipherSuite: stream.getCipher().standardName, protocol: agreed });
			this.ready();
		});
	}
}

/** As the device's own TLS: a DNS name of subjectAltName alone, a wildcard for one whole label; no address, no common name. */
function identityError(serverName: string, certificate: Buffer): Error | undefined {
	const names = { subject: "never", partialWildcards: false } as const;
	const bears = isIP(serverName) === 0 && new X509Certificate(certificate).checkHost(serverName, names) !== undefined;
	if (bears) return undefined;
	const error = new Error(`the server's certificate does not bear the server name ${serverName}`);
	return Object.assign(error, { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}

function pemOf(der: ArrayBuffer): string {
	return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;
}
