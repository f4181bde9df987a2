import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { TLS_STATE } from "../../src/firmware/native/tls-engine.js";
import { TLS_FAILURE } from "../../src/firmware/native/tls-failure.js";
import { genuineLeaf, SERVER_NAME, trustedIntermediate, trustedRoot } from "../tls/pki/authorities.js";
import { nativeTest } from "../xs/engine-test.js";
import { type XsEngine, XsMachine } from "../xs/index.js";
import { MemoryServer } from "./memory-server.js";

// An engine of its own, under the address sanitizer: what is used after it was freed seldom shows otherwise. A machine
// that ends leaves its heap to the system; leaks are looked for by measuring.
process.env["CC"] = `${process.env["CC"]?.trim() || "gcc"} -fsanitize=address`;
process.env["ASAN_OPTIONS"] = "detect_leaks=0";

const test = await nativeTest();

// Without padStart: there XS reads beyond the end of a short constant.
const PRELUDE = `
	globalThis.hex = (bytes) => bytes === undefined ? "" :
		Array.from(new Uint8Array(bytes), (byte) => (byte + 256).toString(16).slice(1)).join("");
	globalThis.bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
	globalThis.thrown = (run) => { try { run(); return "nothing"; } catch (error) { return error.name; } };
	globalThis.foreign = function () {};
	globalThis.root = bytes("${trustedRoot().certificate.toString("hex")}").buffer;
	globalThis.options = (changes) => ({ serverName: "${SERVER_NAME}",
		applicationLayerProtocolNegotiation: ["mqtt"], roots: [root], ...changes });
`;

async function withMachine<T>(engine: XsEngine, run: (machine: XsMachine) => Promise<T>): Promise<T> {
	const machine = await XsMachine.start({ engine });
	try {
		await machine.evaluate(PRELUDE);
		return await run(machine);
	} finally {
		await machine.close();
	}
}

/** What the program leaves on the machine's `out`, a list. */
async function listOf(machine: XsMachine, program: string): Promise<unknown[]> {
	return JSON.parse(await machine.evaluate(`JSON.stringify(${program})`));
}

async function state(machine: XsMachine): Promise<number> {
	return Number(await machine.evaluate("engine.state"));
}

async function shakeHands(machine: XsMachine, server: MemoryServer): Promise<void> {
	while ((await state(machine)) === TLS_STATE.handshaking) {
		const output = Buffer.from(await machine.evaluate("hex(engine.produced(65536))"), "hex");
		server.feed(output);
		if (output.length > 0) continue;
		const chunk = await server.sent.take();
		await machine.evaluate(`engine.receive(bytes("${chunk!.toString("hex")}"))`);
	}
	server.feed(Buffer.from(await machine.evaluate("hex(engine.produced(65536))"), "hex"));
}

test("a connection from JavaScript: handshake, bytes both ways, orderly end", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const server = new MemoryServer({ chain: [genuineLeaf(), trustedIntermediate()] });
		await machine.evaluate("globalThis.engine = new native.TlsEngine(options())");
		t.is(await machine.evaluate(`engine.send(bytes("00"))`), "0");
		await shakeHands(machine, server);
		t.deepEqual(await listOf(machine, "[engine.state, engine.failure, engine.alert, engine.depth, engine.protocol]"), [
			TLS_STATE.open,
			TLS_FAILURE.none,
			-1,
			-1,
			"mqtt",
		]);
		t.regex(await machine.evaluate("engine.version + engine.cipherSuite"), /^TLSv1\..*GCM/);
		t.is(await machine.evaluate(`engine.send(bytes("68656c6c6f"))`), "5");
		server.feed(Buffer.from(await machine.evaluate("hex(engine.produced(65536))"), "hex"));
		t.is((await server.received.take()).toString(), "hello");
		server.socket.end("bye");
		const read: string[] = [];
		while ((await state(machine)) === TLS_STATE.open) {
			const chunk = (await server.sent.take())!.toString("hex");
			read.push(
				await machine.evaluate(`(() => { let rest = bytes("${chunk}"), read = "";
					while (rest.length > 0 && engine.state === 1) {
						rest = rest.subarray(engine.receive(rest));
						for (let part = engine.plain(2); part; part = engine.plain(2)) read += hex(part);
					}
					return read; })()`),
			);
		}
		t.is(Buffer.from(read.join(""), "hex").toString(), "bye");
		t.is(await state(machine), TLS_STATE.peerClosed);
		t.is(await machine.evaluate("engine.closeNotify(); engine.pending > 0"), "true");
		server.close();
	});
});

