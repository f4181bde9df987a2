/**
 * A program that answers each line on its stdin with one on its stdout.
 * @module
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export class LineProcess {
	private readonly child: ChildProcessByStdio<Writable, Readable, null>;
	private readonly waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
	/** Why it answers no more. */
	private readonly ended: Promise<Error>;
	private end: Error | undefined;

	/** @param environment variables besides those of this process. */
	constructor(command: string, parameters: readonly string[], environment: Readonly<Record<string, string>>) {
		const env = { ...process.env, ...environment };
		this.child = spawn(command, parameters, { env, stdio: ["pipe", "pipe", "inherit"] });
		createInterface({ input: this.child.stdout }).on("line", (line) => this.waiting.shift()?.resolve(line));
		// What is written after its end is answered by its end.
		this.child.stdin.on("error", () => {});
		const name = `${command} ${parameters[0] ?? ""}`;
		this.ended = new Promise((resolve) => {
			this.child.on("error", resolve);
			// Not "exit": its last lines may still be on their way then.
			this.child.on("close", (code, signal) =>
				resolve(new Error(`${name} ended with ${signal ?? `exit code ${code}`}`)),
			);
		});
		void this.ended.then((error) => {
			this.end = error;
			for (const { reject } of this.waiting.splice(0)) reject(error);
		});
	}

	/** Sends a value as a line of JSON; the answer is the next line, as JSON. Rejects where the program has ended, or ends. */
	async ask(request: unknown): Promise<unknown> {
		if (this.end !== undefined) throw this.end;
		const answer = new Promise<string>((resolve, reject) => this.waiting.push({ resolve, reject }));
		this.child.stdin.write(`${JSON.stringify(request)}\n`);
		return JSON.parse(await answer);
	}

	/** Lets it answer what it was asked, and end. */
	async close(): Promise<void> {
		this.child.stdin.end();
		await this.ended;
	}
}
