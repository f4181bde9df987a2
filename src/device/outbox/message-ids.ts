/**
 * Ids of messages: they count up, and what lies in the store is brought back into that order after a restart.
 *
 * After the last one comes 1 again. A device that kept one old message for ever would have to add 2^31 others before that was
 * taken for the newest: a hundred times what its flash can be written.
 * @module
 */

/** An id takes four bytes in a record; 0 is none. */
export const LAST_MESSAGE_ID = 0xffff_ffff;

/** The id after `id`. */
export function followingId(id: number): number {
	return id >= LAST_MESSAGE_ID ? 1 : id + 1;
}

/**
 * Sorts in place, the oldest first: the one after the widest gap, as ids go round and those of one outbox lie close together.
 * @param messages each with another id.
 */
export function sortOldestFirst(messages: { readonly id: number }[]): void {
	messages.sort((a, b) => a.id - b.id);
	let widest = 0;
	let oldest = 0;
	for (let at = 0; at < messages.length; at++) {
		const before = at === 0 ? messages[messages.length - 1]!.id - LAST_MESSAGE_ID : messages[at - 1]!.id;
		const gap = messages[at]!.id - before;
		if (gap <= widest) continue;
		widest = gap;
		oldest = at;
	}
	messages.push(...messages.splice(0, oldest));
}
