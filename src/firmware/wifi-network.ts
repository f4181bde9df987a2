/**
 * The network of `src/device/ports.ts` over Wi-Fi.
 *
 * The interface does not tell why joining failed. So after a failure the device looks around: an access point that is
 * there has not let it in, and that is almost always the password; one that is not there could not.
 * @module
 */
import { utf8Length } from "../device/encoding/utf8.js";
import type { Clock, Network, NetworkChange, NetworkFailureCode, Timer } from "../device/ports.js";
import { faultText, guarded, type OnFault } from "./faults.js";
import type { WiFiSettings } from "./key-value.js";
import { WIFI_CONNECTION, type WiFi, type WiFiConstructor } from "./wifi.js";

export interface WiFiNetworkOptions {
	readonly WiFi: WiFiConstructor;
	/** Read at each join; `undefined` where there are none. May throw. */
	readonly settings: () => WiFiSettings | undefined;
	readonly clock: Clock;
	readonly onFault: OnFault;
}

/** Milliseconds until the access point has let the device in: scan of all channels, authentication, association. */
const ASSOCIATION_TIMEOUT = 20_000;
/** Milliseconds from there to an address. */
const ADDRESS_TIMEOUT = 20_000;
/** The SDK does not tell of an IPv4 address while IPv6 is still being made, so the address is looked at this often. */
const ADDRESS_INTERVAL = 1_000;
const SCAN_TIMEOUT = 15_000;
/**
 * Milliseconds after leaving until the interface is used again: the driver tells of the end of the former connection
 * only then, and the SDK would take it for the end of the new one.
 */
const PAUSE = 500;

/** IEEE 802.11: a network's name has 1 to 32 bytes; WPA: a passphrase has 8 to 63, a key 64 digits. */
const SSID_BYTES = 32;
const PASSWORD_BYTES = 64;

type State = "off" | "pausing" | "associating" | "addressing" | "up" | "looking";

export class WiFiNetwork implements Network {
	private readonly options: WiFiNetworkOptions;
	private wifi: WiFi | undefined;
	private state: State = "off";
	private settings: WiFiSettings = { SSID: "" };
	private onChange: ((change: NetworkChange) => void) | undefined;
	private timer: Timer | undefined;
	/** Moment of the monotonic clock. */
	private leftAt = Number.NEGATIVE_INFINITY;
	/** Moment at which the device gives up waiting for an address. */
	private addressDue = 0;

	constructor(options: WiFiNetworkOptions) {
		this.options = options;
	}

	join(onChange: (change: NetworkChange) => void): void {
		this.leave();
		this.onChange = onChange;
		this.state = "pausing";
		const left = this.leftAt + PAUSE - this.options.clock.monotonic();
		this.after(Math.max(0, left), () => this.begin());
	}

	leave(): void {
		// Otherwise the next scan would find the interface scanning.
		if (this.state === "looking") this.drop();
		this.rest();
	}

	private begin(): void {
		const refusal = this.readSettings();
		if (refusal !== undefined) this.fail(...refusal);
		else this.associate();
	}

	/** @returns why there is nothing to join. */
	private readSettings(): [NetworkFailureCode, string] | undefined {
		let settings: WiFiSettings | undefined;
		try {
			settings = this.options.settings();
		} catch (error) {
			return ["failed", `the settings of Wi-Fi cannot be read (${faultText(error)})`];
		}
		if (settings === undefined) return ["unconfigured", "the device was given no Wi-Fi network"];
		const bytes = utf8Length(settings.SSID);
		if (bytes > SSID_BYTES)
			return ["unconfigured", `the name of the Wi-Fi network has ${bytes} bytes, ${SSID_BYTES} at most are expected`];
		if (utf8Length(settings.password ?? "") > PASSWORD_BYTES)
			return ["unconfigured", `the password of Wi-Fi has more than ${PASSWORD_BYTES} bytes`];
		this.settings = settings;
		return undefined;
	}

	private associate(): void {
		this.state = "associating";
		this.after(ASSOCIATION_TIMEOUT, () => this.lookAround());
		try {
			this.wifi ??= this.open();
			this.wifi.connect(this.settings);
		} catch (error) {
			this.fail("failed", `Wi-Fi cannot join (${faultText(error)})`);
		}
	}

