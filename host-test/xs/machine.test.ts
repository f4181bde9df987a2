/**
 * One XS machine in its process: answers, failures, memory.
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { engineTest } from "./engine-test.js";
import { type XsEngine, XsException, XsMachine, XsMachineError } from "./index.js";

const test = await engineTest();

const ECHO = "globalThis.handleCommand = (message) => message;";
const encoder = new TextEncoder();

test("a program answers with its completion value", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	t.is(await machine.evaluate("6 * 7"), "42");
});

test("source text is UTF-8, and strings count code points as on the device", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	t.is(await machine.evaluate("'\u{1F600}é€'.length"), "3");
	t.is(await machine.evaluate("'\u{1F600}é€'"), "\u{1F600}é€");
});

test("what the device has not is not there", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	const names = ["TextEncoder", "TextDecoder", "setTimeout", "console", "Buffer", "process", "crypto", "gc", "print"];
	for (const name of names) t.is(await machine.evaluate(`typeof ${name}`), "undefined", name);
});

test("a command's bytes reach the guest and its answer comes back", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await machine.evaluate(ECHO);
	const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
	t.deepEqual(await machine.command(bytes), bytes);
	t.deepEqual(await machine.command(new Uint8Array(0)), new Uint8Array(0));
});

test("requests are answered in their order", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await machine.evaluate("globalThis.count = 0");
	const answers = await Promise.all(Array.from({ length: 50 }, () => machine.evaluate("++count")));
	t.deepEqual(
		answers,
		Array.from({ length: 50 }, (_, i) => String(i + 1)),
	);
});

test("an exception is typed, names the functions it came through, and the machine goes on", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	const source = "function inner() { throw new TypeError('no good') } function outer() { inner() } outer()";
	const error = await t.throwsAsync(machine.evaluate(source), { instanceOf: XsException, code: "exception" });
	t.regex(error!.message, /^TypeError: no good\n at inner \(\)\n at outer \(\)/);
	t.is(await machine.evaluate("1"), "1");
});

test("whatever is thrown is told", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("throw 5"), { message: "5" });
	await t.throwsAsync(machine.evaluate("throw { toString() { throw 1 } }"), { message: /cannot be converted/ });
});

test("a syntax error is an exception", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("let ="), { instanceOf: XsException, message: /^SyntaxError/ });
});

test("a command without a handler, or without bytes in answer, is an exception", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.command(encoder.encode("x")), { instanceOf: XsException, code: "exception" });
	await machine.evaluate("globalThis.handleCommand = () => 'text'");
	await t.throwsAsync(machine.command(encoder.encode("x")), { message: /expected it to return an ArrayBuffer/ });
});

test("promise jobs run before the answer", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await machine.evaluate("globalThis.order = []; Promise.resolve().then(() => order.push(2)); order.push(1)");
	t.is(await machine.evaluate("order.join()"), "1,2");
});

test("a rejection that nobody handled fails the request that left it, and no later one", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("Promise.reject(new Error('left behind')); 7"), {
		instanceOf: XsException,
		code: "unhandled-rejection",
		message: /^Error: left behind/,
	});
	t.is(await machine.evaluate("Promise.reject(new Error('handled')).catch(() => {}); 7"), "7");
	await machine.measure();
	t.is(await machine.evaluate("8"), "8");
});

test("a host call is synchronous to the guest, however long Node takes", async (t, engine) => {
	const machine = await XsMachine.start({
		engine,
		onHostCall: async (bytes) => {
			await new Promise((resolve) => setImmediate(resolve));
			return Uint8Array.from(bytes, (byte) => byte + 1);
		},
	});
	t.teardown(() => machine.close());
	const source = "Array.from(new Uint8Array(host.call(new Uint8Array(host.call(Uint8Array.of(1, 9).buffer)).buffer)))";
	t.is(await machine.evaluate(`${source}.join()`), "3,11");
});

test("what a host call throws in Node is thrown in the guest", async (t, engine) => {
	const machine = await XsMachine.start({
		engine,
		onHostCall: (bytes) => {
			throw bytes.length > 1 ? new RangeError("too long €") : new Error("no");
		},
	});
	t.teardown(() => machine.close());
	const attempt = (length: number) => `try { host.call(new ArrayBuffer(${length})) } catch (e) { String(e) }`;
	t.is(await machine.evaluate(attempt(2)), "RangeError: too long €");
	t.is(await machine.evaluate(attempt(1)), "Error: no");
});

test("an endless loop ends the machine at its opcode limit", async (t, engine) => {
	const machine = await XsMachine.start({ engine, opcodeLimit: 1_000_000 });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("for (;;) {}"), { instanceOf: XsMachineError, code: "too-much-computation" });
});

test("the opcode limit is one request's, not the machine's", async (t, engine) => {
	const machine = await XsMachine.start({ engine, opcodeLimit: 1_000_000 });
	t.teardown(() => machine.close());
	for (let i = 0; i < 5; i++) t.is(await machine.evaluate("for (let i = 0; i < 50000; i++); 1"), "1");
});

test("a full memory ends the machine, with its exit code", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("let s = 'x'; for (;;) s += s"), {
		instanceOf: XsMachineError,
		code: "memory-full",
	});
	const error = await t.throwsAsync(machine.evaluate("1"), { instanceOf: XsMachineError });
	t.is((error as XsMachineError).exitCode, 11);
});

test("a heap too small for the built-ins is an error of the start", async (t, engine) => {
	await t.throwsAsync(XsMachine.start({ engine, heap: { slots: 1000 } }), { code: "memory-full" });
});

test("a deep recursion is an error, not a crash", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("function f() { return 1 + f() } f()"), { code: "stack-overflow" });
});

test("a deep recursion in C is an error, not a crash", async (t, engine) => {
	const machine = await XsMachine.start({ engine, heap: { stackSlots: 1_000_000 } });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("let a = []; for (let i = 0; i < 50000; i++) a = [a]; JSON.stringify(a)"), {
		code: "stack-overflow",
	});
});

test("source nested too deeply is an exception", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.evaluate("(".repeat(100_000)), {
		instanceOf: XsException,
		message: /^RangeError: stack overflow/,
	});
});

test("all that waits is rejected when the machine ends", async (t, engine) => {
	const machine = await XsMachine.start({ engine, opcodeLimit: 1_000_000 });
	t.teardown(() => machine.close());
	const waiting = ["for (;;) {}", "1", "2"].map((source) => machine.evaluate(source));
	const results = await Promise.allSettled([...waiting, machine.measure()]);
	t.deepEqual(
		results.map((result) => (result as PromiseRejectedResult).reason.code),
		Array.from({ length: 4 }, () => "too-much-computation"),
	);
});

test("closing rejects what waits, also in a host call and in an endless loop", async (t, engine) => {
	const inCall = await XsMachine.start({ engine, onHostCall: () => new Promise(() => undefined) });
	const call = inCall.evaluate("host.call(new ArrayBuffer(1))");
	const inLoop = await XsMachine.start({ engine, opcodeLimit: Number.MAX_SAFE_INTEGER });
	const loop = inLoop.evaluate("for (;;) {}");
	const closing = Promise.all([inCall.close(), inLoop.close()]);
	await t.throwsAsync(call, { instanceOf: XsMachineError, code: "closed" });
	await t.throwsAsync(loop, { instanceOf: XsMachineError, code: "closed" });
	await closing;
	await inLoop.close();
	await t.throwsAsync(inLoop.evaluate("1"), { code: "closed" });
});

test("an engine that cannot be started is told", async (t) => {
	await t.throwsAsync(XsMachine.start({ engine: engineOf("/nowhere/xs") }), {
		code: "not-started",
		message: /ENOENT/,
	});
});

/** A program in the engine's place. */
async function impostor(t: ExecutionContext, script: string): Promise<XsEngine> {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-machine-"));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const program = join(folder, "xs");
	await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	return engineOf(program);
}

