/**
 * The board: what becomes of a platform's classes, and of a platform where something does not work.
 * @module
 */
import { utf8Decode, utf8Encode } from "../../src/device/encoding/utf8.js";
import type { FirmwareSlots } from "../../src/device/ports.js";
import { CRASH_KEY } from "../../src/firmware/crash-note.js";
import { type KeyValueModule, ROOT_KEY } from "../../src/firmware/key-value.js";
import type { Platform } from "../../src/firmware/platform.js";
import { powerUp, ROOTS } from "../../src/firmware/power-up.js";
import type { Cases } from "../device/case.js";
import { VirtualClock } from "../device/world.js";

type AbortHook = (message: string, exception: unknown) => unknown;
const world = globalThis as { abort?: AbortHook };

const SLOTS: FirmwareSlots = {
	version: 7,
	isOnTrial: true,
	confirm() {},
	rollBack() {},
	begin() {
		throw new Error("unused");
	},
	restart() {},
};

/** A class that is never made in these cases. */
class Unused {
	constructor() {
		throw new Error("unused");
	}
}

/** A platform in memory. The clock's timers are the case's. */
class ScriptedPlatform {
	readonly clock = new VirtualClock();
	readonly lines: string[] = [];
	readonly values = new Map<string, unknown>();
	readonly roots: string[] = [];
	readonly lit: number[] = [];
	stops = 0;
	restarts = 0;
	readonly platform: Platform;

	constructor(changes: Partial<Platform> = {}) {
		const { clock, lines, values, roots, lit } = this;
		const storage: KeyValueModule = {
			open: ({ path }) => ({
				read: (key) => values.get(`${path}/${key}`),
				write: (key, value) => void values.set(`${path}/${key}`, value),
				delete: (key) => void values.delete(`${path}/${key}`),
				close() {},
			}),
		};
		this.platform = {
			Timer: {
				set: (callback, delay) => clock.setTimer(callback, delay),
				clear: (timer) => clock.clearTimer(timer!),
			},
			Time: { ticks: 0, set() {} },
			lookUp() {},
			TCP: Unused as unknown as Platform["TCP"],
			UDP: Unused as unknown as Platform["UDP"],
			WiFi: Unused as unknown as Platform["WiFi"],
			storage,
			native: {
				TlsEngine: Unused as unknown as Platform["native"]["TlsEngine"],
				Sha256: Unused as unknown as Platform["native"]["Sha256"],
				randomBytes: (count) => new ArrayBuffer(count),
				sha256: () => new ArrayBuffer(32),
				sha512: () => new ArrayBuffer(64),
				signRsaSha256: () => new ArrayBuffer(256),
			},
			config: {},
			root(name) {
				roots.push(name);
				return new ArrayBuffer(1);
			},
			resetReason: () => 3,
			startWatchdog: () => ({ feed() {} }),
			openSlots: undefined,
			openLight: () => ({ write: (value) => void lit.push(value) }),
			print: (line) => void lines.push(line),
			restart: () => void this.restarts++,
			stop: () => void this.stops++,
			...changes,
		};
	}

	note(): string | undefined {
		const value = this.values.get(`latchkey/${CRASH_KEY}`);
		return value === undefined ? undefined : utf8Decode(new Uint8Array(value as ArrayBuffer));
	}
}

/** Powers up and takes away what the engine would call. */
function boardOf(scene: ScriptedPlatform) {
	const board = powerUp(scene.platform);
	const { abort } = world;
	delete world.abort;
	return { ...board, abort: abort! };
}

