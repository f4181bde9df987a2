/**
 * Puts the device together: the ports of the device core out of the platform's classes, and what an application needs besides.
 * @module
 */
import type { Light } from "../device/agent/index.js";
import type { FirmwareSlots, Hash, KeyValueStore, Ports, Reset, Watchdog } from "../device/ports.js";
import { PlatformClock } from "./clock.js";
import { consoleLine } from "./console-line.js";
import { CrashNote } from "./crash-note.js";
import { faultText, type OnFault } from "./faults.js";
import { openDeviceStore, ROOT_KEY, readWiFiSettings } from "./key-value.js";
import { nativePorts } from "./native-ports.js";
import type { Platform } from "./platform.js";
import { resetOf } from "./reset.js";
import { boundedResolve } from "./resolve.js";
import { type FirmwareSettings, firmwareSettings } from "./settings.js";
import { SntpSource } from "./sntp-source.js";
import { StatusLight } from "./status-light.js";
import { tlsSocketClass } from "./tls-socket.js";
import { WiFiNetwork } from "./wifi-network.js";

/** What the firmware runs on. */
export interface Board {
	readonly ports: Ports;
	/** Why it runs, and what the last run left behind. */
	readonly reset: Reset;
	/** In an image that can be updated. */
	readonly firmware: { readonly slots: FirmwareSlots; readonly createHash: () => Hash } | undefined;
	/** Restarts the chip, in order. Does not return. */
	readonly restart: () => void;
	/** The root that provisioning gave the device, DER; it takes the place of those in the firmware. */
	readonly certificate: ArrayBuffer | undefined;
	/** An event as one line on the console. */
	readonly tell: (event: object) => void;
	/** Shows a pattern; nothing where there is no light. */
	readonly light: (pattern: Light) => void;
	/** For callbacks of the application's own that the platform calls. */
	readonly onFault: OnFault;
}

/** The roots that sign AWS IoT Core's servers (`certs/README.md`), by their files' names in the manifest's `resources`. */
export const ROOTS = [
	"amazon-root-ca-1.der",
	"amazon-root-ca-2.der",
	"amazon-root-ca-3.der",
	"amazon-root-ca-4.der",
	"starfield-services-root-g2.der",
] as const;

/** @throws where the device cannot even be put together: no storage, no memory. */
export function powerUp(platform: Platform): Board {
	const { Timer, Time, UDP, WiFi, TCP, storage, native } = platform;
	const settings = firmwareSettings(platform.config);
	const store = openDeviceStore(storage);
	const note = new CrashNote(store);
	const before = note.take();
	const tell = (event: object) => platform.print(consoleLine(event));
	const onFault: OnFault = (where, error) => {
		note.keep(where, error);
		tell({ event: "fault", where, error: faultText(error) });
	};
	keepNoteOfAbort(note, platform);

	const { notBefore, timeServers } = settings;
	const clock = new PlatformClock({ Timer, Time, now: Date.now, notBefore, onFault });
	const resolve = boundedResolve(platform.lookUp, clock, onFault);
	const { random, digest, signer, createHash } = nativePorts(native);
	const slots = platform.openSlots?.(settings);
	const ports: Ports = {
		TLSSocket: tlsSocketClass({
			TlsEngine: native.TlsEngine,
			TCP,
			roots: ROOTS.map((name) => platform.root(name)),
			defer: (callback) => void clock.setTimer(callback, 0),
			resolve,
			onSecured: (session) => tell({ event: "tls", ...session }),
			onFault: (error) => onFault("TLS", error),
		}),
		clock,
		random,
		digest,
		store,
		network: new WiFiNetwork({ WiFi, settings: () => readWiFiSettings(storage), clock, onFault }),
		timeSource: new SntpSource({
			servers: timeServers,
			UDP,
			resolve,
			clock,
			random,
			setTime: (seconds) => Time.set(seconds),
			notBefore,
			onFault,
		}),
		watchdog: watchdogOf(platform, onFault),
		signer,
	};
	const reason = platform.resetReason();
	return {
		ports,
		reset: resetOf({ reason, note: before, isOnTrial: slots?.isOnTrial ?? false }),
		firmware: slots && { slots, createHash },
		restart: platform.restart,
		certificate: certificateOf(store),
		tell,
		light: lightOf(platform, settings, clock, onFault),
		onFault,
	};
}

/** XS calls a global function of this name before it stops for a defect (the SDK's `abortHook`); then the chip restarts. */
function keepNoteOfAbort(note: CrashNote, { stop }: Platform): void {
	Object.assign(globalThis, {
		abort(message: string, exception: unknown): void {
			note.keep(message, exception);
			stop();
		},
	});
}

/** A device whose watchdog does not work says so, and goes on without. */
function watchdogOf(platform: Platform, onFault: OnFault): Watchdog | undefined {
	try {
		return platform.startWatchdog();
	} catch (error) {
		onFault("watchdog", error);
		return undefined;
	}
}

/** A store that cannot be read says so when the credential is read. */
function certificateOf(store: KeyValueStore): ArrayBuffer | undefined {
	try {
		return store.read(ROOT_KEY);
	} catch {
		return undefined;
	}
}

/** A light that does not work is told, and the device goes on without. */
function lightOf(
	platform: Platform,
	{ lightPin, lightIsActiveLow }: FirmwareSettings,
	clock: PlatformClock,
	onFault: OnFault,
): (pattern: Light) => void {
	if (lightPin === undefined) return () => {};
	try {
		const light = new StatusLight(platform.openLight(lightPin, lightIsActiveLow), clock);
		return (pattern) => light.show(pattern);
	} catch (error) {
		onFault("light", error);
		return () => {};
	}
}
