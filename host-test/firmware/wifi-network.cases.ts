/**
 * Joining a network by an interface that does not say why it failed.
 * @module
 */
import type { NetworkChange } from "../../src/device/ports.js";
import type { WiFiSettings } from "../../src/firmware/key-value.js";
import { WIFI_CONNECTION, type WiFi } from "../../src/firmware/wifi.js";
import { WiFiNetwork } from "../../src/firmware/wifi-network.js";
import type { Cases, Check } from "../device/case.js";
import { VirtualClock } from "../device/world.js";

const { off, connecting, associated, connected } = WIFI_CONNECTION;

/** The interface; what it does is up to the case. */
class ScriptedWiFi implements WiFi {
	connection: number = off;
	address: string | undefined;
	/** What was asked of it, in order. */
	readonly asked: string[] = [];
	found: ((found: { readonly SSID: string }) => void) | undefined;
	complete: (() => void) | undefined;
	/** Thrown by the next call. */
	fault: Error | undefined;
	private readonly onChanged: () => void;

	constructor({ onChanged }: { onChanged: () => void }) {
		this.onChanged = onChanged;
	}

	connect({ SSID, password }: { SSID: string; password?: string }): void {
		this.ask(`connect ${SSID} ${password ?? "open"}`);
		this.connection = connecting;
	}

	disconnect(): void {
		this.ask("disconnect");
		this.connection = off;
	}

	scan({ onFound, onComplete }: { onFound: (found: { readonly SSID: string }) => void; onComplete: () => void }): void {
		this.ask("scan");
		this.found = onFound;
		this.complete = onComplete;
	}

	close(): void {
		this.ask("close");
	}

	change(connection: number, address?: string): void {
		this.connection = connection;
		this.address = address;
		this.onChanged();
	}

	private ask(what: string): void {
		this.asked.push(what);
		const { fault } = this;
		this.fault = undefined;
		if (fault !== undefined) throw fault;
	}
}

/** A network whose interface and changes a case looks at. */
class Scene {
	readonly clock = new VirtualClock();
	readonly interfaces: ScriptedWiFi[] = [];
	readonly changes: string[] = [];
	readonly faults: string[] = [];
	settings: WiFiSettings | undefined | Error = { SSID: "Field Net", password: "rosebud!" };
	readonly network: WiFiNetwork;

	constructor() {
		const { interfaces, clock } = this;
		this.network = new WiFiNetwork({
			WiFi: class extends ScriptedWiFi {
				constructor(options: { onChanged: () => void }) {
					super(options);
					interfaces.push(this);
				}
			},
			settings: () => {
				if (this.settings instanceof Error) throw this.settings;
				return this.settings;
			},
			clock,
			onFault: (where, error) => void this.faults.push(`${where}: ${String(error)}`),
		});
	}

	get wifi(): ScriptedWiFi {
		return this.interfaces[this.interfaces.length - 1]!;
	}

	join(): void {
		this.network.join((change) => void this.changes.push(told(change)));
	}

	/** Joins and lets the interface begin. */
	begin(): void {
		this.join();
		this.clock.advance(0);
	}

	up(): void {
		this.begin();
		this.wifi.change(associated);
		this.wifi.change(connected, "192.0.2.30");
	}

	/** The scan that follows a failure, with what is in the air. */
	lookAround(...names: string[]): void {
		this.clock.advance(500);
		for (const SSID of names) this.wifi.found?.({ SSID });
		this.wifi.complete?.();
	}

	expect(check: Check, ...changes: string[]): void {
		check.same(this.changes, changes);
	}
}

function told(change: NetworkChange): string {
	return change.isUp ? `up ${change.address}` : change.failure.code;
}

