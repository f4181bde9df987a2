/**
 * The simulated Wi-Fi, and the real adapter over it: every mood of an access point becomes the network's word for it.
 * @module
 */
import { type AccessPointMood, accessPointClass, moodOf } from "../../../src/firmware/lin/access-point.js";
import { WiFiNetwork } from "../../../src/firmware/wifi-network.js";
import type { Cases } from "../../device/case.js";
import { VirtualClock } from "../../device/world.js";

class Air {
	mood: AccessPointMood = "up";
	readonly clock = new VirtualClock();
	readonly changes: string[] = [];
	readonly network: WiFiNetwork;

	constructor(mood: AccessPointMood) {
		this.mood = mood;
		const { clock } = this;
		const Timer = {
			set: (callback: () => void, delay: number) => clock.setTimer(callback, delay),
			clear: (timer: object | null | undefined) => clock.clearTimer(timer!),
		};
		this.network = new WiFiNetwork({
			WiFi: accessPointClass(Timer, () => this.mood),
			settings: () => ({ SSID: "simulated" }),
			clock,
			onFault: (where, error) => void this.changes.push(`fault ${where} ${String(error)}`),
		});
	}

	join(): void {
		this.network.join((change) => void this.changes.push(change.isUp ? `up ${change.address}` : change.failure.code));
		this.clock.advance(30_000);
	}
}

export const cases: Cases = {
	"each mood is told as what a device would find"(check) {
		const expected: Readonly<Record<AccessPointMood, string>> = {
			up: "up 127.0.0.1",
			absent: "not-found",
			"wrong-password": "rejected",
			"no-address": "no-address",
		};
		for (const [mood, word] of Object.entries(expected)) {
			const air = new Air(mood as AccessPointMood);
			air.join();
			check.same(air.changes, [word], mood);
		}
	},

	"an access point that goes away is lost, and found again when it is back"(check) {
		const air = new Air("up");
		air.join();
		air.mood = "absent";
		air.clock.advance(1_000);
		check.same(air.changes, ["up 127.0.0.1", "lost"]);
		air.mood = "up";
		air.join();
		check.same(air.changes.slice(2), ["up 127.0.0.1"]);
	},

	"an address that comes late is still told"(check) {
		const air = new Air("no-address");
		air.network.join((change) => void air.changes.push(change.isUp ? "up" : change.failure.code));
		air.clock.advance(5_000);
		air.mood = "up";
		air.clock.advance(1_000);
		check.same(air.changes, ["up"]);
	},

	"who leaves hears nothing, and the stand-in rests"(check) {
		const air = new Air("up");
		air.join();
		air.network.leave();
		air.mood = "absent";
		air.clock.advance(5_000);
		check.same([air.changes, air.clock.pending], [["up 127.0.0.1"], 0]);
	},

	"a mood is a word, whatever stands around it; any other text means up"(check) {
		check.is(moodOf(" wrong-password\n"), "wrong-password");
		check.is(moodOf(""), "up");
		check.is(moodOf("gone"), "up");
	},
};
