import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import test from "ava";
import { transform } from "esbuild";
import { ENGINE_SOURCES, NATIVE_FOLDER } from "./programs.js";

const sources = [...ENGINE_SOURCES].sort();

test("the component of ESP-IDF has all of the engine", async (t) => {
	const text = await readFile(join(NATIVE_FOLDER, "esp32/latchkey_native/CMakeLists.txt"), "utf8");
	const listed = Array.from(text.matchAll(/"\$\{native\}\/(\w+\.c)"/g), ([, file]) => file!);
	t.deepEqual(listed.sort(), sources);
});

test("the manifest has the engine for Linux, and the binding alone for ESP32", async (t) => {
	const manifest = JSON.parse(await readFile(join(NATIVE_FOLDER, "manifest.json"), "utf8"));
	const engine = manifest.platforms.lin.modules["*"].map((path: string) => `${path.slice(2)}.c`);
	t.deepEqual(engine.sort(), sources);
	t.deepEqual(manifest.modules, {
		"*": ["./tls_engine_xs", "./digest_xs", "./"],
		"firmware/native/*": ["./native", "./tls-engine", "./tls-failure"],
	});
	for (const name of ["native.ts", "tls-engine.ts", "tls-failure.ts", "tls_engine_xs.c", "digest_xs.c"])
		await t.notThrowsAsync(access(join(NATIVE_FOLDER, name)));
	for (const path of Object.values<string>(manifest.platforms.esp32.build))
		await t.notThrowsAsync(access(join(NATIVE_FOLDER, path)));
});

test("ESP-IDF is asked to check dates", async (t) => {
	const text = await readFile(join(NATIVE_FOLDER, "../esp32/sdkconfig.defaults"), "utf8");
	t.regex(text, /^CONFIG_MBEDTLS_HAVE_TIME_DATE=y$/m);
	t.regex(text, /^CONFIG_MBEDTLS_SSL_ALPN=y$/m);
});

test("every C function that native.ts names is there, and the other way round", async (t) => {
	const module = await readFile(join(NATIVE_FOLDER, "native.ts"), "utf8");
	const header = await readFile(join(NATIVE_FOLDER, "tls_engine_xs.h"), "utf8");
	const named = Array.from(module.matchAll(/ative\("(xs_\w+)"\)/g), ([, name]) => name!);
	const declared = Array.from(header.matchAll(/^void (xs_\w+)\(/gm), ([, name]) => name!);
	t.deepEqual([...new Set(named)].sort(), declared.sort());
});

test("native.ts calls no C function while it is loaded: on the machine that preloads it there is none", async (t) => {
	const text = await readFile(join(NATIVE_FOLDER, "native.ts"), "utf8");
	const { code } = await transform(text, { loader: "ts", format: "cjs", target: "es2022" });
	const unavailable = (name: string) => (): never => {
		throw new Error(`${name}: unavailable function`);
	};
	const world = {
		module: { exports: {} as Record<string, unknown> },
		native: unavailable,
		Native: (name: string) =>
			class {
				constructor() {
					unavailable(name)();
				}
			},
	};
	t.notThrows(() => runInNewContext(code, world));
	t.deepEqual(Object.keys(world.module.exports).sort(), [
		"Sha256",
		"TlsEngine",
		"library",
		"randomBytes",
		"sha256",
		"sha512",
		"signRsaSha256",
	]);
	for (const value of Object.values(world.module.exports)) t.is(typeof value, "function");
});
