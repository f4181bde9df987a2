/**
 * `latchkey device`: a virtual device with a credential of the user's, against any endpoint.
 * @module
 */
import { type Command, Option } from "commander";
import { CREDENTIAL_KEY, parseCredential } from "../device/credential/index.js";
import { utf8Encode } from "../device/encoding/utf8.js";
import type { KeyValueStore } from "../device/ports.js";
import type { DeviceEvent, VirtualDevice } from "../host/virtual-device.js";
import { chooseEngine } from "./engine.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { readInput } from "./files.js";
import { Happenings } from "./happenings.js";
import { interruption } from "./interruption.js";
import { renderLine, tellDeviceEvent } from "./narration.js";
import { addExamples, paintFor, wantsJson } from "./output.js";
import { jsonOfDeviceEvent } from "./report.js";
import { readTrustAnchor } from "./trust-anchor.js";

interface DeviceOptions {
	readonly credential: string;
	readonly ca?: string;
	readonly engine?: string;
	readonly publish?: string;
	readonly message: string;
	readonly subscribe?: string;
	readonly json?: boolean;
}

export function addDeviceVerb(program: Command): void {
	const device = program
		.command("device")
		.description("run the firmware's device core as a virtual device, against Latchkey's gateway or AWS IoT Core")
		.requiredOption("--credential <file>", "the device's credential, JSON; - for standard input")
		.option("--ca <file>", "root the server must chain to, PEM (default: the well-known roots)")
		.option("--engine <name>", "xs (the real engine of the ESP32) or node; the best there is")
		.option("--publish <topic>", "publish one message at QoS 1 and end")
		.addOption(new Option("--message <text>", "the message").default("", "empty"))
		.option("--subscribe <filter>", "subscribe, and stay connected until Ctrl-C")
		.option("--json", "print one JSON event a line")
		.action(async (options: DeviceOptions) => {
			process.exitCode = await runDevice(options);
		});
	addExamples(device, [
		"latchkey device --credential credential.json --ca .latchkey/tls/ca.pem",
		"latchkey device --credential credential.json --engine node --publish devices/dev1/readings --message 21.5",
	]);
}

async function runDevice(options: DeviceOptions): Promise<number> {
	const text = await readInput(options.credential, "credential");
	// Checked here as well, so that a wrong credential is told before an engine is built.
	parseCredential(text);
	const say = (line: string) => process.stderr.write(`${line}\n`);
	const engine = await chooseEngine(options.engine, say);
	if (engine.notice !== undefined) say(engine.notice);
	const certificate = options.ca === undefined ? undefined : await readTrustAnchor(options.ca);
	const happenings = new Happenings<DeviceEvent>();
	const tell = teller(wantsJson(options.json));
	const device = await engine.start({
		store: storeOf(text),
		certificate,
		subscriptions: options.subscribe === undefined ? [] : [{ filter: options.subscribe, qos: 1 }],
		onEvent(event) {
			tell(event);
			happenings.add(event);
		},
		onError: (error) => happenings.fail(error),
	});
	const interrupted = interruption().then(() => ExitCode.interrupted);
	try {
		const done = await Promise.race([talk(device, options, happenings), interrupted]);
		if (done !== ExitCode.success || (options.publish !== undefined && options.subscribe === undefined)) return done;
		await interrupted;
		return ExitCode.success;
	} finally {
		happenings.fail(new CommandFailure({ code: "stopped", cause: "the device was stopped" }));
		await device.stop();
	}
}

/** Connects, subscribes and publishes as the options say; the exit code of what did not work, or success. */
async function talk(
	device: VirtualDevice,
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
	await device.publish({ topic: options.publish, payload: utf8Encode(options.message), qos: 1 });
	const answer = await happenings.first(({ event }) => event === "acknowledged" || event === "over", "acknowledgement");
	return answer.event === "acknowledged" && answer.code < 0x80 ? ExitCode.success : exitCodeOf(answer);
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

/** A store that holds the credential and forgets everything else when the command ends. */
function storeOf(credential: string): KeyValueStore {
	const values = new Map<string, ArrayBuffer>([[CREDENTIAL_KEY, utf8Encode(credential).slice().buffer]]);
	return {
		read: (key) => values.get(key),
		write: (key, value) => void values.set(key, value),
		delete: (key) => void values.delete(key),
	};
}
