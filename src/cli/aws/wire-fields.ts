/**
 * From a test call's input to the fields of a CONNECT, and to where it goes.
 * @module
 */
import { isIP } from "node:net";
import type { Authorizer } from "../../authorizer/index.js";
import { type ConnectFields, encodeUsername } from "../../device/connect-fields.js";
import { DeviceError } from "../../device/device-error.js";
import { CommandFailure, ExitCode } from "../failure.js";
import type { InvocationInput } from "./invocation.js";

export interface WireAddress {
	readonly host: string;
	readonly port: number;
	/** For SNI and the certificate. */
	readonly serverName: string;
}

/** Ports of MQTT with custom authentication: AWS IoT Core's, and that of `latchkey up` unless told otherwise. */
const AWS_PORT = 443;
const LATCHKEY_PORT = 8443;

/**
 * @param given `HOST`, `HOST:PORT` or `[IPv6]:PORT`.
 * @throws {CommandFailure} code `wrong-option`.
 */
export function parseAddress(given: string, isAws: boolean): WireAddress {
	const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/\s]+))(?::(\d{1,5}))?$/.exec(given) ?? [];
	const host = bracketed ?? plain;
	const port = digits === undefined ? (isAws ? AWS_PORT : LATCHKEY_PORT) : Number(digits);
	if (host === undefined || port < 1 || port > 65535)
		throw new CommandFailure({
			code: "wrong-option",
			cause: "--wire: expected HOST:PORT, for instance localhost:8443",
			exitCode: ExitCode.usage,
		});
	return { host, port, serverName: host };
}

/** Names below `localhost` lead to this machine, whether the resolver knows it or not (RFC 6761 section 6.3). */
export function reachable(address: WireAddress): WireAddress {
	return address.host.endsWith(".localhost") ? { ...address, host: "127.0.0.1" } : address;
}

/** Whether the host gives no server name, so that another must be found. */
export function isBareAddress({ host }: WireAddress): boolean {
	return isIP(host) !== 0;
}

export interface WireCredential {
	readonly input: InvocationInput;
	/** For token mode, whose username needs the token key name. */
	readonly authorizer: Authorizer | undefined;
	/** Of the MQTT context, else `--client-id`. */
	readonly clientId: string | undefined;
}

/**
 * Refuses before anything is asked what could not be sent afterwards.
 * @throws {CommandFailure} where there is nothing that could go by MQTT, or no client id in token mode.
 */
export function requireSendable(input: InvocationInput, clientId: string | undefined): void {
	if (input.httpContext !== undefined)
		throw unfit(
			"wire-http",
			"an HTTP context cannot go by MQTT over TLS",
			"leave --wire out: WebSocket and HTTPS are not served yet",
		);
	if (input.token === undefined && input.mqttContext === undefined)
		throw unfit(
			"wire-nothing",
			"there is nothing to send: neither a token nor an MQTT context",
			"add --token or --mqtt-context",
		);
	if (input.token !== undefined && clientId === undefined)
		throw unfit("client-id-missing", "a CONNECT needs a client id, and token mode has none", "add --client-id");
}

/**
 * The MQTT context as it is, or in token mode the username that carries the token.
 * @throws {CommandFailure} where the username cannot be built.
 */
export function wireFields(credential: WireCredential, address: WireAddress): ConnectFields {
	const { input, clientId = "" } = credential;
	const { username, password } = input.mqttContext ?? {};
	const actual = input.token === undefined ? username : tokenUsername(credential);
	return {
		clientId,
		...(actual === undefined ? {} : { username: actual }),
		...(password === undefined ? {} : { password }),
		...address,
		serverName: input.tlsContext?.serverName ?? address.serverName,
		applicationLayerProtocolNegotiation: ["mqtt"],
	};
}

function tokenUsername({ input, authorizer }: WireCredential): string {
	if (authorizer?.tokenKeyName === undefined)
		throw unfit(
			"token-key-unknown",
			"the authorizer's token key name is not known, so the username cannot be built",
			"use --mqtt-context with the whole username",
		);
	const { authorizerName, token, tokenSignature: signature } = input;
	try {
		return encodeUsername({ authorizerName, signature, tokenKeyName: authorizer.tokenKeyName, token });
	} catch (error) {
		if (error instanceof DeviceError) throw unfit(error.code, error.message, error.remedy);
		throw error;
	}
}

function unfit(code: string, cause: string, remedy: string): CommandFailure {
	return new CommandFailure({ code, cause: `--wire: ${cause}`, remedy, exitCode: ExitCode.usage });
}
