/**
 * The portable cases of the device core in the real engine; `../device/cases.test.ts` runs the same ones in Node.
 * @module
 */
import { fileURLToPath } from "node:url";
import test from "ava";
import { type CaseFile, discoverCases } from "../device/discovery.js";
import { engineTest } from "./engine-test.js";
import { bundleGuest, type XsEngine, XsMachine, XsMachineError } from "./index.js";

const GUEST = fileURLToPath(new URL("guest", import.meta.url));

// Everything is awaited first: AVA takes neither tests nor hooks once it has begun, and it begins after the first of them.
const files = await discoverCases();
const engineCase = await engineTest();

/** A file's cases share one machine, as long as none of them ends it. */
const machines = new Map<string, Promise<XsMachine>>();

test.after.always(async () => {
	for (const machine of machines.values()) {
		// One that could not be loaded has failed its cases already.
		const [loaded] = await Promise.allSettled([machine]);
		if (loaded.status === "fulfilled") await loaded.value.close();
	}
});

for (const file of files) {
	for (const title of Object.keys(file.cases)) {
		engineCase(`${file.name}: ${title}`, async (t, engine) => {
			if (!machines.has(file.name)) machines.set(file.name, load(file, engine));
			try {
				await (await machines.get(file.name)!).evaluate(`runCase(${JSON.stringify(title)})`);
				t.pass();
			} catch (error) {
				if (error instanceof XsMachineError) machines.delete(file.name);
				t.fail((error as Error).message);
			}
		});
	}
}

async function load(file: CaseFile, engine: XsEngine): Promise<XsMachine> {
	const contents = `
		import { cases } from ${JSON.stringify(file.path)};
		import { runCases } from "./run-cases.js";
		runCases(cases);
	`;
	const { text } = await bundleGuest({ contents, folder: GUEST });
	const machine = await XsMachine.start({ engine });
	try {
		await machine.evaluate(text);
	} catch (error) {
		await machine.close();
		throw error;
	}
	return machine;
}
