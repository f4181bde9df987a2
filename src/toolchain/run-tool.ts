/**
 * Runs the SDK's tools to their end and tells their lines as they come.
 * @module
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ToolRun {
	readonly command: readonly [string, ...string[]];
	readonly folder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Each line of either output; what it is worth is up to the caller. */
	readonly onLine: (line: string) => void;
	/** Ends the tool, and what it has started. */
	readonly signal?: AbortSignal | undefined;
}

/** @returns its exit code; -1 where a signal ended it. @throws where it could not be run. */
export async function runTool({ command, folder, environment, onLine, signal }: ToolRun): Promise<number> {
	const [program, ...values] = command;
	const tool = spawn(program, values, {
		cwd: folder,
		env: environment,
		stdio: ["ignore", "pipe", "pipe"],
		// A group of its own: make and what it runs end together.
		detached: true,
	});
	const end = () => endGroup(tool.pid);
	signal?.addEventListener("abort", end, { once: true });
	for (const stream of [tool.stdout, tool.stderr]) createInterface({ input: stream }).on("line", onLine);
	try {
		return await new Promise<number>((resolve, reject) => {
			tool.once("error", reject);
			tool.once("close", (code) => resolve(code ?? -1));
		});
	} finally {
		signal?.removeEventListener("abort", end);
	}
}

function endGroup(group: number | undefined): void {
	try {
		if (group !== undefined) process.kill(-group, "SIGTERM");
	} catch (error) {
		// It has ended by itself meanwhile.
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}
