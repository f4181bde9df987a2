/**
 * `latchkey update`: signs an image of the firmware and gives it to a device over MQTT.
 * @module
 */
import { readFile } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { provisionStore } from "../device/credential/index.js";
import { needsMending } from "../device/link/index.js";
import { FirmwareRelease } from "../host/firmware-release.js";
import { nodeDigest } from "../host/ports.js";
import { type DeviceEvent, startNodeDevice } from "../host/virtual-device.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { readInput } from "./files.js";
import { interruption } from "./interruption.js";
import { memoryStore } from "./memory-store.js";
import { addExamples, wantsJson } from "./output.js";
import { readTrustAnchor } from "./trust-anchor.js";
import { type UpdaterListener, updater } from "./updater.js";

interface UpdateOptions {
	readonly image: string;
	readonly firmwareVersion: number;
	readonly keyFile: string;
	readonly topic: string;
	readonly credential: string;
	readonly ca?: string;
	readonly json?: boolean;
}

export function addUpdateVerb(program: Command): void {
	const update = program
		.command("update")
		.description("sign an image of the firmware and give it to a device that asks for it, over MQTT")
		.requiredOption("--image <file>", "the image, such as xs_esp32.bin")
		.requiredOption("--firmware-version <number>", "its version: above that of the one that runs", versionNumber)
		.requiredOption("--key-file <file>", "RSA private key of whoever signs updates, PEM; - for standard input")
		.requiredOption("--topic <topic>", "what the device takes updates below, such as devices/dev1/update")
		.requiredOption("--credential <file>", "credential of somebody who may publish there, JSON")
		.option("--ca <file>", "root the server must chain to, PEM (default: the well-known roots)")
		.option("--json", "print one JSON event a line")
		.action(async (options: UpdateOptions) => {
			process.exitCode = await runUpdate(options);
		});
	addExamples(update, [
		"latchkey update --image build/xs_esp32.bin --firmware-version 2 --key-file update-key.pem \\\n      --topic devices/dev1/update --credential operator.json --ca .latchkey/tls/ca.pem",
	]);
}

function versionNumber(text: string): number {
	const version = Number(text);
	if (/^\d{1,10}$/.test(text) && version >= 1 && version <= 0xffffffff) return version;
	throw new InvalidArgumentError("expected an integer of 1..4294967295");
}

async function runUpdate(options: UpdateOptions): Promise<number> {
	const release = await openRelease(options);
	const store = memoryStore();
	provisionStore(store, await readInput(options.credential, "credential"), nodeDigest);
	const certificate = options.ca === undefined ? undefined : await readTrustAnchor(options.ca);
	return new Promise<number>((resolve, reject) => {
		const end = async (code: number) => {
			await device.stop();
			resolve(code);
		};
		const report = reporter(options, (code) => void end(code));
		const device = startNodeDevice(
			{
				store,
				certificate,
				onEvent: (event) => {
					report.connection(event);
					if (event.event === "failed") reject(event.error);
					if (event.event === "over" && needsMending(event.outcome.kind))
						void end(event.outcome.code ?? ExitCode.failure);
				},
				onError: reject,
			},
			updater(options.topic, release, report),
		);
		void interruption().then(() => end(ExitCode.interrupted));
	});
}

async function openRelease({ image, firmwareVersion, keyFile }: UpdateOptions): Promise<FirmwareRelease> {
	const bytes = await readFile(image).catch((error: NodeJS.ErrnoException) => {
		throw new CommandFailure({
			code: "file-unreadable",
			cause: `the image ${image} cannot be read (${error.code})`,
			exitCode: ExitCode.usage,
		});
	});
	const key = await readInput(keyFile, "key");
	try {
		return new FirmwareRelease(bytes, firmwareVersion, key);
	} catch (error) {
		if (error instanceof RangeError)
			throw new CommandFailure({ code: "image-unusable", cause: error.message, exitCode: ExitCode.usage });
		throw new CommandFailure({
			code: "key-unusable",
			cause: `${keyFile} holds no RSA private key that could sign`,
			remedy: "make one with latchkey keys create; its public half has to be in the firmware",
			exitCode: ExitCode.usage,
		});
	}
}

interface Reporter extends UpdaterListener {
	connection(event: DeviceEvent): void;
}

/** @param end gets the exit code, when the device has said how it ends. */
function reporter({ json, topic }: UpdateOptions, end: (code: number) => void): Reporter {
	const isJson = wantsJson(json);
	const say = (event: { readonly event: string }, text: string) =>
		process.stdout.write(isJson ? `${JSON.stringify(event)}\n` : `${text}\n`);
	let told = -1;
	return {
		connection(event) {
			if (event.event === "online") say({ event: "online" }, "Online; the update is offered.");
			if (event.event !== "over") return;
			const { kind, cause, remedy } = event.outcome;
			say({ ...event }, `Not online (${kind}: ${cause}); the next attempt is in ${event.retryIn} ms. ${remedy}`);
		},
		unanswered(times) {
			if (times > 1) return;
			say(
				{ event: "unanswered" },
				`No device has answered yet; the offer is repeated until Ctrl-C. Is the device online, does it take updates below ${topic}, and do the policies let it subscribe and publish there?`,
			);
		},
		progress(sent, size) {
			const percent = Math.floor((100 * sent) / size);
			if (percent === told) return;
			told = percent;
			say({ event: "progress", ...{ sent, size } }, `${String(percent).padStart(3)} %  ${sent} of ${size} bytes`);
		},
		status(status) {
			const event = { event: "status", status };
			if (status.state === "receiving") say(event, "The device receives it.");
			else if (status.state === "ready") {
				say(event, "The device has it whole and boots it; it keeps it when it gets online with it.");
				end(ExitCode.success);
			} else {
				say(event, `The device has ${status.state} it (${status.code}: ${status.cause}). ${status.remedy}`);
				end(ExitCode.failure);
			}
		},
	};
}
