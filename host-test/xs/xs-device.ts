/**
 * The virtual device whose core runs in the real XS engine.
 * @module
 */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { DeviceError, type DeviceErrorDetails } from "../../src/device/device-error.js";
import { nodeClock, nodeDigest, nodeRandom } from "../../src/host/ports.js";
import { NodeTCPSocket } from "../../src/host/tcp-socket.js";
import {
	type DeviceEvent,
	NodeSecurity,
	type VirtualDevice,
	type VirtualDeviceOptions,
} from "../../src/host/virtual-device.js";
import { XsGuest } from "./bridge.js";
import { bundleGuest, type GuestEntry } from "./bundle.js";
import type { PublishArgument, PublishResult, StartArgument } from "./device-commands.js";
import type { XsEngine } from "./engine/engine.js";
import { XsMachineError } from "./machine-error.js";

/** What the entry of a device's bundle imports from. */
const GUEST = fileURLToPath(new URL("./guest/", import.meta.url));

/** The public roots that a device trusts which was given none, DER. */
const ROOTS = fileURLToPath(new URL("../../certs/", import.meta.url));

/** The entry of a device's bundle. @param application a file whose default export the device runs. */
export function deviceEntry(application?: string): GuestEntry {
	const contents =
		application === undefined
			? 'import { startDevice } from "./device.js";\nstartDevice();'
			: `import application from ${JSON.stringify(application)};
				import { startApplication } from "./device.js";
				startApplication(application);`;
	return { contents, folder: GUEST };
}

/** The program of a device in XS. @param application as of {@link deviceEntry}. */
export async function bundleDevice(application?: string): Promise<string> {
	return (await bundleGuest(deviceEntry(application), { minify: true })).text;
}

/**
 * Powers up a device in XS. Where the engine has the device's own TLS (`XsEngine.native`) all but TCP runs in it, else all
 * but TLS; the `secured` event tells which.
 * @param program of {@link bundleDevice}.
 */
export async function startXsDevice(
	engine: XsEngine,
	program: string,
	options: VirtualDeviceOptions,
): Promise<VirtualDevice> {
	const { store, certificate, version, subscriptions, firmware, reset, onRestart } = options;
	const security = new NodeSecurity();
	const guest = await XsGuest.start({
		engine,
		program,
		ports: {
			TLSSocket: security.TLSSocket,
			TCPSocket: NodeTCPSocket,
			clock: nodeClock,
			random: nodeRandom,
			digest: nodeDigest,
			store,
			firmware,
			restart: onRestart,
		},
		onEvent: (event) => options.onEvent(security.tell(deviceEventOf(event))),
		onError: options.onError,
	});
	const argument: StartArgument = {
		certificate: certificate === undefined ? undefined : Buffer.from(certificate).toString("base64"),
		ownTls: engine.native ? { roots: certificate === undefined ? await publicRoots() : [] } : undefined,
		version,
		subscriptions,
		firmware: firmware && { version: firmware.version, isOnTrial: firmware.isOnTrial },
		reset,
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
			const { id, error } = (await guest.run("publish", argument)) as PublishResult;
			if (error !== undefined) throw new DeviceError(error);
			return id;
		},
		async stop() {
			// A machine that has ended says no goodbye; that it ended was told by `onError`.
			const [goodbye] = await Promise.allSettled([guest.run("stop")]);
			await guest.close();
			if (goodbye.status === "rejected" && !(goodbye.reason instanceof XsMachineError)) throw goodbye.reason;
		},
	};
}

/** In base64. */
async function publicRoots(): Promise<string[]> {
	const names = (await readdir(ROOTS)).filter((name) => name.endsWith(".der")).sort();
	return Promise.all(names.map((name) => readFile(`${ROOTS}${name}`, "base64")));
}

/** What `jsonOf` of the guest made of an event, made an event again. */
function deviceEventOf(json: unknown): DeviceEvent {
	const event = json as DeviceEvent;
	if (event.event === "message") {
		const payload = new Uint8Array(Buffer.from(event.packet.payload as unknown as string, "base64"));
		return { event: "message", packet: { ...event.packet, payload } };
	}
	if (!("error" in event)) return event;
	return { ...event, error: new DeviceError(event.error as unknown as DeviceErrorDetails) };
}