function engineOf(program: string): XsEngine {
	return { target: "x64", program, native: false, nativeRemedy: undefined };
}

test("an engine that crashes is told with its signal", async (t) => {
	const engine = await impostor(t, "kill -SEGV $$");
	await t.throwsAsync(XsMachine.start({ engine }), { instanceOf: XsMachineError, code: "crashed", message: /SIGSEGV/ });
});

test("an engine that ends with a code of its own is told with that code", async (t) => {
	const engine = await impostor(t, "exit 3");
	const error = await t.throwsAsync<XsMachineError>(XsMachine.start({ engine }), { code: "crashed" });
	t.is(error!.exitCode, 3);
});

test("an engine that talks nonsense is ended", async (t) => {
	const engine = await impostor(t, "echo nonsense: >&4; exec cat <&3");
	await t.throwsAsync(XsMachine.start({ engine }), { instanceOf: XsMachineError, code: "crashed", message: /frame/ });
});

test("the meter of an empty machine is plausible, and the same for every machine", async (t, engine) => {
	const meters = [];
	for (let i = 0; i < 2; i++) {
		const machine = await XsMachine.start({ engine });
		meters.push(await machine.measure());
		await machine.close();
	}
	const [first, second] = meters;
	t.deepEqual(first, second);
	t.is(first!.slotBytes, 32);
	t.true(first!.slots > 3000 && first!.slots < 5000, `slots ${first!.slots}`);
	t.true(first!.chunkBytes > 5000 && first!.chunkBytes < 50_000, `chunkBytes ${first!.chunkBytes}`);
	t.true(first!.slotsPeak >= first!.slots && first!.slotsMaximum >= first!.slotsPeak);
});

