import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HOST_FOLDER } from "../xs/engine/build.js";
import { findCompiler } from "../xs/engine/compiler.js";
import { runProgram } from "../xs/engine/run-program.js";
import { unpackSources } from "../xs/engine/sources.js";
import { nativeTest } from "../xs/engine-test.js";
import { NATIVE_FOLDER, WARNINGS } from "./programs.js";

/** The C files that include XS; what its macros make of them counts as ours, what its headers hold does not. */
const BINDING = ["tls_engine_xs.c", "digest_xs.c", "native_host.c"];

/** A compiler that is missing is told by analysis.test.ts. */
const found = await Promise.all(["gcc", "clang"].map((CC) => findCompiler({ ...process.env, CC })));
const compilers = found.flatMap((compiler) => (compiler === undefined ? [] : [compiler.command]));

const test = await nativeTest();

for (const command of compilers) {
	test(`${command.join(" ")} has no warning about the binding for XS`, async (t, engine) => {
		const folder = await mkdtemp(join(tmpdir(), "latchkey-binding-"));
		t.teardown(() => rm(folder, { recursive: true, force: true }));
		const xs = await unpackSources(dirname(dirname(engine.program)), folder, process.env);
		const system = ["includes", "platforms", "sources"].flatMap((name) => ["-isystem", join(xs, name)]);
		const ours = ["-include", join(HOST_FOLDER, "config.h"), `-I${HOST_FOLDER}`, `-I${NATIVE_FOLDER}`];
		for (const level of ["-O0", "-O2", "-Os"]) {
			const options = ["-fsyntax-only", level, ...WARNINGS, "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wvla"];
			const end = await runProgram(
				[...command, ...options, ...ours, ...system, ...BINDING],
				NATIVE_FOLDER,
				process.env,
			);
			t.is(end.exitCode, 0, end.stderr);
			t.is(end.stderr, "");
		}
	});
}
