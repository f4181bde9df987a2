/**
 * Ctrl-C as something that can be waited for, so that what was opened is closed and what was made is removed.
 * @module
 */

/** Resolves at the first SIGINT or SIGTERM; the second one ends the process at once. */
export function interruption(): Promise<void> {
	return new Promise((resolve) => {
		const once = () => {
			process.off("SIGINT", once).off("SIGTERM", once);
			resolve();
		};
		process.on("SIGINT", once).on("SIGTERM", once);
	});
}
