/**
 * Runs a program to its end and keeps what it printed.
 * @module
 */
import { spawn } from "node:child_process";

export interface ProgramEnd {
	/** `null` when the program could not be started or was ended by a signal. */
	readonly exitCode: number | null;
	readonly stdout: string;
	/** What it printed there, or why it could not be started. */
	readonly stderr: string;
}

/**
 * Never rejects: a program that is not there ends like one that fails.
 * @param folder its working directory.
 */
export function runProgram(
	command: readonly string[],
	folder: string,
	environment: NodeJS.ProcessEnv,
): Promise<ProgramEnd> {
	const [program, ...args] = command;
	return new Promise((resolve) => {
		const child = spawn(program!, args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
		let stdout = "";
		let stderr = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			stdout += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			stderr += text;
		});
		child.once("error", (error) => resolve({ exitCode: null, stdout, stderr: error.message }));
		child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
	});
}
