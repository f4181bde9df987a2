/**
 * The Moddable SDK's modules as the folders of the platforms use them, for a compiler that has no SDK. mcconfig's has the
 * SDK's own typings instead of these, so that each build holds the two together.
 * @module
 */

declare module "timer" {
	const Timer: {
		set(callback: () => void, delay: number): object;
		clear(timer: object | null | undefined): void;
		delay(milliseconds: number): void;
	};
	export default Timer;
}

declare module "time" {
	const Time: { readonly ticks: number; set(seconds: number): void };
	export default Time;
}

declare module "net" {
	const Net: { resolve(name: string, callback: (name: string, address?: string) => void): void };
	export default Net;
}

declare module "Resource" {
	const Resource: new (path: string) => HostBuffer;
	export default Resource;
}

declare module "mc/config" {
	const config: Readonly<Record<string, unknown>>;
	export default config;
}

declare module "embedded:io/socket/tcp" {
	const TCP: unknown;
	export default TCP;
}

declare module "embedded:io/socket/udp" {
	const UDP: unknown;
	export default UDP;
}

declare module "embedded:network/interface/wifi" {
	export default class WiFi {
		constructor(options: { onChanged?: (property: "connection" | "address") => void });
		connect(options: { SSID: string; password?: string }): void;
		disconnect(): void;
		scan(options: { onFound?: (found: { SSID: string }) => void; onComplete?: () => void }): void;
		close(): void;
		readonly connection: number;
		readonly address: string | undefined;
	}
}

declare module "embedded:io/digital" {
	export default class Digital {
		static readonly Output: number;
		constructor(options: { pin: number; mode: number; activeLow?: boolean; initialValue?: 0 | 1 });
		write(value: 0 | 1): void;
	}
}

declare module "embedded:storage/key-value" {
	const storage: unknown;
	export default storage;
}

declare module "embedded:storage/flash" {
	const flash: unknown;
	export default flash;
}

declare module "embedded:update" {
	const update: unknown;
	export default update;
}
