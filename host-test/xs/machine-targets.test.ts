/**
 * A machine is the same to Node whatever the engine was built for; what differs is what can be measured.
 * @module
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineTest } from "./engine-test.js";
import { type EngineTarget, type Meter, type XsEngine, XsException, XsMachine, XsMachineError } from "./index.js";

const TARGETS = ["x64", "x32", "rv32"] as const satisfies readonly EngineTarget[];
const targetTests = await Promise.all(TARGETS.map((target) => engineTest(target)));

const LOOP = "let sum = 0; for (let i = 0; i < 1000; i++) sum += i; sum";

/** Meters of the same work in two machines. */
async function meterTwice(engine: XsEngine, work: (machine: XsMachine) => Promise<unknown>): Promise<Meter[]> {
	const meters = [];
	for (let i = 0; i < 2; i++) {
		const machine = await XsMachine.start({ engine, onHostCall: (bytes) => bytes });
		await work(machine);
		meters.push(await machine.measure());
		await machine.close();
	}
	return meters;
}

for (const [index, target] of TARGETS.entries()) {
	const targetTest = targetTests[index]!;

	targetTest(`${target}: programs, commands and host calls carry any bytes`, async (t, engine) => {
		const machine = await XsMachine.start({ engine, onHostCall: (bytes) => bytes });
		t.teardown(() => machine.close());
		t.is(await machine.evaluate("6 * 7"), "42");
		await machine.evaluate("globalThis.handleCommand = (message) => host.call(message)");
		for (const length of [0, 1, 999, 1015, 4095, 4096, 100_000]) {
			const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
			t.deepEqual(await machine.command(bytes), bytes);
		}
	});

	targetTest(`${target}: numbers, BigInts and texts are those of JavaScript`, async (t, engine) => {
		const machine = await XsMachine.start({ engine });
		t.teardown(() => machine.close());
		t.is(
			await machine.evaluate("[0.1 * 3, 1 / 3, 2 ** 0.5, 5e-324, 1.7e308 * 1.05, Math.sin(1)].join()"),
			[0.1 * 3, 1 / 3, 2 ** 0.5, 5e-324, 1.7e308 * 1.05, Math.sin(1)].join(),
		);
		t.is(await machine.evaluate("(3n ** 500n).toString(16)"), (3n ** 500n).toString(16));
		t.is(await machine.evaluate("'\\u20ac\\u{1F600}' + 'é'"), "€\u{1F600}é");
	});

	targetTest(
		`${target}: an exception leaves the machine, a full memory and an endless loop end it`,
		async (t, engine) => {
			const machine = await XsMachine.start({ engine, opcodeLimit: 20_000_000 });
			t.teardown(() => machine.close());
			await t.throwsAsync(machine.evaluate("throw new RangeError('no')"), {
				instanceOf: XsException,
				message: /^RangeError: no/,
			});
			await t.throwsAsync(machine.evaluate("for (;;) {}"), {
				instanceOf: XsMachineError,
				code: "too-much-computation",
			});
			const other = await XsMachine.start({ engine });
			t.teardown(() => other.close());
			await t.throwsAsync(other.evaluate("let s = 'x'; for (;;) s += s"), { code: "memory-full" });
		},
	);

	targetTest(
		`${target}: a recursion too deep is an error, of the guest, of the engine's C and of the compiler`,
		async (t, engine) => {
			for (const source of [
				"function f() { return 1 + f() } f()",
				"let a = []; for (let i = 0; i < 50000; i++) a = [a]; JSON.stringify(a)",
			]) {
				const machine = await XsMachine.start({ engine });
				t.teardown(() => machine.close());
				await t.throwsAsync(machine.evaluate(source), { code: "stack-overflow" }, source);
			}
			const machine = await XsMachine.start({ engine });
			t.teardown(() => machine.close());
			await t.throwsAsync(machine.evaluate("(".repeat(100_000)), { message: /^RangeError: stack overflow/ });
			t.is(await machine.evaluate("1"), "1");
		},
	);

	targetTest(`${target}: closing ends a machine whatever it does, and leaves nothing behind`, async (t, engine) => {
		const idle = await XsMachine.start({ engine });
		const inCall = await XsMachine.start({ engine, onHostCall: () => new Promise(() => undefined) });
		const call = inCall.evaluate("host.call(new ArrayBuffer(1))");
		const inLoop = await XsMachine.start({ engine, opcodeLimit: Number.MAX_SAFE_INTEGER });
		const loop = inLoop.evaluate("for (;;) {}");
		const closing = Promise.all([idle, inCall, inLoop].map((machine) => machine.close()));
		await t.throwsAsync(call, { code: "closed" });
		await t.throwsAsync(loop, { code: "closed" });
		await closing;
		await t.throwsAsync(idle.evaluate("1"), { code: "closed" });
	});

	targetTest(`${target}: the meter is the same for the same work in every machine`, async (t, engine) => {
		const [first, second] = await meterTwice(engine, (machine) => machine.evaluate(LOOP));
		t.deepEqual(first, second);
		t.is(first!.slotBytes, target === "x64" ? 32 : 16);
		t.is(typeof first!.instructions, target === "rv32" ? "number" : "undefined");
		t.true(first!.opcodes > 3000 && first!.opcodes < 20_000, `opcodes ${first!.opcodes}`);
	});

	targetTest(`${target}: a capped machine takes what the cap allows and no more`, async (t, engine) => {
		const machine = await XsMachine.start({ engine });
		t.teardown(() => machine.close());
		await machine.cap({ chunkBytes: 16_000, slots: 1000 });
		t.is(await machine.evaluate("globalThis.kept = new ArrayBuffer(8000); kept = null; 1"), "1");
		await t.throwsAsync(machine.evaluate("globalThis.kept = new ArrayBuffer(20000); 0"), { code: "memory-full" });
	});

	targetTest(`${target}: symbols in bytecode take ${target === "x64" ? 4 : 2} bytes`, async (t, engine) => {
		const machine = await XsMachine.start({ engine });
		t.teardown(() => machine.close());
		const once = await machine.bytecode("globalThis.a", "program");
		const twice = await machine.bytecode("globalThis.a.a", "program");
		// One opcode of a byte, and a symbol that the table has already.
		t.is(twice.codeBytes - once.codeBytes, target === "x64" ? 5 : 3);
		t.is(twice.symbolBytes, once.symbolBytes);
	});

	targetTest(
		`${target}: a module's bytecode is measured without its imports, and nothing of it runs`,
		async (t, engine) => {
			const machine = await XsMachine.start({ engine });
			t.teardown(() => machine.close());
			const empty = await machine.bytecode("", "module");
			const some = await machine.bytecode(
				"import { f } from 'nowhere'; globalThis.ran = f(); export const a = 'text';",
				"module",
			);
			t.true(some.codeBytes > empty.codeBytes && some.symbolBytes > empty.symbolBytes && some.symbols > empty.symbols);
			t.is(await machine.evaluate("typeof ran"), "undefined");
			await t.throwsAsync(machine.bytecode("let =", "program"), { instanceOf: XsException, message: /^line 1: / });
			await t.throwsAsync(machine.bytecode("export let a", "program"), { instanceOf: XsException });
		},
	);
}

