/**
 * What an application keeps across a loss of power: small values, one key of the store each.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { utf8Encode } from "../encoding/utf8.js";
import type { KeyValueStore } from "../ports.js";
import type { Json } from "./application.js";
import { parsed, textOf } from "./message.js";

/** What the keys begin with; no key of the core does. */
const PREFIX = "app-";

export class Keepsakes {
	private readonly store: KeyValueStore;

	constructor(store: KeyValueStore) {
		this.store = store;
	}

	/** `undefined` where nothing is kept under this name, or what is there cannot be read any more. */
	recall(name: string): Json | undefined {
		const key = keyOf(name);
		const value = attempt(() => this.store.read(key));
		return value === undefined ? undefined : parsed(textOf(new Uint8Array(value)));
	}

	/** @throws {DeviceError} step `application`, code `unusable-name`, `unusable-value` or `store-failed`. */
	remember(name: string, value: Json): void {
		const key = keyOf(name);
		const json = utf8Encode(jsonOf(value)).slice().buffer;
		attempt(() => this.store.write(key, json));
	}
}

/** @throws {DeviceError} step `application`, code `unusable-value` for what JSON cannot say: `undefined`, a function, a ring. */
export function jsonOf(value: Json): string {
	let json: string | undefined;
	try {
		json = JSON.stringify(value);
	} catch {
		// What the engine says of it differs from one to the next.
	}
	if (json !== undefined) return json;
	throw new DeviceError({
		code: "unusable-value",
		step: "application",
		cause: `JSON has no form for this value (its type is ${typeof value})`,
		remedy: "give text, numbers, lists and objects of them",
	});
}

function keyOf(name: string): string {
	if (/^[\w-]{1,11}$/.test(name)) return `${PREFIX}${name}`;
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