export const cases: Cases = {
	"it joins the network it was given and tells the address"(check) {
		const scene = new Scene();
		scene.up();
		check.same(scene.wifi.asked, ["connect Field Net rosebud!"]);
		scene.expect(check, "up 192.0.2.30");
		check.is(scene.clock.pending, 0);
	},

	"nothing is told, nor done, inside of join"(check) {
		const scene = new Scene();
		scene.settings = undefined;
		scene.join();
		scene.expect(check);
		check.is(scene.interfaces.length, 0);
		scene.clock.advance(0);
		scene.expect(check, "unconfigured");
	},

	"an open network is joined without a password"(check) {
		const scene = new Scene();
		scene.settings = { SSID: "Guests" };
		scene.begin();
		check.same(scene.wifi.asked, ["connect Guests open"]);
	},

	"settings that no network can have are told before anything is tried"(check) {
		for (const settings of [
			{ SSID: "x".repeat(33) },
			{ SSID: "ü".repeat(17) },
			{ SSID: "Field Net", password: "p".repeat(65) },
		]) {
			const scene = new Scene();
			scene.settings = settings;
			scene.begin();
			scene.expect(check, "unconfigured");
			check.is(scene.interfaces.length, 0);
		}
	},

	"a password is never told"(check) {
		const scene = new Scene();
		scene.settings = { SSID: "Field Net", password: "swordfish".repeat(8) };
		let message = "";
		scene.network.join((change) => {
			if (!change.isUp) message = change.failure.message;
		});
		scene.clock.advance(0);
		check.is(message.length > 0 && !message.includes("swordfish"), true);
	},

	"settings that cannot be read are a failure of the device, not of the network"(check) {
		const scene = new Scene();
		scene.settings = new TypeError("mismatch");
		scene.begin();
		scene.expect(check, "failed");
	},

	"a network that is in the air and does not let the device in: rejected"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(off);
		scene.lookAround("Other", "Field Net");
		scene.expect(check, "rejected");
		check.is(scene.clock.pending, 0);
	},

	"a network that is not in the air: not found"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(off);
		scene.lookAround("Other", "field net");
		scene.expect(check, "not-found");
	},

	"an interface that comes to no end is stopped after 20 seconds, then the device looks around"(check) {
		const scene = new Scene();
		scene.begin();
		scene.clock.advance(19_999);
		check.same(scene.wifi.asked, ["connect Field Net rosebud!"]);
		scene.clock.advance(1);
		check.same(scene.wifi.asked.slice(1), ["disconnect"]);
		scene.lookAround();
		scene.expect(check, "not-found");
	},

	"an access point that drops the device before it has an address is looked for as well"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(associated);
		scene.wifi.change(off);
		scene.lookAround("Field Net");
		scene.expect(check, "rejected");
	},

	"no address within 20 seconds of association: no address"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(associated, "fe80::1");
		scene.clock.advance(19_000);
		scene.expect(check);
		scene.clock.advance(1_000);
		scene.expect(check, "no-address");
		check.same(scene.wifi.asked.slice(1), ["disconnect"]);
	},

	"an IPv4 address that nobody tells of is found: the interface waits for IPv6 as well"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(associated);
		scene.wifi.address = "192.0.2.30";
		scene.clock.advance(1_000);
		scene.expect(check, "up 192.0.2.30");
	},

	"an address of zeros is none"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(associated, "0.0.0.0");
		scene.expect(check);
	},

	"a network that goes away afterwards: lost, once"(check) {
		const scene = new Scene();
		scene.up();
		scene.wifi.change(off);
		scene.wifi.change(off);
		scene.expect(check, "up 192.0.2.30", "lost");
		check.is(scene.clock.pending, 0);
	},

	"an interface that throws as it joins has failed"(check) {
		const scene = new Scene();
		scene.up();
		scene.wifi.change(off);
		scene.wifi.fault = new Error("connect failed");
		scene.begin();
		scene.expect(check, "up 192.0.2.30", "lost", "failed");
	},

	"an interface that cannot even be had has failed"(check) {
		const changes: string[] = [];
		const clock = new VirtualClock();
		const network = new WiFiNetwork({
			WiFi: class {
				constructor() {
					throw new Error("no memory");
				}
			} as unknown as new () => WiFi,
			settings: () => ({ SSID: "Field Net" }),
			clock,
			onFault: () => {},
		});
		network.join((change) => void changes.push(told(change)));
		clock.advance(0);
		check.same(changes, ["failed"]);
	},

	"a scan that throws is a failure of the interface"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(off);
		scene.wifi.fault = new Error("already scanning");
		scene.clock.advance(500);
		scene.expect(check, "failed");
	},

	"a scan without an end is given up after 15 seconds, and the interface's object with it"(check) {
		const scene = new Scene();
		scene.begin();
		const { wifi } = scene;
		wifi.change(off);
		scene.clock.advance(500 + 15_000);
		scene.expect(check, "failed");
		check.is(wifi.asked[wifi.asked.length - 1], "close");
		wifi.complete?.();
		scene.begin();
		check.is(scene.interfaces.length, 2);
		scene.expect(check, "failed");
	},

	"one object serves join after join"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(off);
		scene.lookAround();
		scene.begin();
		scene.wifi.change(connected, "192.0.2.31");
		check.is(scene.interfaces.length, 1);
		scene.expect(check, "not-found", "up 192.0.2.31");
	},

	"who joins anew leaves first, and waits until the driver has told of it"(check) {
		const scene = new Scene();
		scene.up();
		scene.join();
		check.same(scene.wifi.asked.slice(1), ["disconnect"]);
		scene.clock.advance(499);
		scene.wifi.change(off);
		check.is(scene.wifi.asked.length, 2);
		scene.clock.advance(1);
		check.same(scene.wifi.asked.slice(2), ["connect Field Net rosebud!"]);
		scene.expect(check, "up 192.0.2.30");
	},

	"who has left is told nothing any more"(check) {
		for (const stage of ["pausing", "associating", "addressing", "looking"]) {
			const scene = new Scene();
			scene.join();
			if (stage !== "pausing") scene.clock.advance(0);
			if (stage === "addressing") scene.wifi.change(associated);
			if (stage === "looking") {
				scene.wifi.change(off);
				scene.clock.advance(500);
			}
			const { complete } = scene.interfaces[0] ?? {};
			scene.network.leave();
			scene.network.leave();
			complete?.();
			scene.interfaces[0]?.change(connected, "192.0.2.30");
			scene.clock.advance(120_000);
			scene.expect(check);
			check.is(scene.clock.pending, 0, stage);
		}
	},

	"whoever leaves during a scan ends it, so that the next one finds the interface free"(check) {
		const scene = new Scene();
		scene.begin();
		scene.wifi.change(off);
		scene.clock.advance(500);
		scene.network.leave();
		check.is(scene.wifi.asked[scene.wifi.asked.length - 1], "close");
	},

	"what the owner throws stays out of the interface's callback"(check) {
		const scene = new Scene();
		scene.network.join(() => {
			throw new RangeError("no such agent");
		});
		scene.clock.advance(0);
		scene.wifi.change(connected, "192.0.2.30");
		check.same(scene.faults, ["Wi-Fi: RangeError: no such agent"]);
	},
};