const rv32Test = targetTests[TARGETS.indexOf("rv32")]!;

rv32Test("rv32: instructions are those of the work, not of its transport", async (t, engine) => {
	const [short, again] = await meterTwice(engine, (machine) => machine.evaluate(LOOP));
	t.is(short!.instructions, again!.instructions);
	const [long] = await meterTwice(engine, (machine) => machine.evaluate(LOOP.replace("1000", "2000")));
	const perTurn = (long!.instructions! - short!.instructions!) / 1000;
	t.true(perTurn > 100 && perTurn < 5000, `${perTurn} instructions a turn of the loop`);
});

rv32Test(
	"rv32: what a host call costs does not depend on how long Node takes or how its answer is cut",
	async (t, engine) => {
		const instructions = [];
		for (const turns of [0, 50]) {
			const machine = await XsMachine.start({
				engine,
				onHostCall: async (bytes) => {
					for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
					return bytes;
				},
			});
			await machine.evaluate("host.call(new ArrayBuffer(100000)); 0");
			instructions.push((await machine.measure()).instructions);
			await machine.close();
		}
		t.is(instructions[0], instructions[1]);
	},
);

rv32Test("rv32: a machine's named pipes are gone when it is", async (t, engine) => {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-machine-"));
	const before = process.env["TMPDIR"];
	process.env["TMPDIR"] = folder;
	t.teardown(async () => {
		if (before === undefined) delete process.env["TMPDIR"];
		else process.env["TMPDIR"] = before;
		await rm(folder, { recursive: true, force: true });
	});
	const machine = await XsMachine.start({ engine });
	t.is((await readdir(folder)).length, 1);
	await machine.close();
	t.deepEqual(await readdir(folder), []);
});

rv32Test("rv32: where the named pipes cannot be made, the machine is not started", async (t, engine) => {
	const before = process.env["TMPDIR"];
	process.env["TMPDIR"] = "/nowhere";
	t.teardown(() => {
		if (before === undefined) delete process.env["TMPDIR"];
		else process.env["TMPDIR"] = before;
	});
	await t.throwsAsync(XsMachine.start({ engine }), {
		instanceOf: XsMachineError,
		code: "not-started",
		message: /\/nowhere/,
	});
});