export const cases: Cases = {
	"a device has every port, and trusts the roots of AWS"(check) {
		const scene = new ScriptedPlatform();
		const { ports, firmware, certificate } = boardOf(scene);
		for (const [name, port] of Object.entries(ports)) check.is(port === undefined, false, name);
		check.same(scene.roots, [...ROOTS]);
		check.is(firmware, undefined);
		check.is(certificate, undefined);
		check.is(scene.clock.pending, 0);
	},

	"a root of the store's takes the place of the firmware's"(check) {
		const scene = new ScriptedPlatform();
		const root = Uint8Array.of(0x30, 0).buffer;
		scene.values.set(`latchkey/${ROOT_KEY}`, root);
		check.is(boardOf(scene).certificate, root);
	},

	"an image that can be updated brings its places, and says that it is new"(check) {
		const scene = new ScriptedPlatform({ openSlots: () => SLOTS });
		const { firmware, reset } = boardOf(scene);
		check.is(firmware?.slots, SLOTS);
		check.same(reset, { reason: "update" });
	},

	"the version that the build was given reaches the slots"(check) {
		let version = 0;
		const scene = new ScriptedPlatform({
			config: { firmwareVersion: 12 },
			openSlots(settings) {
				version = settings.firmwareVersion;
				return SLOTS;
			},
		});
		boardOf(scene);
		check.is(version, 12);
	},

	"what the last run left behind is told with the reason, once"(check) {
		const scene = new ScriptedPlatform();
		scene.values.set(`latchkey/${CRASH_KEY}`, utf8Encode("timer: TypeError: no").slice().buffer);
		check.same(boardOf(scene).reset, { reason: "panic", message: "timer: TypeError: no" });
		check.same(boardOf(scene).reset, { reason: "software" });
	},

	"an engine that stops leaves a note, lets the platform pause, and restarts"(check) {
		const scene = new ScriptedPlatform();
		const { abort } = boardOf(scene);
		check.is(abort("unhandled exception", new RangeError("no")), undefined);
		check.is(scene.note(), "unhandled exception: RangeError: no");
		check.is(scene.stops, 1);
	},

	"an exception of a timer is told on the console and noted, and the device goes on"(check) {
		const scene = new ScriptedPlatform();
		const { ports } = boardOf(scene);
		ports.clock.setTimer(() => {
			throw new TypeError("x is no function");
		}, 10);
		scene.clock.advance(10);
		check.same(scene.lines, ['{"event":"fault","where":"timer","error":"TypeError: x is no function"}']);
		check.is(scene.note(), "timer: TypeError: x is no function");
		check.is(scene.stops, 0);
	},

	"a watchdog that cannot be had is told, and the device goes on without"(check) {
		const scene = new ScriptedPlatform({
			startWatchdog() {
				throw new Error("the task watchdog is off");
			},
		});
		check.is(boardOf(scene).ports.watchdog, undefined);
		check.same(scene.lines, ['{"event":"fault","where":"watchdog","error":"Error: the task watchdog is off"}']);
	},

	"a light is dark until it is told a pattern"(check) {
		const scene = new ScriptedPlatform({ config: { lightPin: 2 } });
		const { light } = boardOf(scene);
		check.same(scene.lit, [0]);
		light([1000]);
		check.same(scene.lit, [0, 1]);
	},

	"the light is opened at the pin and the way round that the build says"(check) {
		const opened: unknown[] = [];
		const openLight: Platform["openLight"] = (...values) => {
			opened.push(...values);
			return { write() {} };
		};
		boardOf(new ScriptedPlatform({ openLight }));
		check.same(opened, []);
		boardOf(new ScriptedPlatform({ openLight, config: { lightPin: 8, lightActiveLow: true } }));
		check.same(opened, [8, true]);
	},

	"a light that cannot be had is told, and the device goes on in the dark"(check) {
		const scene = new ScriptedPlatform({
			config: { lightPin: 99 },
			openLight() {
				throw new Error("invalid pin");
			},
		});
		boardOf(scene).light([100, 100]);
		check.same(scene.lines, ['{"event":"fault","where":"light","error":"Error: invalid pin"}']);
	},

	"events are lines, and a restart is the platform's"(check) {
		const scene = new ScriptedPlatform();
		const { tell, restart } = boardOf(scene);
		tell({ event: "joining" });
		restart();
		check.same([scene.lines, scene.restarts], [['{"event":"joining"}'], 1]);
	},

	"a storage that does not open stops the device: it could not even say who it is"(check) {
		const storage: KeyValueModule = {
			open() {
				throw new Error("ESP_ERR_NVS_NO_FREE_PAGES");
			},
		};
		check.throws(() => boardOf(new ScriptedPlatform({ storage })), { message: "ESP_ERR_NVS_NO_FREE_PAGES" });
	},
};
