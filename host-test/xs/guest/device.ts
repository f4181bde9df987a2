/**
 * A guest that is a device: the device core's agent, commanded and watched from Node.
 *
 * In an engine that has the device's own C its TLS, digests and random numbers are the device's; else they are Node's.
 * @module
 */
import { Agent, type AgentEvent } from "../../../src/device/agent/index.js";
import { DeviceError, type DeviceErrorDetails } from "../../../src/device/device-error.js";
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import type { TlsSession } from "../../../src/firmware/tls-socket.js";
import type { PublishArgument, PublishResult, StartArgument } from "../device-commands.js";
import { native, nativePorts } from "./native.js";
import { startGuest } from "./start-guest.js";

startGuest((world) => {
	const { emit } = world;
	let agent: Agent | undefined;
	let session: TlsSession | undefined;
	return {
		start(argument) {
			const { certificate, ownTls, ...options } = argument as StartArgument;
			const onSecured = (agreed: TlsSession) => {
				session = agreed;
			};
			const ownPorts = native && ownTls && nativePorts(native, world, ownTls.roots.map(derOf), onSecured);
			agent = new Agent({
				ports: ownPorts ?? world.ports,
				...options,
				...(certificate === undefined ? {} : { certificate: derOf(certificate) }),
				onEvent: (event) => emit(jsonOf(event, session)),
			});
			agent.start();
		},
		publish(argument) {
			const { payload, ...message } = argument as PublishArgument;
			return published(() => agent?.publish({ ...message, payload: base64Decode(payload) }) ?? 0);
		},
		stop() {
			agent?.stop();
		},
	};
});

function derOf(base64: string): ArrayBuffer {
	return base64Decode(base64).slice().buffer;
}

/** What the agent refuses is a result, so that it keeps its code and remedy on the way to Node. */
function published(publish: () => number): PublishResult {
	try {
		return { packetId: publish() };
	} catch (error) {
		if (!(error instanceof DeviceError)) throw error;
		return { packetId: 0, error: detailsOf(error) };
	}
}

function detailsOf({ code, step, message, remedy }: DeviceError): DeviceErrorDetails {
	return { code, step, cause: message, remedy };
}

/**
 * The event as JSON keeps it: payloads in base64, errors with their message.
 * @param session what the device's own TLS agreed on; where TLS is Node's, Node knows.
 */
function jsonOf(event: AgentEvent, session: TlsSession | undefined): unknown {
	switch (event.event) {
		case "message":
			return { event: "message", packet: { ...event.packet, payload: base64Encode(event.packet.payload) } };
		case "failed":
			return { event: "failed", error: detailsOf(event.error) };
		case "secured":
			return { ...event, ...(session && securityOf(session)) };
		default:
			return event;
	}
}

function securityOf({ version, cipherSuite, protocol }: TlsSession) {
	return { tls: native?.library, tlsVersion: version, cipherSuite, alpn: protocol };
}
