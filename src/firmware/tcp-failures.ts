/**
 * What a TLS socket tells of what happened below or above TLS: names, TCP, and the owner's own callbacks.
 * @module
 */
import type { TransportFailure } from "../device/ports.js";
import { kindOf } from "../device/thrown.js";

/** close_notify: the orderly end. */
export const CLOSED: TransportFailure = { code: "closed", message: "the peer closed the connection", step: "tls" };

export const UNRESOLVED: TransportFailure = {
	code: "name-unresolved",
	message: "the endpoint's name has no address",
	step: "name",
	remedy: "check the endpoint in the credential, and that the network has a name server",
};

export const UNREACHABLE: TransportFailure = {
	code: "unreachable",
	message: "no TCP connection came about",
	step: "tcp",
	remedy: "check the port, and that the network lets the device through to it",
};

/** TCP ended after it had been there, and did not say why. */
export const LOST: TransportFailure = { code: "closed", message: "the TCP connection ended", step: "tcp" };

/** The platform could not even make a socket, or knows no such address. */
export function notConnected(error: unknown): TransportFailure {
	return {
		code: "unreachable",
		message: `no TCP socket: ${error instanceof Error ? error.message : String(error)}`,
		step: "tcp",
		remedy: "check address and port; close other sockets of the device",
	};
}

/** @param error what TCP threw as it was read or written. */
export function tcpThrew(error: unknown): TransportFailure {
	return { ...LOST, message: `the TCP connection ended: ${error instanceof Error ? error.message : String(error)}` };
}

/** By its kind alone: an exception's text may hold what a log must not. */
export function ownerThrew(error: unknown): TransportFailure {
	return {
		code: "closed",
		message: `a callback of the socket's owner threw ${kindOf(error)}`,
		remedy: "a defect of the application: mend the callback",
	};
}
