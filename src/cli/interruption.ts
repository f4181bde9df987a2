/**
 * Ctrl-C as something that can be waited for, so that what was opened is closed and what was made is removed.
 * @module
 */
import { ExitCode } from "./failure.js";

/**
 * Resolves at the first SIGINT or SIGTERM, or when nobody reads the output any more (`latchkey demo | head`); the second
 * signal ends the process at once, with what is to be done on `exit`.
 */
export function interruption(): Promise<void> {
	return new Promise((resolve) => {
		let interrupted = false;
		const signalled = () => {
			if (interrupted) process.exit(ExitCode.interrupted);
			interrupted = true;
			resolve();
		};
		process.on("SIGINT", signalled).on("SIGTERM", signalled);
		process.stdout.on("error", () => resolve());
	});
}

/** Lets output that nobody reads pass as what it is: no defect. Other errors of it are. */
export function tolerateClosedOutput(): void {
	for (const stream of [process.stdout, process.stderr])
		stream.on("error", (error: NodeJS.ErrnoException) => {
			if (error.code !== "EPIPE") throw error;
		});
}