test("a closed engine answers as a failed one, and keeps its first failure", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const answers = `[engine.state, engine.failure, engine.readable, engine.writable, engine.pending, engine.version,
			engine.receive(bytes("00")), engine.send(bytes("00")), engine.plain(1) ?? null, engine.produced(1) ?? null]`;
		const nothing = [0, 0, 0, "", 0, 0, null, null];
		await machine.evaluate("globalThis.engine = new native.TlsEngine(options()); engine.close(); engine.close()");
		t.deepEqual(await listOf(machine, answers), [TLS_STATE.failed, TLS_FAILURE.ended, ...nothing]);
		await machine.evaluate("globalThis.engine = new native.TlsEngine(options()); engine.end(); engine.close()");
		t.deepEqual(await listOf(machine, answers), [TLS_STATE.failed, TLS_FAILURE.truncated, ...nothing]);
		await machine.evaluate("engine.end(); engine.closeNotify()");
	});
});

const misuses: readonly [what: string, program: string, error: string][] = [
	["no options", "new native.TlsEngine()", "TypeError"],
	["no new", "native.TlsEngine(options())", "TypeError"],
	["no server name", "new native.TlsEngine(options({ serverName: undefined }))", "TypeError"],
	["an empty server name", `new native.TlsEngine(options({ serverName: "" }))`, "RangeError"],
	["a server name of 256 bytes", `new native.TlsEngine(options({ serverName: "n".repeat(256) }))`, "RangeError"],
	[
		"protocols that are no array",
		"new native.TlsEngine(options({ applicationLayerProtocolNegotiation: 1 }))",
		"TypeError",
	],
	[
		"nine protocols",
		`new native.TlsEngine(options({ applicationLayerProtocolNegotiation: Array(9).fill("p") }))`,
		"RangeError",
	],
	["an empty protocol", `new native.TlsEngine(options({ applicationLayerProtocolNegotiation: [""] }))`, "RangeError"],
	["no roots", "new native.TlsEngine(options({ roots: [] }))", "RangeError"],
	["seventeen roots", "new native.TlsEngine(options({ roots: Array(17).fill(root) }))", "RangeError"],
	["a root that is no buffer", "new native.TlsEngine(options({ roots: [{}] }))", "TypeError"],
	["bytes that are none", "new native.TlsEngine(options()).receive(1)", "TypeError"],
	["nothing to send", "new native.TlsEngine(options()).send()", "TypeError"],
	["a limit that is no number", "new native.TlsEngine(options()).produced(Symbol())", "TypeError"],
	["an instance of another class", "Reflect.construct(native.TlsEngine, [options()], foreign)", "TypeError"],
	["a method of another object", "native.TlsEngine.prototype.receive.call({}, root)", "SyntaxError"],
	["0 random bytes", "native.randomBytes(0)", "RangeError"],
	["65537 random bytes", "native.randomBytes(65537)", "RangeError"],
	["more random bytes than 32 bits count", "native.randomBytes(2 ** 32 + 5)", "RangeError"],
	["no number of random bytes", "native.randomBytes(NaN)", "RangeError"],
	["a digest of nothing", "native.sha256()", "TypeError"],
	["a hash without new", "native.Sha256()", "TypeError"],
	["an instance of another class as a hash", "Reflect.construct(native.Sha256, [], foreign)", "SyntaxError"],
	["a method of a hash of another object", "native.Sha256.prototype.update.call({}, root)", "SyntaxError"],
	[
		"a method of a hash of an engine",
		"native.Sha256.prototype.digest.call(new native.TlsEngine(options()))",
		"SyntaxError",
	],
	[
		"a method of an engine of a hash",
		"native.TlsEngine.prototype.receive.call(new native.Sha256(), root)",
		"SyntaxError",
	],
	["a method of a hash of its prototype", "native.Sha256.prototype.update(root)", "TypeError"],
	["a hash of nothing", "new native.Sha256().update()", "TypeError"],
	["a hash of what are no bytes", `new native.Sha256().update("abc")`, "TypeError"],
	["a second digest", "const hash = new native.Sha256(); hash.digest(); hash.digest()", "TypeError"],
	["bytes after the digest", "const hash = new native.Sha256(); hash.digest(); hash.update(root)", "TypeError"],
	["a key that is none", "native.signRsaSha256(root, root)", "RangeError"],
];

