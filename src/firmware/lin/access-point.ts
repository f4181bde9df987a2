/**
 * A stand-in for the Wi-Fi interface where there is none: what the access point does is up to a person or a test.
 * @module
 */
import type { TimerModule } from "../clock.js";
import { WIFI_CONNECTION, type WiFi, type WiFiConstructor } from "../wifi.js";

/** What the access point does: lets the device in; is not there; lets nobody in; has no address to give. */
export const ACCESS_POINT_MOODS = ["up", "absent", "wrong-password", "no-address"] as const;

export type AccessPointMood = (typeof ACCESS_POINT_MOODS)[number];

/** The mood that a text tells; of a text that tells none, or no text, `up`. */
export function moodOf(text: string): AccessPointMood {
	const word = text.trim();
	return ACCESS_POINT_MOODS.find((mood) => mood === word) ?? "up";
}

/** Milliseconds until an access point has answered, until it has given an address, and between two looks at its mood. */
const ANSWER = 300;
const ADDRESS = 100;
const LOOK = 500;

/** The address that the device is told: this very machine's. */
const LOOPBACK = "127.0.0.1";

/** @param mood asked again and again: it may change at any time. */
export function accessPointClass(Timer: TimerModule, mood: () => AccessPointMood): WiFiConstructor {
	return class extends SimulatedWiFi {
		constructor(options: { onChanged: () => void }) {
			super(Timer, mood, options.onChanged);
		}
	};
}

class SimulatedWiFi implements WiFi {
	private readonly Timer: TimerModule;
	private readonly mood: () => AccessPointMood;
	private readonly onChanged: () => void;
	private current: number = WIFI_CONNECTION.off;
	/** The network that was last looked for: the access point's. */
	private name = "";
	private joining: object | undefined;
	private scanning: object | undefined;

	constructor(Timer: TimerModule, mood: () => AccessPointMood, onChanged: () => void) {
		this.Timer = Timer;
		this.mood = mood;
		this.onChanged = onChanged;
	}

	get connection(): number {
		return this.current;
	}

	get address(): string | undefined {
		return this.current >= WIFI_CONNECTION.connected ? LOOPBACK : undefined;
	}

	connect({ SSID }: { SSID: string; password?: string }): void {
		if (this.current === WIFI_CONNECTION.connecting) throw new Error("already connecting");
		this.name = SSID;
		this.current = WIFI_CONNECTION.connecting;
		this.look(ANSWER);
	}

	disconnect(): void {
		this.joining = this.cleared(this.joining);
		this.current = WIFI_CONNECTION.off;
	}

	scan({ onFound, onComplete }: { onFound: (found: { readonly SSID: string }) => void; onComplete: () => void }): void {
		if (this.scanning !== undefined) throw new Error("already scanning");
		if (this.current === WIFI_CONNECTION.connecting) throw new Error("scan failed");
		this.scanning = this.Timer.set(() => {
			this.scanning = undefined;
			if (this.mood() !== "absent") onFound({ SSID: this.name });
			onComplete();
		}, ANSWER);
	}

	close(): void {
		this.disconnect();
		this.scanning = this.cleared(this.scanning);
	}

	private cleared(timer: object | undefined): undefined {
		if (timer !== undefined) this.Timer.clear(timer);
		return undefined;
	}

	private look(delay: number): void {
		this.joining = this.Timer.set(() => {
			this.joining = undefined;
			this.follow();
		}, delay);
	}

	/** One step towards what the access point does, and on. */
	private follow(): void {
		const mood = this.mood();
		const before = this.current;
		if (mood === "absent" || mood === "wrong-password") this.current = WIFI_CONNECTION.off;
		else if (before === WIFI_CONNECTION.connecting) this.current = WIFI_CONNECTION.associated;
		else if (mood === "up") this.current = WIFI_CONNECTION.connected;
		if (this.current !== WIFI_CONNECTION.off) this.look(before === WIFI_CONNECTION.connecting ? ADDRESS : LOOK);
		if (this.current !== before) this.onChanged();
	}
}
