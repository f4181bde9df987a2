/**
 * How the engine is fetched, checked, built and cached: with a compiler that only pretends, so that it takes no time.
 * That the real one builds a working engine is what all other tests here rest on.
 * @module
 */
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
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
${moreCases}
*--version) echo "pretend-cc ${version}" ;;
*-dumpmachine) echo "pretend-unknown-linux" ;;
-E*|*" -E "*) ;;
*) [ -z "$PRETEND_ERROR" ] || { echo "$PRETEND_ERROR" >&2; exit 1; }
   echo "$last" >> "$(dirname "$0")/compiled"; echo "$*" > "$last" ;;
esac
`;
}

/** The same, with mbedTLS installed. */
const WITH_MBEDTLS = `
*mbedtls/version.h*) echo '#define MBEDTLS_VERSION_STRING "9.9.9"' ;;
-print-file-name=*) echo "/somewhere/lib" ;;`;

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
	t.is(
		error!.remedy,
		"install a C compiler, and mbedTLS for the device's TLS: apt-get install gcc libc6-dev libmbedtls-dev",
	);
});

plain("a cache that cannot be made is told, with how to name another", async (t) => {
	const { environment, folder } = await scene(t);
	const file = join(folder, "file");
	await writeFile(file, "");
	const error = await t.throwsAsync<XsUnavailableError>(
		ensureEngine({ environment: { ...environment, LATCHKEY_CACHE: file } }),
		{ instanceOf: XsUnavailableError, code: "cache-unwritable" },
	);
	t.true(error!.remedy.includes("LATCHKEY_CACHE"));
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
	const kept = (await readdir(join(folder, "cache", "xs"))).sort();
	await rm(dirname(program), { recursive: true });
	// No process has this id: Linux ends at 2^22.
	await writeFile(`${dirname(program)}.lock`, "99999999");
	t.is((await ensureEngine({ environment })).program, program);
	t.deepEqual((await readdir(join(folder, "cache", "xs"))).sort(), kept);
});

test("what XS itself was compiled to is kept, and only the rest compiled when the program is gone", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	const { program } = await ensureEngine({ environment });
	await rm(dirname(program), { recursive: true });
	await rm(join(folder, "compiled"));
	await ensureEngine({ environment });
	const compiled = (await readFile(join(folder, "compiled"), "utf8"))
		.trim()
		.split("\n")
		.map((file) => basename(file));
	t.true(compiled.includes("machine.o"));
	t.false(compiled.includes("xsRun.o"));
});

test("engines of several targets are built at once, and apart", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	const tools = { riscv64: "riscv64-unknown-elf-gcc", qemu: "qemu-system-riscv32" };
	for (const name of Object.values(tools)) await copyFile(join(folder, "cc"), join(folder, name));
	const withTools = { ...environment, PATH: `${folder}:${environment["PATH"]}` };
	const targets = ["x64", "x32", "rv32"] as const;
	const built = await Promise.all(targets.map((target) => ensureEngine({ target, environment: withTools })));
	t.deepEqual(
		built.map(({ target }) => target),
		[...targets],
	);
	t.is(new Set(built.map(({ program }) => program)).size, 3);
	const links = await Promise.all(built.map(({ program }) => readFile(program, "utf8")));
	t.regex(links[1]!, /-m32 .*-static/);
	t.regex(links[2]!, /-march=rv32imc -mabi=ilp32 .*--oslib=semihost/);
});

for (const [target, what] of [
	["x32", "install a C compiler for 32-bit x86: apt-get install gcc gcc-multilib"],
	[
		"rv32",
		"install the rv32 tools: apt-get install gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc",
	],
] as const)
	plain(`without a compiler for ${target} the error says what to install`, async (t) => {
		const { environment } = await scene(t);
		const without = { ...environment, CC: "", PATH: "/nowhere" };
		const error = await t.throwsAsync<XsUnavailableError>(ensureEngine({ target, environment: without }), {
			instanceOf: XsUnavailableError,
			code: "no-compiler",
		});
		t.is(error!.remedy, what);
	});

plain("without the emulator that would run it, an engine is not built", async (t) => {
	const { environment, folder } = await scene(t);
	await copyFile(join(folder, "cc"), join(folder, "riscv64-unknown-elf-gcc"));
	// The pretending compiler is a shell script: what it calls is found by its full path alone.
	const without = { ...environment, PATH: folder };
	const error = await t.throwsAsync<XsUnavailableError>(ensureEngine({ target: "rv32", environment: without }), {
		instanceOf: XsUnavailableError,
		code: "no-emulator",
	});
	t.true(error!.isMissing);
	t.regex(error!.remedy, /apt-get install .*qemu-system-misc$/);
});

test("where mbedTLS is, the device's C is linked with it into one, its heap counted, and then to the engine", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	await writeFile(
		join(folder, "cc"),
		pretendingCompiler("1.0", `${WITH_MBEDTLS}\n-r*) echo "$*" > "$(dirname "$0")/joined"; touch "$last" ;;`),
	);
	const built = await ensureEngine({ environment });
	t.true(built.native);
	t.is(built.nativeRemedy, undefined);
	t.regex(await readFile(join(folder, "joined"), "utf8"), /--wrap=calloc .*-lmbedtls -lmbedx509 -lmbedcrypto/);
	t.regex(await readFile(built.program, "utf8"), /c_heap\.o .*native\.o/);
});

test("where mbedTLS is not, the engine is built without, and says what to install", async (t, engine) => {
	const { environment, folder } = await sceneWithTarball(t, engine);
	const without = await ensureEngine({ environment });
	t.false(without.native);
	t.is(without.nativeRemedy, "install mbedTLS: apt-get install libmbedtls-dev");
	await writeFile(join(folder, "cc"), pretendingCompiler("1.0", WITH_MBEDTLS));
	t.not((await ensureEngine({ environment })).program, without.program);
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
	const forReal = `${WITH_MBEDTLS}\n*-Wextra*) exec ${compiler!.command.join(" ")} -Werror "$@" ;;`;
	await writeFile(join(folder, "cc"), pretendingCompiler("1.0", forReal));
	await t.notThrowsAsync(ensureEngine({ environment }));
});
