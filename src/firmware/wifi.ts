/**
 * The Wi-Fi interface as ECMA-419 has it: the Moddable SDK's `embedded:network/interface/wifi`, and a stand-in on Linux.
 * @module
 */

/** What {@link WiFi.connection} can be; a number in between counts as the lower one. */
export const WIFI_CONNECTION = {
	off: 200,
	connecting: 300,
	/** The access point has let the device in; there is no address yet. */
	associated: 400,
	connected: 500,
} as const;

export interface WiFi {
	/**
	 * Starts to join; `onChanged` tells how far it came. It does not try again by itself.
	 * @throws when it is joining already, or the driver refuses.
	 */
	connect(options: { SSID: string; password?: string }): void;
	/** {@link connection} is `off` at once; the driver is not, for a moment. */
	disconnect(): void;
	/** Looks for access points; some seconds. @throws when it is looking already, or is joining. */
	scan(options: { onFound: (found: { readonly SSID: string }) => void; onComplete: () => void }): void;
	/** Ends a scan as well; the interface stays as it is. */
	close(): void;
	readonly connection: number;
	/** IPv4, or while there is none IPv6, as text. */
	readonly address: string | undefined;
}

export type WiFiConstructor = new (options: { onChanged: () => void }) => WiFi;
