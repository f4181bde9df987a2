import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { buildTime } from "../../src/toolchain/build.js";
import { ROOT } from "../../src/toolchain/sdk.js";
import { eventsOf, type Finished, latchkey } from "../cli/run.js";
import { scripted } from "./scripted-machine.js";

const MAIN = join(ROOT, "src/toolchain/main.ts");

/** Runs the script behind `npm run firmware:*` as a process, on a machine without an SDK. */
function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Finished> {
	return latchkey(words, {
		program: [process.execPath, ["--import", import.meta.resolve("tsx"), MAIN]],
		folder: tmpdir(),
		environment: { MODDABLE: undefined, IDF_PATH: undefined, ...environment },
	});
}

test("every command has help with examples", async (t) => {
	const helps = await Promise.all(["build", "flash", "check", "sim", "doctor"].map((verb) => run([verb, "--help"])));
	for (const { code, stdout } of helps) {
		t.is(code, 0);
		t.regex(stdout, /Examples:\n {2}\$ npm run /);
	}
});

test("without the SDK each says what to install, without a stack, and exits 1", async (t) => {
	const verbs = [["build"], ["flash"], ["check"], ["sim", "--store", join(tmpdir(), "latchkey-unused")]];
	for (const { code, stderr } of await Promise.all(verbs.map((words) => run(words)))) {
		t.is(code, 1);
		t.regex(
			stderr,
			/^firmware: the Moddable SDK was not found: MODDABLE is not set \(no-sdk\)\nremedy: .*xs-dev setup/,
		);
		t.notRegex(stderr, /\n\s+at /);
	}
});

test("MODDABLE that leads nowhere is named", async (t) => {
	const { code, stderr } = await run(["check"], { MODDABLE: "/nowhere" });
	t.is(code, 1);
	t.regex(stderr, /there is none in MODDABLE, \/nowhere/);
});

test("a wrong usage exits 2", async (t) => {
	const usages = [
		["build", "--target", "esp8266"],
		["build", "--encrypt-nvs"],
		["build", "--firmware-version", "x"],
		["check", "--target", "pico"],
		["sim", "--access-point", "sleepy"],
		["sim", "--time-server", "a:0"],
		["sim", "--endpoint", "localhost:8443"],
		["sim", "--seconds", "0"],
		["explode"],
	];
	for (const { code, stderr } of await Promise.all(usages.map((words) => run(words)))) {
		t.is(code, 2, stderr);
		t.notRegex(stderr, /\n\s+at /);
	}
});

test("the doctor says what is missing, as lines for programs too, and exits 1", async (t) => {
	const { code, stdout } = await run(["doctor", "--json"]);
	t.is(code, 1);
	t.true(
		eventsOf(stdout).some(({ name, isThere, remedy }) => name === "Moddable SDK" && !isThere && remedy !== undefined),
	);
});

test("the time of a build is now, or what SOURCE_DATE_EPOCH says", (t) => {
	const before = Date.now();
	t.true(buildTime(scripted({})) >= before);
	t.is(buildTime(scripted({ environment: { SOURCE_DATE_EPOCH: "1800000000" } })), 1_800_000_000_000);
	t.throws(() => buildTime(scripted({ environment: { SOURCE_DATE_EPOCH: "today" } })), {
		code: "wrong-variable",
	} as object);
});
