/**
 * Forgetting of secrets.
 * @module
 */

/**
 * Fills `bytes` with zeros, so that a key does not lie in memory longer than it is needed. A buffer is all that can be
 * wiped: a BigInt or a string that was made of it stays until the engine writes something else there.
 */
export function wipe(bytes: Uint8Array): void {
	bytes.fill(0);
}
