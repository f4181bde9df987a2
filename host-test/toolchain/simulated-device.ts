/**
 * The real firmware in the Moddable SDK's simulator, as a test watches it.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccessPointMood } from "../../src/firmware/lin/access-point.js";
import { ACCESS_POINT_FILE } from "../../src/firmware/lin/process-ends.js";
import { runSimulation } from "../../src/toolchain/sim.js";
import { thisMachine } from "../../src/toolchain/surroundings.js";

/** A line of the device's console. */
export type ConsoleEvent = { readonly event: string } & Record<string, unknown>;

/** Milliseconds in which what is waited for has to come: the longest backoff of these scenarios, and some. */
const PATIENCE = 150_000;

export interface SimulatedDeviceOptions {
	/** JSON. */
	readonly credential: object;
	/** Root of the gateway, PEM. */
	readonly ca: string;
	/** Builds first. */
	readonly build?: boolean;
}

export class SimulatedDevice {
	readonly events: ConsoleEvent[] = [];
	private readonly folder = mkdtempSync(join(tmpdir(), "latchkey-simulated-"));
	private readonly interruption = new AbortController();
	private readonly ended: Promise<void>;
	private failure: Error | undefined;
	private look: () => void = () => {};
	/** Index of the event after the one that was waited for last. */
	private waitedFor = 0;

	constructor({ credential, ca, build = false }: SimulatedDeviceOptions) {
		const file = (name: string, text: string) => {
			writeFileSync(join(this.folder, name), text, { mode: 0o600 });
			return join(this.folder, name);
		};
		const flags = {
			store: join(this.folder, "store"),
			credential: file("credential.json", JSON.stringify(credential)),
			ca: file("ca.pem", ca),
			ssid: "simulated",
			accessPoint: "up",
			build,
		};
		this.ended = runSimulation({
			surroundings: thisMachine,
			flags,
			onLine: (line) => this.take(line),
			onNote: () => undefined,
			signal: this.interruption.signal,
		}).catch((error: Error) => {
			this.failure = error;
			this.look();
		});
	}

	/** The next event that matches, after the one that was waited for last. */
	async next(matches: (event: ConsoleEvent) => boolean): Promise<ConsoleEvent> {
		let timedOut = false;
		const timer = setTimeout(() => {
			timedOut = true;
			this.look();
		}, PATIENCE);
		try {
			for (;;) {
				const at = this.events.findIndex((event, index) => index >= this.waitedFor && matches(event));
				if (at >= 0) {
					this.waitedFor = at + 1;
					return this.events[at]!;
				}
				if (this.failure !== undefined) throw this.failure;
				if (timedOut) throw new Error(`did not come; the last was ${JSON.stringify(this.events.at(-1))}`);
				await new Promise<void>((resolve) => {
					this.look = resolve;
				});
			}
		} finally {
			clearTimeout(timer);
		}
	}

	/** What the access point does from now on. */
	accessPoint(mood: AccessPointMood): void {
		writeFileSync(join(this.folder, "store", ACCESS_POINT_FILE), mood);
	}

	/** Any number of times. */
	async stop(): Promise<void> {
		this.interruption.abort();
		await this.ended;
		rmSync(this.folder, { recursive: true, force: true });
	}

	/** What is no JSON is the engine's own. */
	private take(line: string): void {
		try {
			this.events.push(JSON.parse(line) as ConsoleEvent);
		} catch {
			this.events.push({ event: "text", line });
		}
		this.look();
	}
}

/** An `over` event of this kind. */
export function over(kind: string): (event: ConsoleEvent) => boolean {
	return ({ event, outcome }) => event === "over" && (outcome as { kind: string }).kind === kind;
}

export function named(name: string): (event: ConsoleEvent) => boolean {
	return ({ event }) => event === name;
}
