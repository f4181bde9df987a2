/**
 * A machine whose tools are the test's: what is set, what is there, and what each program answers.
 * @module
 */
import type { Answer, Surroundings } from "../../src/toolchain/surroundings.js";

export interface ScriptedMachine {
	readonly environment?: Readonly<Record<string, string>>;
	readonly system?: string;
	/** Paths that are there. */
	readonly paths?: readonly string[];
	/** What a command prints, by its beginning; others cannot be run. `undefined`: it fails. */
	readonly answers?: Readonly<Record<string, string | undefined>>;
}

export function scripted({
	environment = {},
	system = "linux",
	paths = [],
	answers = {},
}: ScriptedMachine): Surroundings {
	return {
		environment,
		system,
		exists: (path) => paths.includes(path),
		ask(command): Answer | undefined {
			const line = command.join(" ");
			const known = Object.keys(answers).find((beginning) => line.startsWith(beginning));
			if (known === undefined) return undefined;
			const stdout = answers[known];
			return stdout === undefined
				? { exitCode: 1, stdout: "", stderr: "" }
				: { exitCode: 0, stdout: `${stdout}\n`, stderr: "" };
		},
	};
}

/** A machine with everything. */
export const COMPLETE: ScriptedMachine = {
	environment: { MODDABLE: "/sdk", IDF_PATH: "/idf", PATH: "/bin", DISPLAY: ":0" },
	paths: ["/sdk/xs", "/sdk/build/bin/lin/release/mcconfig", "/sdk/build/bin/lin/release/mcsim", "/idf/export.sh"],
	answers: {
		"git -C /sdk describe": "8.2.3",
		"git -C /idf describe": "v6.0",
		"git --version": "git version 2.39.5",
		"which mcconfig": "/sdk/build/bin/lin/release/mcconfig",
		"which Xvfb": "/usr/bin/Xvfb",
		"tsc --version": "Version 7.0.2",
		"cc -E": '#define MBEDTLS_VERSION_STRING "2.28.3"',
		"pkg-config --exists gio-2.0": "",
	},
};
