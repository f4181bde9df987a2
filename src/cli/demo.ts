/**
 * `latchkey demo`: one token, end to end, on free loopback ports.
 * @module
 */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { loadConfiguredAccount } from "./account-source.js";
import { createToken, type DevelopmentAccount, openDevelopmentAccount } from "./development-account.js";
import { chooseEngine, type DeviceEngine } from "./engine.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { interruption } from "./interruption.js";
import { createKeyPair } from "./keys.js";
import { addExamples, wantsJson } from "./output.js";
import { Player } from "./player.js";
import { Report } from "./report.js";
import { closeStage, developmentSpeaker, howToTalk, openStage, type Stage, upEvent } from "./stage.js";

interface DemoOptions {
	readonly once?: boolean;
	readonly engine?: string;
	readonly json?: boolean;
}

const HOST = "127.0.0.1";

/** Who plays; the visitor is for the person who watches. */
const DEVICE = "thermometer-1";
const FORGER = "forger-1";
const OPERATOR = "operator-1";
const VISITOR = "visitor-1";

const READING = '{"celsius":21.5}';
const COMMAND = '{"led":"on"}';

export function addDemoVerb(program: Command): void {
	const demo = program
		.command("demo")
		.description("show one token's way end to end: a device signs it, the gateway checks it, messages flow")
		.option("--once", "end after the first round trip")
		.option("--engine <name>", "what runs the devices: xs (the real engine of the ESP32) or node; the best there is")
		.option("--json", "print one JSON event a line")
		.action(async (options: DemoOptions) => {
			process.exitCode = await runDemo(options);
		});
	addExamples(demo, ["latchkey demo", "latchkey demo --once --engine node", "latchkey demo --once --json | jq .event"]);
}

async function runDemo({ once = false, engine: asked, json }: DemoOptions): Promise<number> {
	const report = new Report(wantsJson(json));
	const engine = await chooseEngine(asked, (line) => report.progress(line));
	const interrupted = interruption();
	const directory = await mkdtemp(join(tmpdir(), "latchkey-demo-"));
	// However the process ends, short of being killed, the keys in there go with it.
	process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
	const demo = new Demo(engine, report, directory);
	try {
		const played = await Promise.race([demo.play(once), demo.broken, interrupted.then(() => "interrupted" as const)]);
		if (played === "interrupted") return ExitCode.interrupted;
		if (!once) await Promise.race([interrupted, demo.broken]);
		return ExitCode.success;
	} finally {
		await demo.close();
	}
}

/** The stage, its players, and the order of the scenes. */
class Demo {
	private readonly engine: DeviceEngine;
	private readonly report: Report;
	private readonly directory: string;
	private readonly players: Player[] = [];
	private readonly closers: (() => Promise<unknown>)[] = [];
	/** Rejects when the engine of a player fails. */
	readonly broken: Promise<never>;
	private stopListening: () => void = () => {};
	private break: (error: Error) => void = () => {};
	private isClosed = false;
	private opening: Promise<Stage> | undefined;

	constructor(engine: DeviceEngine, report: Report, directory: string) {
		this.engine = engine;
		this.report = report;
		this.directory = directory;
		this.broken = new Promise((_, reject) => {
			this.break = reject;
		});
		// Whoever races it is told; nobody has to.
		this.broken.catch(() => {});
	}

	async play(once: boolean): Promise<void> {
		const account = await openDevelopmentAccount(this.directory, VISITOR, Date.now());
		this.goOn();
		this.opening = this.openStage(account);
		const stage = await this.opening;
		this.goOn();
		this.report.up(upEvent(stage, account), this.engine);
		const startedAt = performance.now();

		this.report.scene(`${DEVICE} powers up, signs its token and connects`);
		const device = this.player(stage, DEVICE, this.engine, `devices/${DEVICE}/commands`);
		await device.powerUp({ mode: "rsa", token: createToken({ sub: DEVICE, role: "device" }, Date.now()) }, account);
		await device.subscribed();
		await device.publish(`devices/${DEVICE}/readings`, READING);

		this.report.scene(`${FORGER} signs a token with a key of its own`);
		const forger = this.player(stage, FORGER, this.engine);
		const { privateKey } = await createKeyPair();
		const forged = createToken({ sub: FORGER, role: "device" }, Date.now());
		await forger.powerUp({ mode: "rsa", token: forged, privateKey }, account);
		await forger.refused();
		await forger.leave();

		this.report.scene(`${OPERATOR} connects with a signature made beforehand, and commands`, [
			"session-opened",
			"published",
		]);
		const operator = this.player(stage, OPERATOR, await chooseEngine("node", () => {}));
		const token = createToken({ sub: OPERATOR, role: "operator" }, Date.now());
		await operator.powerUp({ mode: "presigned", token }, account);
		await operator.online();
		const commandedAt = performance.now();
		await operator.publish(`devices/${DEVICE}/commands`, COMMAND);
		await device.received(COMMAND);
		const now = performance.now();
		await operator.leave();
		this.report.roundTrip({
			engine: this.engine.name,
			clientId: DEVICE,
			duration: now - startedAt,
			commandDuration: now - commandedAt,
		});
		if (!once) this.report.stayingUp(howToTalk(stage, developmentSpeaker(account)));
	}

	/** Silently: the last thing told is the last scene. Everything is closed, whatever of it fails. */
	async close(): Promise<void> {
		this.isClosed = true;
		// What is being opened cannot be stopped; it is closed as soon as it is open.
		await Promise.allSettled([this.opening]);
		this.stopListening();
		const ends: PromiseSettledResult<unknown>[] = await Promise.allSettled(
			this.players.map((player) => player.leave()),
		);
		for (const close of this.closers.reverse()) ends.push(...(await Promise.allSettled([close()])));
		for (const end of ends) if (end.status === "rejected") throw end.reason;
	}

	/** @throws {CommandFailure} once the demo is closed: nothing more is opened or told. */
	private goOn(): void {
		if (this.isClosed) throw new CommandFailure({ code: "closed", cause: "the demo is over" });
	}

	private async openStage({ config }: DevelopmentAccount): Promise<Stage> {
		const { directory } = this;
		const account = loadConfiguredAccount(config, { directory });
		this.closers.push(() => account.close());
		const api = { host: HOST, port: 0, data: directory };
		const stage = await openStage({ account, directory, host: HOST, port: 0, api });
		this.closers.push(() => closeStage(stage));
		this.stopListening = stage.gateway.onEvent((event) => this.report.gateway(event));
		return stage;
	}

	private player(stage: Stage, clientId: string, engine: DeviceEngine, ...filters: string[]): Player {
		this.goOn();
		const folder = join(this.directory, clientId);
		const player = new Player({ clientId, engine, folder, filters, stage, report: this.report, onBroken: this.break });
		this.players.push(player);
		return player;
	}
}
