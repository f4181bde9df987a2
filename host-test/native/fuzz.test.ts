import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { runProgram } from "../xs/engine/run-program.js";
import { canRun } from "./native-test.js";
import { ensureProgram } from "./programs.js";

const CORPUS = fileURLToPath(new URL("corpus", import.meta.url));
const RECORDING = join(CORPUS, "recording.bin");

/** Runs are counted, not seconds: the same inputs on every machine. */
const RUNS = 15_000;

let fuzz = "";
let replay = "";

const ready = await canRun(async () => {
	[fuzz, replay] = await Promise.all([ensureProgram("fuzz"), ensureProgram("replay")]);
});

if (ready) {
	test("the corpus's own recording is still accepted, so that fuzzing gets past the handshake", async (t) => {
		const end = await runProgram([replay, RECORDING, "once"], CORPUS, process.env);
		t.is(end.exitCode, 0, end.stdout + end.stderr);
	});

	test(`${RUNS} inputs of a fuzzer: nothing undefined, nothing sent or read before it is open`, async (t) => {
		const folder = await mkdtemp(join(tmpdir(), "latchkey-fuzz-"));
		try {
			// New finds go to the copy.
			await cp(join(CORPUS, "inputs"), folder, { recursive: true });
			const limits = [`-runs=${RUNS}`, "-seed=1", "-max_len=4096", "-timeout=10", "-max_total_time=60"];
			const environment = { ...process.env, LATCHKEY_RECORDING: RECORDING };
			const end = await runProgram([fuzz, ...limits, folder], folder, environment);
			t.is(end.exitCode, 0, end.stderr.slice(-4000));
			t.log(end.stderr.trim().split("\n").at(-1));
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});
}
