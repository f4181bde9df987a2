/**
 * Linux, in the Moddable SDK's simulator: the SDK's classes where it has them, files and the environment for the rest.
 * @module
 */

import Resource from "Resource";
import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import config from "mc/config";
// biome-ignore lint/style/useNodejsImportProtocol: the SDK has a module of this name
import Net from "net";
import Time from "time";
import Timer from "timer";
import * as native from "../native/native.js";
import type { Platform } from "../platform.js";
import type { LookUp } from "../resolve.js";
import type { UDPSocketConstructor } from "../sntp-source.js";
import type { TCPSocketConstructor } from "../tcp-socket.js";
import { accessPointClass, moodOf } from "./access-point.js";
import { FileStorage } from "./file-storage.js";
import * as host from "./host.js";
import * as ends from "./process-ends.js";

/** Seconds, as the ESP32's. */
const WATCHDOG_PATIENCE = 30;

/** The folder of the store; a device without one is a new one each time. */
const folder = host.environment(ends.STORE_VARIABLE) ?? ".";
const timeServers = host.environment(ends.TIME_SERVERS_VARIABLE);

function accessPointMood() {
	const text = host.readFile(`${folder}/${ends.ACCESS_POINT_FILE}`) ?? new ArrayBuffer(0);
	return moodOf(String.fromCharCode(...new Uint8Array(text.slice(0, 32))));
}

/** The SDK's resolver (8.2.3) takes the first address that it is told, and has none where that is of IPv6, as localhost's. */
const lookUp: LookUp = (name, answer) => {
	if (name === "localhost") Timer.set(() => answer(name, "127.0.0.1"), 0);
	else Net.resolve(name, answer);
};

export const platform: Platform = {
	Timer,
	Time,
	lookUp,
	TCP: TCP as unknown as TCPSocketConstructor,
	UDP: UDP as unknown as UDPSocketConstructor,
	WiFi: accessPointClass(Timer, accessPointMood),
	storage: new FileStorage(host, folder),
	native,
	config: timeServers === undefined ? config : { ...config, timeServers },
	root: (name) => new Resource(name) as unknown as ArrayBuffer,
	resetReason: () => Number(host.environment(ends.REASON_VARIABLE) ?? ends.POWER_ON),
	startWatchdog() {
		const feed = () => host.watch(WATCHDOG_PATIENCE, ends.WATCHDOG_CODE);
		feed();
		return { feed };
	},
	openSlots: undefined,
	openLight: () => ({ write: (value) => host.print(`{"event":"light","lit":${value === 1}}`) }),
	print: host.print,
	restart: () => host.exit(ends.RESTART_CODE),
	stop: () => host.exit(ends.RESTART_CODE),
};
