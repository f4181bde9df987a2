/**
 * The virtual device whose core runs in the real XS engine.
 * @module
 */
import { fileURLToPath } from "node:url";
import type { AgentEvent } from "../../src/device/agent/index.js";
import { DeviceError, type DeviceErrorDetails } from "../../src/device/device-error.js";
import { nodeClock, nodeDigest, nodeRandom } from "../../src/host/ports.js";
import { NodeTLSSocket } from "../../src/host/tls-socket.js";
import type { VirtualDevice, VirtualDeviceOptions } from "../../src/host/virtual-device.js";
import { XsGuest } from "./bridge.js";
import { bundleGuest } from "./bundle.js";
import type { PublishArgument, PublishResult, StartArgument } from "./device-commands.js";
import type { XsEngine } from "./engine/engine.js";
import { XsMachineError } from "./machine-error.js";

/** The entry of the device's bundle. */
export const DEVICE_GUEST = fileURLToPath(new URL("./guest/device.ts", import.meta.url));

/** Powers up a device in XS; its TLS is Node's, everything above it runs in the engine. */
export async function startXsDevice(engine: XsEngine, options: VirtualDeviceOptions): Promise<VirtualDevice> {
	const { store, certificate, version, subscriptions } = options;
	const bundle = await bundleGuest(DEVICE_GUEST, { minify: true });
	const guest = await XsGuest.start({
		engine,
		program: bundle.text,
		ports: { TLSSocket: NodeTLSSocket, clock: nodeClock, random: nodeRandom, digest: nodeDigest, store },
		onEvent: (event) => options.onEvent(agentEventOf(event)),
		onError: options.onError,
	});
	const argument: StartArgument = {
		certificate: certificate === undefined ? undefined : Buffer.from(certificate).toString("base64"),
		version,
		subscriptions,
	};
	try {
		await guest.run("start", argument);
	} catch (error) {
		await guest.close();
		throw error;
	}
	return {
		engine: "xs",
		async publish({ payload, ...message }) {
			const argument: PublishArgument = { ...message, payload: Buffer.from(payload).toString("base64") };
			const { packetId, error } = (await guest.run("publish", argument)) as PublishResult;
			if (error !== undefined) throw new DeviceError(error);
			return packetId;
		},
		async stop() {
			// A machine that has ended says no goodbye; that it ended was told by `onError`.
			const [goodbye] = await Promise.allSettled([guest.run("stop")]);
			await guest.close();
			if (goodbye.status === "rejected" && !(goodbye.reason instanceof XsMachineError)) throw goodbye.reason;
		},
	};
}

/** What `jsonOf` of the guest made of an event, made an event again. */
function agentEventOf(json: unknown): AgentEvent {
	const event = json as AgentEvent;
	if (event.event === "message") {
		const payload = new Uint8Array(Buffer.from(event.packet.payload as unknown as string, "base64"));
		return { event: "message", packet: { ...event.packet, payload } };
	}
	if (event.event !== "failed") return event;
	return { event: "failed", error: new DeviceError(event.error as unknown as DeviceErrorDetails) };
}
