/**
 * Runs the `latchkey` command as its user does: in a process of its own, watched through its output.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../src/cli/latchkey.js", import.meta.url));

export interface Finished {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunOptions {
	readonly environment?: Readonly<Record<string, string | undefined>>;
	readonly folder?: string;
	readonly input?: string;
	/** What is run in place of the command itself, and its first arguments. */
	readonly program?: readonly [string, readonly string[]];
}

/** A command that runs. */
export class Running {
	readonly finished: Promise<Finished>;
	private readonly child: ChildProcess;
	private readonly lines: string[] = [];
	private errors = "";
	private wake: () => void = () => {};

	constructor(args: readonly string[], options: RunOptions = {}) {
		const [program, leading] = options.program ?? [process.execPath, [COMMAND]];
		this.child = spawn(program, [...leading, ...args], {
			cwd: options.folder,
			env: { ...process.env, NO_COLOR: "1", NODE_OPTIONS: "", ...options.environment },
			stdio: ["pipe", "pipe", "pipe"],
		});
		this.child.stdin?.end(options.input ?? "");
		this.child.stderr?.on("data", (chunk) => {
			this.errors += chunk;
			this.wake();
		});
		createInterface({ input: this.child.stdout! }).on("line", (line) => {
			this.lines.push(line);
			this.wake();
		});
		this.finished = new Promise((resolve) => {
			this.child.on("close", (code) => {
				resolve({ code, stdout: this.lines.map((line) => `${line}\n`).join(""), stderr: this.errors });
				this.wake();
			});
		});
	}

	/** The first line of output of which `matches` holds; rejects when the command ends without it. */
	async line(matches: (line: string) => boolean): Promise<string> {
		for (let at = 0; ; at++) {
			while (at >= this.lines.length) {
				if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode} before the line`);
				await new Promise<void>((resolve) => {
					this.wake = resolve;
				});
			}
			const line = this.lines[at]!;
			if (matches(line)) return line;
		}
	}

	/** The first JSON line of which `matches` holds; rejects when the command ends without it. */
	async event(matches: (event: Event) => boolean): Promise<Event> {
		return JSON.parse(await this.line((line) => matches(JSON.parse(line) as Event))) as Event;
	}

	/** Resolves when the error output matches; rejects when the command ends without it. */
	async complaint(pattern: RegExp): Promise<void> {
		while (!pattern.test(this.errors)) {
			if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode} before it complained`);
			await new Promise<void>((resolve) => {
				this.wake = resolve;
			});
		}
	}

	/** Stops reading, as `head` does. */
	closeOutput(): void {
		this.child.stdout?.destroy();
	}

	get processId(): number {
		return this.child.pid!;
	}

	interrupt(signal: NodeJS.Signals = "SIGINT"): Promise<Finished> {
		this.child.kill(signal);
		return this.finished;
	}
}

/** A JSON line of the command's output. */
export type Event = { readonly event: string } & Record<string, unknown>;

/** Runs a command to its end. */
export function latchkey(args: readonly string[], options?: RunOptions): Promise<Finished> {
	return new Running(args, options).finished;
}

/** The JSON lines of an output. */
export function eventsOf(stdout: string): Event[] {
	return stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as Event);
}
