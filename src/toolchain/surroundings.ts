/**
 * The machine that the firmware is built on, as far as a look at it goes: what is set, what is there, what a tool answers.
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What a short-lived program answered; `undefined` where it could not be run. */
export interface Answer {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

export interface Surroundings {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Node's name of the system: `linux`, `darwin`. */
	readonly system: string;
	exists(path: string): boolean;
	/** Runs a program to its end, without input; `path` instead of PATH. */
	ask(command: readonly [string, ...string[]], path?: string): Answer | undefined;
}

/** Milliseconds that a program may take to answer. */
const PATIENCE = 60_000;

export const thisMachine: Surroundings = {
	environment: process.env,
	system: process.platform,
	exists: existsSync,
	ask([program, ...values], path) {
		const env = path === undefined ? process.env : { ...process.env, PATH: path };
		const { error, status, stdout, stderr } = spawnSync(program, values, {
			env,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "pipe"],
			timeout: PATIENCE,
		});
		return error === undefined ? { exitCode: status ?? 1, stdout, stderr } : undefined;
	},
};
