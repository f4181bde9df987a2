/**
 * The portable cases of the device core in the real engine, one tier a test file; `../device/cases.test.ts` runs the
 * same ones in Node.
 * @module
 */
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { type CaseFile, discoverCases } from "../device/discovery.js";
import { engineTest } from "./engine-test.js";
import { type Allowance, bundleGuest, type EngineTarget, type XsEngine, XsMachine, XsMachineError } from "./index.js";

const GUEST = fileURLToPath(new URL("guest", import.meta.url));

export interface Tier {
	readonly target: EngineTarget;
	/** What the heap may grow by, from the loaded cases on; without it there is ample room. */
	readonly cap?: Allowance | undefined;
	/** Cases that need more than the cap, as `file: title`: they run in a machine without one. */
	readonly ample?: readonly string[] | undefined;
	/** Files of cases that are left to the other tiers. */
	readonly elsewhere?: readonly string[] | undefined;
}

/** Registers every case as a test. To be awaited by the test file, which does nothing else. */
export async function registerDeviceCases({ target, cap, ample = [], elsewhere = [] }: Tier): Promise<void> {
	// Everything is awaited first: AVA takes neither tests nor hooks once it has begun, and it begins after the first of them.
	const files = await discoverCases();
	const engineCase = await engineTest(target);
	const machines = new CaseMachines();
	test.after.always(() => machines.close());

	const unknown = new Set([...ample, ...elsewhere]);
	for (const file of files) {
		if (unknown.delete(file.name)) continue;
		for (const title of Object.keys(file.cases)) {
			const name = `${file.name}: ${title}`;
			const own = unknown.delete(name) ? undefined : cap;
			engineCase(name, (t, engine) => machines.run(t, { file, title, engine, cap: own }));
		}
	}
	if (unknown.size > 0) throw new RangeError(`no case or file of this name: ${[...unknown].join("; ")}`);
}

interface Run {
	readonly file: CaseFile;
	readonly title: string;
	readonly engine: XsEngine;
	readonly cap: Allowance | undefined;
}

/** A file's cases share one machine, as long as none of them ends it; those without a cap share another. */
class CaseMachines {
	private readonly machines = new Map<string, Promise<XsMachine>>();

	async run(t: ExecutionContext, { file, title, engine, cap }: Run): Promise<void> {
		const key = `${file.name} ${cap === undefined ? "ample" : "capped"}`;
		const machine = this.machines.get(key) ?? load(file, engine, cap);
		this.machines.set(key, machine);
		try {
			await (await machine).evaluate(`runCase(${JSON.stringify(title)})`);
			t.pass();
		} catch (error) {
			if (error instanceof XsMachineError) this.machines.delete(key);
			t.fail((error as Error).message);
		}
	}

	async close(): Promise<void> {
		for (const machine of this.machines.values()) {
			// One that could not be loaded has failed its cases already.
			const [loaded] = await Promise.allSettled([machine]);
			if (loaded.status === "fulfilled") await loaded.value.close();
		}
	}
}

async function load(file: CaseFile, engine: XsEngine, cap: Allowance | undefined): Promise<XsMachine> {
	const contents = `
		import { cases } from ${JSON.stringify(file.path)};
		import { runCases } from "./run-cases.js";
		runCases(cases);
	`;
	const { text } = await bundleGuest({ contents, folder: GUEST });
	const machine = await XsMachine.start({ engine, countsInstructions: false });
	try {
		await machine.evaluate(text);
		if (cap !== undefined) await machine.cap(cap);
	} catch (error) {
		await machine.close();
		throw error;
	}
	return machine;
}
