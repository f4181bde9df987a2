/**
 * A guest that is a device, commanded and watched from Node. Its bundle's entry names the application, if there is one.
 *
 * In an engine that has the device's own C its TLS, digests, signatures and random numbers are the device's; else they are Node's.
 * @module
 */
import { type Application, Runner, type RunnerEvent } from "../../../src/device/application/index.js";
import { DeviceError, type DeviceErrorDetails } from "../../../src/device/device-error.js";
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import type { TlsSession } from "../../../src/firmware/tls-socket.js";
import type { PublishArgument, PublishResult, StartArgument } from "../device-commands.js";
import { guestFirmware, guestHash, guestRestart } from "./firmware.js";
import { native, nativePorts } from "./native.js";
import { startGuest } from "./start-guest.js";

/** As {@link startDevice}, with what a module exports as its default. @throws {TypeError} where that is no application. */
export function startApplication(application: unknown): void {
	if (typeof application !== "object" || application === null)
		throw new TypeError("it has no default export that is an object");
	startDevice(application);
}

/** Called once, by the bundle's entry. Without an application the device does what the command `start` says. */
export function startDevice(application?: Application): void {
	startGuest((world) => {
		const { emit } = world;
		let runner: Runner | undefined;
		let session: TlsSession | undefined;
		return {
			start(argument) {
				const { certificate, ownTls, firmware, reset, ...simple } = argument as StartArgument;
				const onSecured = (agreed: TlsSession) => {
					session = agreed;
				};
				const ownPorts = native && ownTls && nativePorts(native, world, ownTls.roots.map(derOf), onSecured);
				runner = new Runner({
					application: application ?? simpleApplication(simple),
					ports: ownPorts ?? world.ports,
					...(certificate === undefined ? {} : { certificate: derOf(certificate) }),
					...(firmware === undefined
						? {}
						: { firmware: { slots: guestFirmware(firmware), createHash: ownPorts?.createHash ?? guestHash } }),
					restart: guestRestart,
					reset,
					onEvent: (event) => emit(jsonOf(event, session)),
				});
				runner.start();
			},
			publish(argument) {
				const { payload, topic, ...options } = argument as PublishArgument;
				return published(() => runner?.publish(topic, base64Decode(payload), options) ?? 0);
			},
			status: () => runner?.status,
			stop() {
				runner?.stop();
			},
		};
	});
}

function simpleApplication({ subscriptions, version }: Pick<StartArgument, "subscriptions" | "version">): Application {
	return {
		subscriptions: () => subscriptions ?? [],
		...(version === undefined ? {} : { connection: { version } }),
	};
}

function derOf(base64: string): ArrayBuffer {
	return base64Decode(base64).slice().buffer;
}

/** What the agent refuses is a result, so that it keeps its code and remedy on the way to Node. */
function published(publish: () => number): PublishResult {
	try {
		return { id: publish() };
	} catch (error) {
		if (!(error instanceof DeviceError)) throw error;
		return { id: 0, error: detailsOf(error) };
	}
}

function detailsOf({ code, step, message, remedy }: DeviceError): DeviceErrorDetails {
	return { code, step, cause: message, remedy };
}

/**
 * The event as JSON keeps it: payloads in base64, errors with their message.
 * @param session what the device's own TLS agreed on; where TLS is Node's, Node knows.
 */
function jsonOf(event: RunnerEvent, session: TlsSession | undefined): unknown {
	if ("error" in event && event.error !== undefined) return { ...event, error: detailsOf(event.error) };
	if (event.event === "message")
		return { event: "message", packet: { ...event.packet, payload: base64Encode(event.packet.payload) } };
	return event.event === "secured" ? { ...event, ...(session && securityOf(session)) } : event;
}

function securityOf({ version, cipherSuite, protocol }: TlsSession) {
	return { tls: native?.library, tlsVersion: version, cipherSuite, alpn: protocol };
}
