import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { runProgram } from "../xs/engine/run-program.js";
import { canRun } from "./native-test.js";
import { ENGINE_SOURCES, NATIVE_FOLDER, requireTool, WARNINGS } from "./programs.js";

const STRICT = [...WARNINGS, "-Wpedantic", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wvla", "-Wcast-qual"];

const BUILDS = { device: [], repeatable: ["-DLATCHKEY_TLS_REPEATABLE"] };

const ready = await canRun(async () => {
	for (const tool of ["gcc", "clang", "cppcheck"]) await requireTool(tool);
});

if (ready) {
	for (const compiler of ["gcc", "clang"]) {
		for (const [name, options] of Object.entries(BUILDS)) {
			test(`${compiler} has no warning about the ${name} build`, async (t) => {
				const sources = ENGINE_SOURCES.map((file) => join(NATIVE_FOLDER, file));
				for (const level of ["-O0", "-O2", "-Os"]) {
					const command = [compiler, "-fsyntax-only", level, ...STRICT, ...options, ...sources];
					const end = await runProgram(command, NATIVE_FOLDER, process.env);
					t.is(end.exitCode, 0, end.stderr);
					t.is(end.stderr, "");
				}
			});
		}
	}

	test("clang's analyzer finds nothing", async (t) => {
		const analyzer = ["--analyze", "--analyzer-output", "text", "-Xclang", "-analyzer-werror", "-o", "/dev/null"];
		for (const file of ENGINE_SOURCES) {
			const end = await runProgram(["clang", ...analyzer, "-std=c99", file], NATIVE_FOLDER, process.env);
			t.is(end.exitCode, 0, end.stderr);
		}
	});

	test("cppcheck finds nothing, nor in the binding for XS as far as it reads without XS", async (t) => {
		const files = (await readdir(NATIVE_FOLDER)).filter((name) => name.endsWith(".c"));
		const options = ["--quiet", "--std=c99", "--error-exitcode=1", "--enable=warning,performance,portability"];
		const end = await runProgram(["cppcheck", ...options, `-I${NATIVE_FOLDER}`, ...files], NATIVE_FOLDER, process.env);
		t.is(end.exitCode, 0, end.stderr);
	});
}