test("live memory, peaks and opcodes follow what the guest does", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await machine.evaluate("globalThis.kept = null; globalThis.take = (n) => { kept = new ArrayBuffer(n) }");
	await machine.measure();
	await machine.resetPeaks();
	const before = await machine.measure();
	t.is(before.chunkBytesPeak, before.chunkBytes);
	await machine.evaluate("take(10000)");
	const taken = await machine.measure();
	t.true(taken.chunkBytes - before.chunkBytes >= 10_000);
	await machine.evaluate("kept = null; new ArrayBuffer(50000); 0");
	const released = await machine.measure();
	t.true(released.chunkBytes - before.chunkBytes < 1000, "garbage was collected");
	t.true(released.chunkBytesPeak - before.chunkBytes >= 50_000, "the peak remembers it");
	await machine.evaluate("for (let i = 0; i < 1000; i++); 0");
	const thousand = (await machine.measure()).opcodes;
	await machine.evaluate("for (let i = 0; i < 200000; i++); 0");
	const more = (await machine.measure()).opcodes;
	t.true(thousand >= 3000 && thousand < 20_000, `opcodes ${thousand}`);
	t.true(more > 190 * thousand && more < 201 * thousand, `opcodes ${more}`);
});

test("a capped machine takes what the cap allows, of chunks and of slots, and no more", async (t, engine) => {
	for (const [allowed, refused] of [
		["new ArrayBuffer(8000)", "new ArrayBuffer(20000)"],
		["chain(100)", "chain(3000)"],
	] as const) {
		const machine = await XsMachine.start({ engine });
		t.teardown(() => machine.close());
		await machine.evaluate("globalThis.chain = (n) => { let last = {}; while (n--) last = { last }; return last }");
		await machine.cap({ chunkBytes: 16_000, slots: 1000 });
		await machine.evaluate(`globalThis.kept = ${allowed}; kept = null; 0`);
		await t.throwsAsync(machine.evaluate(`globalThis.kept = ${refused}; 0`), { code: "memory-full" }, refused);
	}
});

test("a cap above what is free is refused", async (t, engine) => {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await t.throwsAsync(machine.cap({ chunkBytes: 1 << 30, slots: 10 }), { instanceOf: XsException, message: /^cap: / });
	await t.throwsAsync(machine.cap({ chunkBytes: 10, slots: 1 << 30 }), { instanceOf: XsException, message: /^cap: / });
});
