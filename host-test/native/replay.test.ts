import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { TLS_FAILURE } from "../../src/firmware/native/tls-failure.js";
import { runProgram } from "../xs/engine/run-program.js";
import { canRun } from "./native-test.js";
import { ensureProgram } from "./programs.js";
import { record } from "./recording.js";

let replay = "";
let recording: Buffer = Buffer.alloc(0);

const ready = await canRun(async () => {
	replay = await ensureProgram("replay");
	recording = await record();
});

if (ready) {
	test("a recorded connection is accepted, and cut off or changed at any byte it is not", async (t) => {
		const folder = await mkdtemp(join(tmpdir(), "latchkey-replay-"));
		try {
			const file = join(folder, "recording");
			await writeFile(file, recording);
			const end = await runProgram([replay, file], folder, process.env);
			t.is(end.exitCode, 0, end.stdout + end.stderr);
			const { bytes, handshake, failures } = JSON.parse(end.stdout);
			t.true(handshake > 300 && handshake < bytes);
			const names = new Map(Object.entries(TLS_FAILURE).map(([name, number]) => [String(number), name]));
			t.log(
				bytes,
				handshake,
				Object.entries(failures)
					.map(([number, count]) => `${names.get(number)} ${count}`)
					.join(", "),
			);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});
}
