/**
 * The device's own C inside the engine: it is there, and what it takes of the C heap is counted and given back.
 * @module
 */
import { readFile } from "node:fs/promises";
import type { ExecutionContext } from "ava";
import { nativeTest } from "./engine-test.js";
import { type XsEngine, XsMachine } from "./index.js";

const test = await nativeTest();
const root = await readFile(new URL("../../certs/amazon-root-ca-3.der", import.meta.url));

const OPEN = `
	globalThis.open = () => new native.TlsEngine({
		serverName: "device.example",
		applicationLayerProtocolNegotiation: ["mqtt"],
		roots: [Uint8Array.of(${root.join()}).buffer],
	});
`;

async function startMachine(t: ExecutionContext, engine: XsEngine): Promise<XsMachine> {
	const machine = await XsMachine.start({ engine });
	t.teardown(() => machine.close());
	await machine.evaluate(OPEN);
	return machine;
}

test("the engine, the signature and the digests are the guest's", async (t, engine) => {
	const machine = await startMachine(t, engine);
	const names = ["TlsEngine", "Sha256", "signRsaSha256", "randomBytes", "sha256", "sha512"];
	for (const name of names) t.is(await machine.evaluate(`typeof native.${name}`), "function", name);
});

test("C heap is counted while a TLS engine is open, and given back when it is closed", async (t, engine) => {
	const machine = await startMachine(t, engine);
	const { cHeapBytes: before } = await machine.measure();
	await machine.resetPeaks();
	await machine.evaluate("globalThis.tls = open(); tls.produced(1); 0");
	const { cHeapBytes: open } = await machine.measure();
	// mbedTLS 2.28 of Debian takes two buffers of 16 KiB for each connection.
	t.true(open! - before! > 32_768 && open! - before! < 200_000, `open: ${open! - before!}`);
	await machine.evaluate("tls.close(); 0");
	const { cHeapBytes: closed, cHeapBytesPeak } = await machine.measure();
	// What is left tells the engine's end; it goes with the object.
	t.true(closed! - before! < 100, `closed: ${closed! - before!}`);
	t.true(cHeapBytesPeak! >= open!);
	await machine.resetPeaks();
	t.is((await machine.measure()).cHeapBytesPeak, closed);
});

test("an engine that nobody holds any more gives its C heap back", async (t, engine) => {
	const machine = await startMachine(t, engine);
	const { cHeapBytes: before } = await machine.measure();
	await machine.evaluate("for (let i = 0; i < 10; i++) open(); 0");
	t.is((await machine.measure()).cHeapBytes, before);
});

test("chunks are XS's own and not counted there", async (t, engine) => {
	const machine = await startMachine(t, engine);
	const { cHeapBytes: before } = await machine.measure();
	await machine.evaluate("globalThis.kept = new ArrayBuffer(1000000); 0");
	t.is((await machine.measure()).cHeapBytes, before);
});
