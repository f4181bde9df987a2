/**
 * What the folder of a platform (`esp32`, `lin`) gives: the Moddable SDK's classes as they are, and what it has none of.
 * @module
 */
import type { FirmwareSlots, Watchdog } from "../device/ports.js";
import type { TimeModule, TimerModule } from "./clock.js";
import type { KeyValueModule } from "./key-value.js";
import type { TlsEngineConstructor } from "./native/tls-engine.js";
import type { NativeModule } from "./native-ports.js";
import type { LookUp } from "./resolve.js";
import type { FirmwareSettings } from "./settings.js";
import type { UDPSocketConstructor } from "./sntp-source.js";
import type { LightOutput } from "./status-light.js";
import type { TCPSocketConstructor } from "./tcp-socket.js";
import type { WiFiConstructor } from "./wifi.js";

export interface Platform {
	readonly Timer: TimerModule;
	readonly Time: TimeModule;
	readonly lookUp: LookUp;
	readonly TCP: TCPSocketConstructor;
	readonly UDP: UDPSocketConstructor;
	readonly WiFi: WiFiConstructor;
	readonly storage: KeyValueModule;
	readonly native: NativeModule & { readonly TlsEngine: TlsEngineConstructor };
	/** The manifest's `config`. */
	readonly config: Readonly<Record<string, unknown>>;
	/** A trust anchor of the manifest's `resources` by its file's name. */
	readonly root: (name: string) => ArrayBuffer;
	/** ESP-IDF's number of why the chip was started. */
	readonly resetReason: () => number;
	/** Watches from now on. */
	readonly startWatchdog: () => Watchdog;
	/** In an image that can be updated. */
	readonly openSlots: ((settings: FirmwareSettings) => FirmwareSlots) | undefined;
	/** @throws where there is no such pin. */
	readonly openLight: (pin: number, isActiveLow: boolean) => LightOutput;
	/** One line on the console. */
	readonly print: (line: string) => void;
	/** Restarts the chip, in order. Does not return. */
	readonly restart: () => void;
	/** Called when a defect stops the engine, after a note of it was kept; the chip restarts when this returns. */
	readonly stop: () => void;
}
