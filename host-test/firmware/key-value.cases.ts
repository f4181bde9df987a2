/**
 * The device's store and the settings of Wi-Fi, each in its own domain of the platform's storage.
 * @module
 */
import {
	type KeyValueDomain,
	type KeyValueModule,
	openDeviceStore,
	readWiFiSettings,
} from "../../src/firmware/key-value.js";
import type { Cases } from "../device/case.js";

/** Domains in memory, as strict as NVS about the type of a key. */
function scriptedStorage(contents: Readonly<Record<string, unknown>> = {}) {
	const values = new Map(Object.entries(contents));
	const opened: string[] = [];
	let open = 0;
	const storage: KeyValueModule = {
		open({ path, format }) {
			opened.push(`${path} ${format}`);
			open++;
			const wanted = format === "string" ? "string" : "object";
			const domain: KeyValueDomain = {
				read(key) {
					const value = values.get(`${path}/${key}`);
					if (value !== undefined && typeof value !== wanted) throw new TypeError("mismatch");
					return value;
				},
				write: (key, value) => void values.set(`${path}/${key}`, value),
				delete: (key) => void values.delete(`${path}/${key}`),
				close: () => void open--,
			};
			return domain;
		},
	};
	return { storage, values, opened, openDomains: () => open };
}

export const cases: Cases = {
	"the device's store is the domain latchkey, as buffers"(check) {
		const { storage, opened, values } = scriptedStorage();
		const store = openDeviceStore(storage);
		check.same(opened, ["latchkey buffer"]);
		const value = Uint8Array.of(1, 2, 3).buffer;
		store.write("credential", value);
		check.is(values.get("latchkey/credential"), value);
		check.is(store.read("credential"), value);
		store.delete("credential");
		check.is(store.read("credential"), undefined);
	},

	"a key of another type is told by the platform, not taken for an absent one"(check) {
		const { storage } = scriptedStorage({ "latchkey/credential": "text" });
		check.throws(() => openDeviceStore(storage).read("credential"), { name: "TypeError" });
	},

	"Wi-Fi's settings are two strings of the domain wifi"(check) {
		const { storage, opened, openDomains } = scriptedStorage({ "wifi/ssid": "Field Net", "wifi/password": "rosebud!" });
		check.same(readWiFiSettings(storage), { SSID: "Field Net", password: "rosebud!" });
		check.same([opened, openDomains()], [["wifi string"], 0]);
	},

	"a network without a password is an open one"(check) {
		check.same(readWiFiSettings(scriptedStorage({ "wifi/ssid": "Guests" }).storage), { SSID: "Guests" });
		const empty = { "wifi/ssid": "Guests", "wifi/password": "" };
		check.same(readWiFiSettings(scriptedStorage(empty).storage), { SSID: "Guests" });
	},

	"without a name there is no network"(check) {
		check.is(readWiFiSettings(scriptedStorage().storage), undefined);
		check.is(readWiFiSettings(scriptedStorage({ "wifi/ssid": "" }).storage), undefined);
	},

	"a domain that cannot be read is closed all the same"(check) {
		const { storage, openDomains } = scriptedStorage({ "wifi/ssid": Uint8Array.of(1).buffer });
		check.throws(() => readWiFiSettings(storage), { name: "TypeError" });
		check.is(openDomains(), 0);
	},
};
