/**
 * A guest that is a device: the device core's agent with the guest's ports, commanded and watched from Node.
 * @module
 */
import { Agent, type AgentEvent } from "../../../src/device/agent/index.js";
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import type { PublishArgument, StartArgument } from "../device-commands.js";
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
			return agent?.publish({ ...message, payload: base64Decode(payload) });
		},
		stop() {
			agent?.stop();
		},
	};
});

/** The event as JSON keeps it: payloads in base64, errors with their message. */
function jsonOf(event: AgentEvent): unknown {
	if (event.event === "message")
		return { event: "message", packet: { ...event.packet, payload: base64Encode(event.packet.payload) } };
	if (event.event !== "failed") return event;
	const { code, step, message, remedy } = event.error;
	return { event: "failed", error: { code, step, cause: message, remedy } };
}
