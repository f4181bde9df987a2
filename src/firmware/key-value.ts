/**
 * Domains of the ECMA-419 key-value storage: the device's own store, and the settings of Wi-Fi.
 * @module
 */
import type { KeyValueStore } from "../device/ports.js";

/** An open domain: a namespace of NVS on ESP32. */
export interface KeyValueDomain {
	/** `undefined` where there is no such key. @throws {TypeError} where the key holds another type than the domain's format. */
	read(key: string): unknown;
	write(key: string, value: ArrayBuffer | string): void;
	delete(key: string): void;
	close(): void;
}

/** The SDK's module `embedded:storage/key-value`. */
export interface KeyValueModule {
	/** @param options `path` has 1..15 characters. @throws where the storage itself fails. */
	open(options: { path: string; format?: "buffer" | "string" }): KeyValueDomain;
}

/** What the device keeps: credential, outbox, notes. */
export const DEVICE_DOMAIN = "latchkey";

/** Domain and keys of the SDK's own example of Wi-Fi by a web page (webConfigWifi): its settings are found here as well. */
export const WIFI_DOMAIN = "wifi";

/** Key of a root that provisioning gave the device, one certificate in DER: for a gateway of one's own. */
export const ROOT_KEY = "root";

/** The network that the device is to join. */
export interface WiFiSettings {
	readonly SSID: string;
	/** Absent for an open network. */
	readonly password?: string;
}

export function openDeviceStore(storage: KeyValueModule): KeyValueStore {
	const domain = storage.open({ path: DEVICE_DOMAIN, format: "buffer" });
	return {
		read(key) {
			const value = domain.read(key);
			return value instanceof ArrayBuffer ? value : undefined;
		},
		write: (key, value) => domain.write(key, value),
		delete: (key) => domain.delete(key),
	};
}

/** @returns `undefined` where nobody has given the device a network. @throws as the storage does. */
export function readWiFiSettings(storage: KeyValueModule): WiFiSettings | undefined {
	const domain = storage.open({ path: WIFI_DOMAIN, format: "string" });
	try {
		const SSID = textOf(domain.read("ssid"));
		const password = textOf(domain.read("password"));
		if (SSID === "") return undefined;
		return password === "" ? { SSID } : { SSID, password };
	} finally {
		domain.close();
	}
}

function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}
