/**
 * AVA's `test` for tests that need the XS engine.
 * @module
 */
import test, { type ExecutionContext } from "ava";
import { ensureEngine, type XsEngine, XsUnavailableError } from "./index.js";

/** As `test.serial`; `run` is given the engine. */
export type EngineTest = (title: string, run: (t: ExecutionContext, engine: XsEngine) => Promise<void>) => void;

/**
 * Makes sure of the engine, then registers tests. Where it cannot be had (no compiler, no network) one line says so
 * and how to get it, and the tests are left out; with CI=true that is a failure. Any other failure to build throws.
 */
export async function engineTest(): Promise<EngineTest> {
	try {
		const engine = await ensureEngine({
			onProgress: ({ step }) => {
				if (step === "unpack") process.stderr.write("Building the XS engine, once: some 15 seconds on two cores.\n");
			},
		});
		return (title, run) => test.serial(title, (t) => run(t, engine));
	} catch (error) {
		if (!(error instanceof XsUnavailableError && ["no-compiler", "fetch-failed"].includes(error.code))) throw error;
		leaveOut(`NOT RUN IN XS: ${error.message}. To have them run: ${error.remedy}`);
		return () => undefined;
	}
}

function leaveOut(line: string): void {
	if (process.env["CI"] === "true") {
		test("the XS engine is there", (t) => t.fail(line));
		return;
	}
	process.stderr.write(`${line}\n`);
	test(`left out: ${line}`, (t) => t.pass());
}
