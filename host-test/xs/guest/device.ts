/**
 * A guest that is a device: the device core's agent with the guest's ports, commanded and watched from Node.
 * @module
 */
import { Agent, type AgentEvent } from "../../../src/device/agent/index.js";
import { DeviceError, type DeviceErrorDetails } from "../../../src/device/device-error.js";
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import type { PublishArgument, PublishResult, StartArgument } from "../device-commands.js";
import { startGuest } from "./start-guest.js";

startGuest(({ ports, emit }) => {
	let agent: Agent | undefined;
	return {
		start(argument) {
			const { certificate, ...options } = argument as StartArgument;
			agent = new Agent({
				ports,
				...options,
				...(certificate === undefined ? {} : { certificate: base64Decode(certificate).buffer as ArrayBuffer }),
				onEvent: (event) => emit(jsonOf(event)),
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

/** The event as JSON keeps it: payloads in base64, errors with their message. */
function jsonOf(event: AgentEvent): unknown {
	if (event.event === "message")
		return { event: "message", packet: { ...event.packet, payload: base64Encode(event.packet.payload) } };
	if (event.event !== "failed") return event;
	return { event: "failed", error: detailsOf(event.error) };
}
