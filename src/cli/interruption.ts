/**
 * Ctrl-C as something that can be waited for, so that what was opened is closed and what was made is removed.
 * @module
 */
import { ExitCode } from "./failure.js";

/** Ctrl-C, kill, the terminal closed, Ctrl-\\. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/**
 * Resolves at the first of {@link SIGNALS}, or when nobody reads the output any more (`latchkey demo | head`); the second
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
		for (const signal of SIGNALS) process.on(signal, signalled);
		process.stdout.on("error", () => resolve());
	});
}

/** Output that nobody reads is no defect; output that cannot be written (a full disk) ends the command in a line. */
export function watchOutput(): void {
	for (const stream of [process.stdout, process.stderr])
		stream.on("error", ({ code }: NodeJS.ErrnoException) => {
			if (code === "EPIPE") return;
			if (stream === process.stdout) process.stderr.write(`latchkey: the output cannot be written (${code})\n`);
			process.exit(ExitCode.failure);
		});
}
