/**
 * ESP32: the Moddable SDK's classes, and a little C for what it has none for.
 * @module
 */

import Resource from "Resource";
import getResetReason from "resetReason";
import Digital from "embedded:io/digital";
import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import WiFi from "embedded:network/interface/wifi";
import storage from "embedded:storage/key-value";
import config from "mc/config";
// biome-ignore lint/style/useNodejsImportProtocol: the SDK has a module of this name
import Net from "net";
import Time from "time";
import Timer from "timer";
import type { KeyValueModule } from "../key-value.js";
import * as native from "../native/native.js";
import type { Platform } from "../platform.js";
import type { UDPSocketConstructor } from "../sntp-source.js";
import type { TCPSocketConstructor } from "../tcp-socket.js";
import { feedWatchdog, printLine, restart, startWatchdog } from "./chip.js";
import { openSlots } from "./slots.js";

/**
 * Milliseconds between a defect and the restart: a device that stops as soon as it starts shall not wear its flash out with
 * notes, nor be a burden to its gateway. Shorter than the task watchdog's patience.
 */
const PAUSE_BEFORE_RESTART = 5_000;

/** Where the SDK's typings say less, or other, than its sources do, the class is taken as the adapter describes it. */
export const platform: Platform = {
	Timer,
	Time,
	lookUp: (name, answer) => Net.resolve(name, answer),
	TCP: TCP as unknown as TCPSocketConstructor,
	UDP: UDP as unknown as UDPSocketConstructor,
	WiFi,
	storage: storage as unknown as KeyValueModule,
	native,
	config,
	root: (name) => new Resource(name) as unknown as ArrayBuffer,
	resetReason: () => getResetReason().reason,
	startWatchdog() {
		startWatchdog();
		return { feed: feedWatchdog };
	},
	openSlots,
	openLight: (pin, isActiveLow) => new Digital({ pin, mode: Digital.Output, activeLow: isActiveLow, initialValue: 0 }),
	print: printLine,
	restart,
	stop: () => Timer.delay(PAUSE_BEFORE_RESTART),
};