for (const [what, program, error] of misuses) {
	test(`misuse is thrown for: ${what}`, async (t, engine) => {
		await withMachine(engine, async (machine) => {
			t.is(await machine.evaluate(`thrown(() => { ${program} })`), error);
		});
	});
}

test("a getter of the options that throws, or shrinks the list of roots, does no harm", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const throwing = `{ ...options(), get roots() { throw new EvalError("no") } }`;
		t.is(await machine.evaluate(`thrown(() => new native.TlsEngine(${throwing}))`), "EvalError");
		const shrinking = `const list = [root, root];
			Object.defineProperty(list, 0, { get() { list.length = 1; return root } });
			thrown(() => new native.TlsEngine(options({ roots: list })))`;
		t.is(await machine.evaluate(shrinking), "TypeError");
	});
});

for (const method of ["produced", "plain"]) {
	test(`${method}: a limit whose conversion closes the engine gives nothing`, async (t, engine) => {
		await withMachine(engine, async (machine) => {
			await machine.evaluate("globalThis.engine = new native.TlsEngine(options())");
			const closing = "{ valueOf() { engine.close(); return 100 } }";
			t.is(await machine.evaluate(`String(engine.${method}(${closing}))`), "undefined");
			t.is(await state(machine), TLS_STATE.failed);
		});
	});
}

test("a limit may be any number: all that waits is given, or nothing", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const given = (limit: string) =>
			machine.evaluate(`(() => { const engine = new native.TlsEngine(options()), { pending } = engine;
				const bytes = engine.produced(${limit});
				return bytes === undefined ? "nothing" : bytes.byteLength === pending ? "all" : bytes.byteLength })()`);
		for (const limit of ["Infinity", "2 ** 32 + 5", "0xffffffff", "2 ** 31", "1e300", "65536"])
			t.is(await given(limit), "all", limit);
		for (const limit of ["NaN", "undefined", "", "0", "-0", "0.9", "-1", "-Infinity", "-(2 ** 32) + 5"])
			t.is(await given(limit), "nothing", limit);
		t.is(await given("5.9"), "5");
	});
});

test("the roots that an engine holds cannot be taken from it", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		await machine.evaluate("globalThis.engine = new native.TlsEngine(options())");
		const { value, ...attributes } = JSON.parse(
			await machine.evaluate(`JSON.stringify(Object.getOwnPropertyDescriptor(engine, "roots"))`),
		) as Record<string, unknown>;
		t.is((value as unknown[]).length, 1);
		t.deepEqual(attributes, { writable: false, enumerable: false, configurable: false });
	});
});

test("signatures and digests are those of node:crypto", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const key = privateKey.export({ format: "der", type: "pkcs1" }).toString("hex");
		const message = Buffer.from("a token");
		const program = `hex(native.signRsaSha256(bytes("${key}"), bytes("${message.toString("hex")}")))`;
		t.is(await machine.evaluate(program), sign("sha256", message, privateKey).toString("hex"));
		for (const name of ["sha256", "sha512"])
			t.is(
				await machine.evaluate(`hex(native.${name}(bytes("${message.toString("hex")}")))`),
				createHash(name).update(message).digest("hex"),
			);
		t.is(await machine.evaluate("native.randomBytes(65536).byteLength"), "65536");
		t.regex(await machine.evaluate("native.library"), /^mbedtls \d/);
	});
});

