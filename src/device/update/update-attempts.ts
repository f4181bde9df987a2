/**
 * How often an image was received whole, in the store: one that does not stay must not be fetched and booted for ever, as
 * a retained offer would have it.
 *
 *     4  version
 *     1  times
 *     4  CRC-32 of all before
 *
 * The most significant byte comes first. A record that power tore counts as none: the image is tried once more. One of an
 * image that stayed needs not be forgotten: only higher versions are taken from then on.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { crc32 } from "../encoding/crc32.js";
import type { KeyValueStore } from "../ports.js";
import { updateError } from "./update-error.js";

/** Times that an image is received whole without being confirmed; then it is refused. */
export const MOST_ATTEMPTS = 3;

const KEY = "update-tries";
const LENGTH = 9;

export class UpdateAttempts {
	private readonly store: KeyValueStore;

	constructor(store: KeyValueStore) {
		this.store = store;
	}

	/** @throws {DeviceError} step `update`, code `store-failed`; so does {@link add}. */
	count(version: number): number {
		const value = attempt(() => this.store.read(KEY));
		if (value === undefined || value.byteLength !== LENGTH) return 0;
		const view = new DataView(value);
		const isWhole = view.getUint32(5) === crc32(new Uint8Array(value, 0, 5));
		return isWhole && view.getUint32(0) === version ? view.getUint8(4) : 0;
	}

	/** The image of this version is whole, and may be booted. */
	add(version: number): void {
		const value = new ArrayBuffer(LENGTH);
		const view = new DataView(value);
		view.setUint32(0, version);
		view.setUint8(4, Math.min(255, this.count(version) + 1));
		view.setUint32(5, crc32(new Uint8Array(value, 0, 5)));
		attempt(() => this.store.write(KEY, value));
	}
}

function attempt<Result>(act: () => Result): Result {
	try {
		return act();
	} catch (error) {
		if (error instanceof DeviceError) throw error;
		throw updateError(
			"store-failed",
			`the store failed (${String(error)})`,
			"look at the store: it may be full, or its flash worn",
		);
	}
}
