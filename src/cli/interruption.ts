/**
 * Ctrl-C as something that can be waited for, so that what was opened is closed and what was made is removed.
 * @module
 */

/**
 * Resolves at the first SIGINT or SIGTERM, or when nobody reads the output any more (`latchkey demo | head`); the second
 * signal ends the process at once.
 */
export function interruption(): Promise<void> {
	return new Promise((resolve) => {
		const once = () => {
			process.off("SIGINT", once).off("SIGTERM", once);
			resolve();
		};
		process.on("SIGINT", once).on("SIGTERM", once);
		process.stdout.on("error", once);
	});
}

/** Lets output that nobody reads pass as what it is: no defect. Other errors of it are. */
export function tolerateClosedOutput(): void {
	for (const stream of [process.stdout, process.stderr])
		stream.on("error", (error: NodeJS.ErrnoException) => {
			if (error.code !== "EPIPE") throw error;
		});
}