test("a SHA-256 piece by piece is the one of node:crypto, from buffers of every kind", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const program = `(() => { const hash = new native.Sha256(); const { buffer } = bytes("0061626364");
			hash.update(new Uint8Array(buffer, 1, 1)); hash.update(bytes("")); hash.update(new DataView(buffer, 2, 1));
			hash.update(buffer.slice(3)); return hex(hash.digest()); })()`;
		t.is(await machine.evaluate(program), createHash("sha256").update("abcd").digest("hex"));
		t.is(await machine.evaluate("new native.Sha256().digest() instanceof ArrayBuffer"), "true");
	});
});

test("hashes run beside one another and beside a connection", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const server = new MemoryServer({ chain: [genuineLeaf(), trustedIntermediate()] });
		await machine.evaluate(`globalThis.one = new native.Sha256(); globalThis.other = new native.Sha256();
			one.update(bytes("6f6e")); other.update(bytes("6f74686572"));
			globalThis.engine = new native.TlsEngine(options())`);
		await shakeHands(machine, server);
		t.is(await state(machine), TLS_STATE.open);
		await machine.evaluate(`one.update(bytes("65")); native.sha256(root); engine.close()`);
		t.is(await machine.evaluate("hex(one.digest())"), createHash("sha256").update("one").digest("hex"));
		t.is(await machine.evaluate("hex(other.digest())"), createHash("sha256").update("other").digest("hex"));
		server.close();
	});
});

test("hashes that JavaScript forgets or finishes leave no memory behind", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		await machine.evaluate("new native.Sha256().digest(); undefined");
		const before = (await machine.measure()).cHeapBytes!;
		await machine.evaluate("globalThis.kept = new native.Sha256(); undefined");
		t.true((await machine.measure()).cHeapBytes! > before);
		await machine.evaluate("kept.digest(); undefined");
		t.is((await machine.measure()).cHeapBytes, before, "with the digest, not with the object");
		await machine.evaluate("for (let i = 0; i < 50; i++) new native.Sha256().update(root); undefined");
		await machine.evaluate("for (let i = 0; i < 50; i++) new native.Sha256().digest(); undefined");
		await machine.evaluate("for (let i = 0; i < 50; i++) thrown(() => new native.Sha256().update()); undefined");
		t.is((await machine.measure()).cHeapBytes, before);
	});
});

test("engines that JavaScript forgets or closes leave no memory behind", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		await machine.evaluate("new native.TlsEngine(options()).close()");
		const before = (await machine.measure()).cHeapBytes!;
		await machine.evaluate("for (let i = 0; i < 20; i++) new native.TlsEngine(options()); undefined");
		await machine.evaluate("for (let i = 0; i < 20; i++) new native.TlsEngine(options()).close(); undefined");
		await machine.evaluate(
			"for (let i = 0; i < 20; i++) thrown(() => new native.TlsEngine(options({ roots: [1] }))); undefined",
		);
		t.is((await machine.measure()).cHeapBytes, before);
	});
});

test("constructions with a foreign prototype leave no memory behind", async (t, engine) => {
	await withMachine(engine, async (machine) => {
		const construct = "thrown(() => Reflect.construct(native.TlsEngine, [options()], foreign))";
		await machine.evaluate("new native.TlsEngine(options()).close()");
		await machine.evaluate(construct);
		const before = (await machine.measure()).cHeapBytes!;
		t.is(await machine.evaluate(`for (let i = 0; i < 199; i++) ${construct}; ${construct}`), "TypeError");
		t.is((await machine.measure()).cHeapBytes, before);
	});
});
