/**
 * What an application keeps across a loss of power: small values, one key of the store each.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { Utf8Error, utf8Decode, utf8Encode } from "../encoding/utf8.js";
import type { KeyValueStore } from "../ports.js";
import type { Json } from "./application.js";
import { parsed } from "./message.js";

/** What the keys begin with; no key of the core does. */
const PREFIX = "app-";
const NAME = /^[\w-]{1,11}$/;

export class Keepsakes {
	private readonly store: KeyValueStore;

	constructor(store: KeyValueStore) {
		this.store = store;
	}

	/** `undefined` where nothing is kept under this name, or what is there cannot be read any more. */
	recall(name: string): Json | undefined {
		const key = keyOf(name);
		const value = attempt(() => this.store.read(key));
		return value === undefined ? undefined : parsed(textOf(value));
	}

	/** @throws {DeviceError} step `application`, code `unusable-name` or `store-failed`. */
	remember(name: string, value: Json): void {
		const key = keyOf(name);
		attempt(() => this.store.write(key, utf8Encode(JSON.stringify(value)).slice().buffer));
	}
}

function keyOf(name: string): string {
	if (NAME.test(name)) return `${PREFIX}${name}`;
	throw new DeviceError({
		code: "unusable-name",
		step: "application",
		cause: "expected a name of 1..11 letters, digits, _ or -",
		remedy: "choose another name",
	});
}

function attempt<Result>(act: () => Result): Result {
	try {
		return act();
	} catch (error) {
		throw new DeviceError({
			code: "store-failed",
			step: "application",
			cause: `the store failed (${String(error)})`,
			remedy: "keep less, or give the device a larger NVS partition",
		});
	}
}

function textOf(value: ArrayBuffer): string | undefined {
	try {
		return utf8Decode(new Uint8Array(value));
	} catch (error) {
		if (!(error instanceof Utf8Error)) throw error;
		return undefined;
	}
}
