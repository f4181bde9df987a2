/**
 * What a receiver of updates is given, what it tells its owner, and what it tells the updater.
 * @module
 */
import type { DeviceError } from "../device-error.js";
import type { Clock, FirmwareSlots, Hash } from "../ports.js";
import type { RsaPublicKey } from "../signing/rsa-public-key.js";
import type { UpdateAttempts } from "./update-attempts.js";

export interface UpdateReceiverOptions {
	readonly clock: Clock;
	readonly slots: FirmwareSlots;
	readonly createHash: () => Hash;
	/** Remembers what did not stay. */
	readonly attempts: UpdateAttempts;
	/** The updater's; its private half never is on a device. */
	readonly publicKey: RsaPublicKey;
	/**
	 * What the four topics begin with, such as `devices/dev1/update`: `offer` and `data` below it come in, `request` and
	 * `status` go out. 1..248 bytes of UTF-8, no wildcard, at most 6 slashes: AWS IoT Core takes 256 bytes and 7 slashes.
	 */
	readonly topic: string;
	/**
	 * Publishes while online. May throw, as an agent that is busy does: requests are made again, and of what is told the
	 * last is told when the device comes online. Must not call the receiver.
	 */
	readonly publish: (topic: string, payload: Uint8Array, qos: 0 | 1) => void;
	/**
	 * Bytes asked for at a time, 1..65536; 4096 unless told otherwise. With topic and headers, some 300 bytes, they must be
	 * below the largest packet that the device takes.
	 */
	readonly chunkSize?: number | undefined;
	/**
	 * The image is complete: `restart` boots it, now or whenever the application finds it right; any number of calls are
	 * one. Without it the device restarts by itself after {@link RESTART_DELAY}.
	 */
	readonly onReady?: ((restart: () => void) => void) | undefined;
	/** Must not throw; may call the receiver. */
	readonly onEvent: (event: UpdateEvent) => void;
}

/** Milliseconds between a complete image and a restart that nobody is asked about: what was told goes out in them. */
export const RESTART_DELAY = 5_000;

/** The way of an update. Sizes are bytes; no event holds a secret. */
export type UpdateEvent =
	/** An offer that passed every check: its image is being received. It ends in `update-ready` or `update-failed`. */
	| { readonly event: "update-offered"; readonly version: number; readonly size: number }
	| {
			readonly event: "update-progress";
			readonly version: number;
			readonly received: number;
			readonly size: number;
	  }
	/** An offer was turned down before a byte was written; what was under way goes on. `version` where it could be read. */
	| { readonly event: "update-refused"; readonly version?: number; readonly error: DeviceError }
	/** The image is complete and right, and boots at the next restart. */
	| { readonly event: "update-ready"; readonly version: number }
	/** The image was given up; the device goes on as it is. */
	| { readonly event: "update-failed"; readonly version: number; readonly error: DeviceError };

/** Why an offer was refused or an image given up, as the updater is told. */
interface Trouble {
	/** As `code` of a {@link DeviceError}. */
	readonly code: string;
	readonly cause: string;
	readonly remedy: string;
}

/** What is published to the topic `status`, as JSON in UTF-8. */
export type UpdateStatus =
	| { readonly state: "receiving"; readonly version: number; readonly size: number }
	| { readonly state: "ready"; readonly version: number }
	| ({ readonly state: "refused"; readonly version?: number } & Trouble)
	| ({ readonly state: "failed"; readonly version: number } & Trouble);
