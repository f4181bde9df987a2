/**
 * How the engine is fetched, checked, built and cached: with a compiler that only pretends, so that it takes no time.
 * That the real one builds a working engine is what all other tests here rest on.
 * @module
 */
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExecutionContext } from "ava";
import plain from "ava";
import { engineTest } from "../engine-test.js";
import { type EngineProgress, ensureEngine, findCompiler, type XsEngine, XsUnavailableError } from "../index.js";

const test = await engineTest();

/** Answers as gcc does, notes each compilation in `compiled`, and makes a "program" of its arguments. */
function pretendingCompiler(version = "1.0", moreCases = ""): string {
	return `#!/bin/sh
for last; do :; done
case "$*" in
--version) echo "pretend-cc ${version}" ;;
-dumpmachine) echo "pretend-unknown-linux" ;;
-E*) ;;
${moreCases}
*) [ -z "$PRETEND_ERROR" ] || { echo "$PRETEND_ERROR" >&2; exit 1; }
   echo "$last" >> "$(dirname "$0")/compiled"; echo "$*" > "$last" ;;
esac
`;
}

interface Scene {
	readonly folder: string;
	readonly environment: NodeJS.ProcessEnv;
}

/** An empty cache, with a compiler beside it. */
async function scene(t: ExecutionContext): Promise<Scene> {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-engine-"));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const compiler = join(folder, "cc");
	await writeFile(compiler, pretendingCompiler());
	await chmod(compiler, 0o755);
	await mkdir(join(folder, "cache", "xs"), { recursive: true });
	return { folder, environment: { ...process.env, CC: compiler, LATCHKEY_CACHE: join(folder, "cache") } };
}

/** The same with the tarball already there. */
async function sceneWithTarball(t: ExecutionContext, engine: XsEngine): Promise<Scene> {
	const made = await scene(t);
	const tarball = "xsnap-0.15.0.tgz";
	await copyFile(join(dirname(dirname(engine.program)), tarball), join(made.folder, "cache", "xs", tarball));
	return made;
}

plain("a compiler is found with its version and target", async (t) => {
	const { environment, folder } = await scene(t);
	t.deepEqual(await findCompiler(environment), {
		command: [join(folder, "cc")],
		version: "pretend-cc 1.0 pretend-unknown-linux",
	});
});

plain("CC may hold arguments, and a CC that does not work is not passed over", async (t) => {
	const { environment, folder } = await scene(t);
	const command = ["env", "PRETEND=1", join(folder, "cc")];
	t.deepEqual((await findCompiler({ ...environment, CC: command.join(" ") }))?.command, command);
	t.is(await findCompiler({ ...process.env, CC: "/nowhere/cc" }), undefined);
});

plain("without a compiler the error says what to install", async (t) => {
	const { environment } = await scene(t);
	const without = { ...environment, CC: "", PATH: "/nowhere" };
	const error = await t.throwsAsync<XsUnavailableError>(ensureEngine({ environment: without }), {
		instanceOf: XsUnavailableError,
		code: "no-compiler",
	});
	t.is(error!.remedy, "install a C compiler: apt-get install gcc libc6-dev");
});

plain("a registry that npm cannot reach is told, with the place where the tarball may be put", async (t) => {
	const { environment, folder } = await scene(t);
	const offline = { npm_config_registry: "http://127.0.0.1:1/", npm_config_fetch_retries: "0" };
	const cache = { npm_config_cache: join(folder, "npm") };
	const error = await t.throwsAsync<XsUnavailableError>(
		ensureEngine({ environment: { ...environment, ...offline, ...cache } }),
		{ instanceOf: XsUnavailableError, code: "fetch-failed", message: /ECONNREFUSED/ },
	);
	t.true(error!.remedy.includes(join(folder, "cache", "xs", "xsnap-0.15.0.tgz")));
});

plain("a tarball that is not the published one is refused and removed", async (t) => {
	const { environment, folder } = await scene(t);
	const tarball = join(folder, "cache", "xs", "xsnap-0.15.0.tgz");
	await writeFile(tarball, "something else");
	await t.throwsAsync(ensureEngine({ environment }), { instanceOf: XsUnavailableError, code: "integrity" });
	t.deepEqual(await readdir(join(folder, "cache", "xs")), []);
});

test("a build tells its steps, and the next call finds it done", async (t, engine) => {
	const { environment } = await sceneWithTarball(t, engine);
	const told: EngineProgress[] = [];
	const onProgress = (progress: EngineProgress) => told.push(progress);
	const built = await ensureEngine({ environment, onProgress });
	t.deepEqual([...new Set(told.map(({ step }) => step))], ["fetch", "verify", "unpack", "compile", "link"]);
	const compiled = told.filter(({ step }) => step === "compile");
	t.true(compiled.length > 45);
	t.deepEqual(
		compiled.map(({ done }) => done),
		compiled.map((_, i) => i + 1),
	);
	t.true(compiled.every(({ total }) => total === compiled.length));
	told.length = 0;
	t.deepEqual(await ensureEngine({ environment, onProgress }), built);
	t.deepEqual(told, []);
});

test("two that want the engine at once build it once", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	const [first, second] = await Promise.all([ensureEngine({ environment }), ensureEngine({ environment })]);
	t.deepEqual(first, second);
	const compiled = (await readFile(join(folder, "compiled"), "utf8")).trim().split("\n");
	t.is(new Set(compiled).size, compiled.length);
});

test("a lock whose holder is gone is passed over", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	const { program } = await ensureEngine({ environment });
	await rm(dirname(program), { recursive: true });
	// No process has this id: Linux ends at 2^22.
	await writeFile(`${dirname(program)}.lock`, "99999999");
	t.deepEqual(await ensureEngine({ environment }), { program });
	t.deepEqual((await readdir(join(folder, "cache", "xs"))).sort(), [program.split("/").at(-2), "xsnap-0.15.0.tgz"]);
});

test("another compiler makes another engine", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	const first = await ensureEngine({ environment });
	await writeFile(join(folder, "cc"), pretendingCompiler("2.0"));
	const second = await ensureEngine({ environment });
	t.not(first.program, second.program);
});

test("a compilation that fails is told with what the compiler said, and leaves nothing behind", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	const failing = { ...environment, PRETEND_ERROR: "xsRun.c:1: too modern" };
	await t.throwsAsync(ensureEngine({ environment: failing }), {
		instanceOf: XsUnavailableError,
		code: "build-failed",
		message: /xsRun\.c:1: too modern/,
	});
	t.deepEqual(await readdir(join(folder, "cache", "xs")), ["xsnap-0.15.0.tgz"]);
});

test("our own part of the engine compiles without a warning", async (t, engine) => {
	const compiler = await findCompiler();
	const { environment, folder } = await sceneWithTarball(t, engine);
	const forReal = `*-Wextra*) exec ${compiler!.command.join(" ")} -Werror "$@" ;;`;
	await writeFile(join(folder, "cc"), pretendingCompiler("1.0", forReal));
	await t.notThrowsAsync(ensureEngine({ environment }));
});
