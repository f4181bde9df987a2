/**
 * A device's store that forgets everything when the command ends.
 * @module
 */
import type { KeyValueStore } from "../device/ports.js";

export function memoryStore(): KeyValueStore {
	const values = new Map<string, ArrayBuffer>();
	return {
		read: (key) => values.get(key)?.slice(),
		write: (key, value) => void values.set(key, value.slice()),
		delete: (key) => void values.delete(key),
	};
}
