/**
 * `npm run bench:device`: size, memory, instructions, bytes on the wire and time of the device core, each figure beside a
 * baseline of the same run or a recorded budget.
 *
 * `-- --json` prints an array of rows instead of the table; `-- --record` writes the table into `docs/performance.md`;
 * `-- --check` exits with 1 and says why where an exact figure is more than 3 % above the one that is kept there.
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type EngineTarget, ensureEngine, type XsEngine, XsUnavailableError } from "../xs/index.js";
import { benchBytes } from "./bytecode.js";
import { benchConnect } from "./connect.js";
import { benchHeap } from "./heap.js";
import { benchInstructions } from "./instructions.js";
import { complaints, readRecorded, withRecorded } from "./recorded.js";
import { printTable, type Row } from "./rows.js";
import { benchTimes } from "./times.js";
import { benchWire } from "./wire.js";
import type { BenchEngines } from "./world.js";

const DOCUMENT = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));
const BENCH = "bench:device";
const OPTIONS: ReadonlySet<string> = new Set(["--json", "--record", "--check"]);

const given = process.argv.slice(2);
const unknown = given.find((option) => !OPTIONS.has(option));
if (unknown !== undefined) fail(2, `${BENCH}: unknown option ${unknown}; there are ${[...OPTIONS].join(", ")}`);

const rows = await runBenches(await openEngines());
if (given.includes("--json")) console.log(JSON.stringify(rows, undefined, "\t"));
else printTable(rows);
if (given.includes("--record")) await record(rows);
if (given.includes("--check")) await check(rows);

/** All three forms of the engine. Where one cannot be had the process ends, and says what to install. */
async function openEngines(): Promise<BenchEngines> {
	const [x64, x32, rv32] = [await openEngine("x64"), await openEngine("x32"), await openEngine("rv32")];
	if (!x64.native) fail(1, `${BENCH}: the device's C is not in the engine; ${x64.nativeRemedy}`);
	return { x64, x32, rv32 };
}

async function openEngine(target: EngineTarget): Promise<XsEngine> {
	try {
		return await ensureEngine({ target, onProgress: ({ step }) => progress(`XS engine for ${target}: ${step}`) });
	} catch (error) {
		if (!(error instanceof XsUnavailableError)) throw error;
		return fail(1, `${BENCH}: ${error.message}; ${error.remedy}`);
	}
}

async function runBenches(engines: BenchEngines): Promise<Row[]> {
	const startedAt = performance.now();
	const rows = [
		...(await benchBytes(engines, progress)),
		...(await benchHeap(engines, progress)),
		...(await benchInstructions(engines, progress)),
		...benchWire(),
		...(await benchConnect(engines, progress)),
		...(await benchTimes(engines, progress)),
	];
	progress(`done in ${Math.round((performance.now() - startedAt) / 1000)} s`);
	return rows;
}

async function record(rows: readonly Row[]): Promise<void> {
	await writeFile(DOCUMENT, withRecorded(await readFile(DOCUMENT, "utf8"), BENCH, rows));
}

async function check(rows: readonly Row[]): Promise<void> {
	const told = complaints(readRecorded(await readFile(DOCUMENT, "utf8"), BENCH), rows);
	if (told.length === 0) return;
	const remedy = "If that is meant to be, keep the new figures: npm run bench:device -- --record";
	fail(1, [...told, remedy].join("\n"));
}

function progress(what: string): void {
	process.stderr.write(`${what} …\n`);
}

function fail(exitCode: number, why: string): never {
	process.stderr.write(`${why}\n`);
	process.exit(exitCode);
}