	private open(): WiFi {
		const { WiFi, onFault } = this.options;
		const wifi: WiFi = new WiFi({
			onChanged: guarded("Wi-Fi", onFault, () => {
				if (wifi === this.wifi) this.changed(wifi);
			}),
		});
		return wifi;
	}

	private changed(wifi: WiFi): void {
		const { connection } = wifi;
		if (this.state === "associating") {
			if (connection >= WIFI_CONNECTION.associated) this.associated(wifi);
			else if (connection < WIFI_CONNECTION.connecting) this.lookAround();
		} else if (this.state === "addressing") {
			if (connection < WIFI_CONNECTION.associated) this.lookAround();
			else this.checkAddress(wifi);
		} else if (this.state === "up" && connection < WIFI_CONNECTION.associated) {
			this.fail("lost", `the Wi-Fi network ${this.settings.SSID} was lost`);
		}
	}

	private associated(wifi: WiFi): void {
		this.state = "addressing";
		this.addressDue = this.options.clock.monotonic() + ADDRESS_TIMEOUT;
		this.checkAddress(wifi);
	}

	private checkAddress(wifi: WiFi): void {
		const { address } = wifi;
		if (address !== undefined && isIPv4(address)) {
			this.stopTimer();
			this.state = "up";
			this.onChange?.({ isUp: true, address });
		} else if (this.options.clock.monotonic() >= this.addressDue) {
			const waited = `no address within ${ADDRESS_TIMEOUT / 1000} seconds`;
			this.fail("no-address", `the Wi-Fi network ${this.settings.SSID} let the device in and gave it ${waited}`);
		} else {
			this.after(ADDRESS_INTERVAL, () => this.checkAddress(wifi));
		}
	}

	/** It did not work out: is there such a network? */
	private lookAround(): void {
		this.disconnect();
		this.state = "looking";
		this.after(PAUSE, () => this.scan());
	}

	private scan(): void {
		const { onFault } = this.options;
		const { SSID } = this.settings;
		const { wifi } = this;
		let isThere = false;
		this.after(SCAN_TIMEOUT, () => {
			this.drop();
			this.fail("failed", `Wi-Fi could not join ${SSID}, and looking for it came to no end`);
		});
		try {
			wifi?.scan({
				onFound: guarded("Wi-Fi", onFault, (found) => {
					if (found.SSID === SSID) isThere = true;
				}),
				onComplete: guarded("Wi-Fi", onFault, () => {
					if (wifi === this.wifi && this.state === "looking") this.conclude(isThere);
				}),
			});
		} catch (error) {
			this.fail("failed", `Wi-Fi could not join ${SSID}, nor look for it (${faultText(error)})`);
		}
	}

	private conclude(isThere: boolean): void {
		const { SSID } = this.settings;
		if (isThere)
			this.fail("rejected", `the Wi-Fi network ${SSID} did not let the device in: most likely the password is wrong`);
		else this.fail("not-found", `no Wi-Fi network of the name ${SSID} is in reach`);
	}

	/** The last thing that is told of a join. */
	private fail(code: NetworkFailureCode, message: string): void {
		const { onChange } = this;
		this.rest();
		onChange?.({ isUp: false, failure: { code, message } });
	}

	/** Nothing is waited for, told or held any more. */
	private rest(): void {
		this.stopTimer();
		this.onChange = undefined;
		this.state = "off";
		this.disconnect();
	}

	private disconnect(): void {
		const { wifi } = this;
		if (wifi === undefined || wifi.connection < WIFI_CONNECTION.connecting) return;
		this.leftAt = this.options.clock.monotonic();
		wifi.disconnect();
	}

	/** Gives the interface's object up, and with it a scan that runs. */
	private drop(): void {
		this.wifi?.close();
		this.wifi = undefined;
	}

	/** The one timer. */
	private after(delay: number, callback: () => void): void {
		this.stopTimer();
		this.timer = this.options.clock.setTimer(() => {
			this.timer = undefined;
			callback();
		}, delay);
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
	}
}

function isIPv4(address: string): boolean {
	return address.includes(".") && address !== "0.0.0.0";
}
