/**
 * AVA's `test` for tests that need the XS engine.
 * @module
 */
import test, { type ExecutionContext } from "ava";
import { type EngineTarget, ensureEngine, type XsEngine, XsUnavailableError } from "./index.js";

/** As `test.serial`; `run` is given the engine. */
export type EngineTest = (title: string, run: (t: ExecutionContext, engine: XsEngine) => Promise<void>) => void;

/**
 * Makes sure of the engine, then registers tests. Where it cannot be had (no compiler, no emulator, no network) one line
 * says so and how to get it, and the tests are left out; with CI=true that is a failure. Any other failure to build throws.
 */
export async function engineTest(target: EngineTarget = "x64"): Promise<EngineTest> {
	return testWith(await findEngine(target));
}

/** As {@link engineTest}, for tests of the device's own C in the engine: left out as well where that is not in it. */
export async function nativeTest(): Promise<EngineTest> {
	return testWith(await findNativeEngine());
}

/** An engine with the device's own C in it; `undefined` where there is none, which one line says, or a failure in CI. */
export async function findNativeEngine(): Promise<XsEngine | undefined> {
	const engine = await findEngine("x64");
	if (engine === undefined || engine.native) return engine;
	leaveOut("x64 with mbedTLS", `the device's C is not in the engine. To have them run: ${engine.nativeRemedy}`);
	return undefined;
}

function testWith(engine: XsEngine | undefined): EngineTest {
	if (engine === undefined) return () => undefined;
	return (title, run) => test.serial(title, (t) => run(t, engine));
}

async function findEngine(target: EngineTarget): Promise<XsEngine | undefined> {
	try {
		return await ensureEngine({
			target,
			onProgress: ({ step }) => {
				if (step === "unpack")
					process.stderr.write(`Building the XS engine for ${target}, once: some 15 seconds on two cores.\n`);
			},
		});
	} catch (error) {
		if (!(error instanceof XsUnavailableError && error.isMissing)) throw error;
		leaveOut(target, `${error.message}. To have them run: ${error.remedy}`);
		return undefined;
	}
}

/** Registers one test in place of those left out. */
function leaveOut(what: string, why: string): void {
	if (process.env["CI"] === "true") {
		test(`the XS engine is there: ${what}`, (t) => t.fail(why));
		return;
	}
	process.stderr.write(`NOT RUN IN XS (${what}): ${why}\n`);
	test(`left out (${what}): ${why}`, (t) => t.pass());
}
