/**
 * `latchkey device`: a virtual device with a credential of the user's, against any endpoint.
 * @module
 */
import { type Command, Option } from "commander";
import { provisionStore } from "../device/credential/index.js";
import { utf8Encode } from "../device/encoding/utf8.js";
import type { KeyValueStore } from "../device/ports.js";
import { FileStore } from "../host/file-store.js";
import { nodeDigest } from "../host/ports.js";
import type { DeviceEvent, VirtualDevice, VirtualDeviceOptions } from "../host/virtual-device.js";
import { chooseEngine, type DeviceEngine } from "./engine.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { watchFolder } from "./file-watch.js";
import { readInput } from "./files.js";
import { Happenings } from "./happenings.js";
import { interruption } from "./interruption.js";
import { memoryStore } from "./memory-store.js";
import { renderLine, tellDeviceEvent } from "./narration.js";
import { addExamples, paintFor, wantsJson } from "./output.js";
import { jsonOfDeviceEvent } from "./report.js";
import { readTrustAnchor } from "./trust-anchor.js";

interface DeviceOptions {
	readonly credential?: string;
	readonly store?: string;
	readonly ca?: string;
	readonly engine?: string;
	readonly app?: string;
	readonly watch?: boolean;
	readonly publish?: string;
	readonly message: string;
	readonly messageFile?: string;
	readonly subscribe?: string;
	readonly json?: boolean;
}

export function addDeviceVerb(program: Command): void {
	const device = program
		.command("device")
		.description("run the firmware's device core as a virtual device, against Latchkey's gateway or AWS IoT Core")
		.option("--credential <file>", "the device's credential, JSON; - for standard input")
		.option("--store <folder>", "keep what the device stores: its credential, its outbox, what its application keeps")
		.option("--ca <file>", "root the server must chain to, PEM (default: the well-known roots)")
		.option("--engine <name>", "xs (the real engine of the ESP32) or node; the best there is")
		.option("--app <file>", "run an application, such as examples/sensor.ts, until Ctrl-C")
		.option("--watch", "with --app: start it anew whenever a file beside it changes")
		.addOption(new Option("--publish <topic>", "publish one message at QoS 1 and end").conflicts("app"))
		.addOption(new Option("--message <text>", "the message").default("", "empty"))
		.addOption(
			new Option("--message-file <file>", "the message, such as a new credential; - for standard input").conflicts(
				"message",
			),
		)
		.addOption(new Option("--subscribe <filter>", "subscribe, and stay connected until Ctrl-C").conflicts("app"))
		.option("--json", "print one JSON event a line")
		.action(async (options: DeviceOptions) => {
			process.exitCode = await runDevice(options);
		});
	addExamples(device, [
		"latchkey device --credential credential.json --ca .latchkey/tls/ca.pem",
		"latchkey device --credential credential.json --engine node --publish devices/dev1/readings --message 21.5",
		"latchkey device --credential operator.json --publish devices/dev1/credential --message-file new-credential.json",
		"latchkey device --credential credential.json --ca .latchkey/tls/ca.pem --app examples/sensor.ts --watch",
		"latchkey device --store device1 --ca .latchkey/tls/ca.pem --app examples/actuator.ts",
	]);
}

async function runDevice(options: DeviceOptions): Promise<number> {
	// What is wrong with them is told before an engine is built.
	const message = await readMessage(options);
	const store = await openStore(options);
	const say = (line: string) => process.stderr.write(`${line}\n`);
	const engine = await chooseEngine(options.engine, say);
	if (engine.notice !== undefined) say(engine.notice);
	const certificate = options.ca === undefined ? undefined : await readTrustAnchor(options.ca);
	const happenings = new Happenings<DeviceEvent>();
	const tell = teller(wantsJson(options.json));
	const powered = new PoweredDevice(engine, options.app, {
		store,
		certificate,
		subscriptions: options.subscribe === undefined ? [] : [options.subscribe],
		onEvent(event) {
			tell(event);
			happenings.add(event);
		},
		onError: (error) => happenings.fail(error),
		onRestart: () => powered.restart("it asked for a restart", say),
	});
	await powered.start();
	const watch = options.app !== undefined && options.watch ? watchFolder(options.app) : undefined;
	watch?.onChange((file) => powered.restart(`${file} has changed`, say));
	const interrupted = interruption().then(() => ExitCode.interrupted);
	const broken = happenings.broken();
	// Whoever does not wait for it any more does not want to know.
	broken.catch(() => undefined);
	try {
		if (options.app !== undefined) return await Promise.race([interrupted, broken]);
		const done = await Promise.race([talk(powered, { ...options, message }, happenings), interrupted]);
		if (done !== ExitCode.success || (options.publish !== undefined && options.subscribe === undefined)) return done;
		await Promise.race([interrupted, broken]);
		return ExitCode.success;
	} finally {
		watch?.close();
		happenings.fail(new CommandFailure({ code: "stopped", cause: "the device was stopped" }));
		await powered.stop();
	}
}

