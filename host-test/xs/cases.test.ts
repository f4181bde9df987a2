/**
 * The portable cases of the device core in the real engine; `../device/cases.test.ts` runs the same ones in Node.
 * @module
 */
import { fileURLToPath } from "node:url";
import test from "ava";
import { type CaseFile, discoverCases } from "../device/discovery.js";
import { engineTest } from "./engine-test.js";
import { bundleGuest, XsMachine, XsMachineError } from "./index.js";

const engineCase = await engineTest();
const GUEST = fileURLToPath(new URL("guest", import.meta.url));

/** A file's cases share one machine, as long as none of them ends it. */
const machines = new Map<string, Promise<XsMachine>>();

for (const file of await discoverCases()) {
	for (const title of Object.keys(file.cases)) {
		engineCase(`${file.name}: ${title}`, async (t, engine) => {
			if (!machines.has(file.name)) machines.set(file.name, load(file, await XsMachine.start({ engine })));
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

test.after.always(async () => {
	for (const machine of machines.values()) await (await machine).close();
});

async function load(file: CaseFile, machine: XsMachine): Promise<XsMachine> {
	const contents = `
		import { cases } from ${JSON.stringify(file.path)};
		import { runCases } from "./run-cases.js";
		runCases(cases);
	`;
	const { text } = await bundleGuest({ contents, folder: GUEST });
	await machine.evaluate(text);
	return machine;
}
