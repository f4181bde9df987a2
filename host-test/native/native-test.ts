/**
 * AVA's `test` for tests of the engine's C.
 * @module
 */
import test, { type ExecutionContext } from "ava";
import { NativeEngine } from "./native-engine.js";
import { NativeUnavailableError } from "./programs.js";

/** As `test.serial`; `run` is given an engine's process, of which the sanitizers have found nothing when it ends. */
export type NativeTest = (title: string, run: (t: ExecutionContext, engine: NativeEngine) => Promise<void>) => void;

/**
 * Makes sure of what `prepare` builds. Where a compiler or mbedTLS is missing one line says so and how to get it, and
 * the tests are left out; with CI=true that is a failure.
 * @returns whether the tests can run.
 */
export async function canRun(prepare: () => Promise<unknown>): Promise<boolean> {
	try {
		await prepare();
		return true;
	} catch (error) {
		if (!(error instanceof NativeUnavailableError)) throw error;
		leaveOut(`NOT RUN: ${error.message}`);
		return false;
	}
}

/** One process for all tests of a file: each makes its engine anew, and the last test looks for leaks. */
export async function nativeTest(): Promise<NativeTest> {
	let engine: NativeEngine | undefined;
	const ready = await canRun(async () => {
		engine = await NativeEngine.start();
		await engine.close();
	});
	if (!ready || engine === undefined) return () => undefined;
	const started = engine;
	test.after("no leak, nothing undefined", async () => {
		await started.stop();
	});
	return (title, run) => test.serial(title, (t) => run(t, started));
}

function leaveOut(line: string): void {
	if (process.env["CI"] === "true") {
		test("the engine's tools are there", (t) => t.fail(line));
		return;
	}
	process.stderr.write(`${line}\n`);
	test(`left out: ${line}`, (t) => t.pass());
}