/** A device that can be switched off and on again; one thing after the other. */
class PoweredDevice {
	private readonly engine: DeviceEngine;
	private readonly application: string | undefined;
	private readonly options: VirtualDeviceOptions;
	private device: VirtualDevice | undefined;
	private turn: Promise<void> = Promise.resolve();

	constructor(engine: DeviceEngine, application: string | undefined, options: VirtualDeviceOptions) {
		this.engine = engine;
		this.application = application;
		this.options = options;
	}

	async start(): Promise<void> {
		this.device = await this.engine.start(this.options, this.application);
	}

	/** An application that cannot be run any more is told, and the device stays off until it can. */
	restart(why: string, say: (line: string) => void): void {
		this.turn = this.turn.then(async () => {
			say(`Starting the device anew: ${why}.`);
			await this.device?.stop();
			this.device = undefined;
			await this.start().catch((error: Error) => say(error.message));
		});
	}

	publish(topic: string, message: string): Promise<number> {
		return this.device!.publish({ topic, payload: utf8Encode(message), qos: 1 });
	}

	async stop(): Promise<void> {
		await this.turn;
		await this.device?.stop();
	}
}

/** Connects, subscribes and publishes as the options say; the exit code of what did not work, or success. */
async function talk(
	device: PoweredDevice,
	options: DeviceOptions,
	happenings: Happenings<DeviceEvent>,
): Promise<number> {
	const first = await happenings.first(decides, "answer of the gateway");
	if (first.event !== "online") return exitCodeOf(first);
	if (options.subscribe !== undefined) {
		const answer = await happenings.first(({ event }) => event === "subscribed" || event === "over", "subscription");
		const refused = answer.event === "subscribed" ? answer.codes.find((code) => code >= 0x80) : exitCodeOf(answer);
		if (refused !== undefined) return refused;
	}
	if (options.publish === undefined) return ExitCode.success;
	const id = await device.publish(options.publish, options.message);
	const answer = await happenings.first(
		(event) => (event.event === "acknowledged" && event.id === id) || event.event === "over",
		"acknowledgement",
	);
	return answer.event === "acknowledged" && answer.code < 0x80 ? ExitCode.success : exitCodeOf(answer);
}

/** @throws {CommandFailure} for standard input that is to be two things. */
async function readMessage({ message, messageFile, credential }: DeviceOptions): Promise<string> {
	if (messageFile === undefined) return message;
	if (messageFile !== "-" || credential !== "-") return readInput(messageFile, "message");
	throw new CommandFailure({
		code: "wrong-option",
		cause: "--credential and --message-file: standard input can be only one of them",
		exitCode: ExitCode.usage,
	});
}

/** Whether it is known how the first attempt ended. */
function decides({ event }: DeviceEvent): boolean {
	return event === "online" || event === "over" || event === "failed";
}

/** The MQTT code of a refusal, or 1. */
function exitCodeOf(event: DeviceEvent): number {
	if (event.event === "acknowledged") return event.code;
	return (event.event === "over" && event.outcome.code) || ExitCode.failure;
}

function teller(json: boolean): (event: DeviceEvent) => void {
	const paint = paintFor(process.stdout);
	return (event) => {
		const line = tellDeviceEvent(event);
		if (json) console.log(JSON.stringify(jsonOfDeviceEvent(event)));
		else if (line !== undefined) console.log(renderLine(paint, "device", line));
	};
}

/** The device's store, with the credential in it that was given: in a folder, or until the command ends. */
async function openStore({ credential, store: folder }: DeviceOptions): Promise<KeyValueStore> {
	if (credential === undefined && folder === undefined)
		throw new CommandFailure({
			code: "no-credential",
			cause: "the device has no credential",
			remedy: "give --credential, or --store with a folder of a device that was given one before",
			exitCode: ExitCode.usage,
		});
	const store = folder === undefined ? memoryStore() : new FileStore(folder);
	if (credential !== undefined) provisionStore(store, await readInput(credential, "credential"), nodeDigest);
	return store;
}
