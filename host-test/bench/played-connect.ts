/**
 * A device's way from power-up to its first acknowledged message, step by step, against a gateway that the bench plays:
 * the same bytes in the same pieces at the same moments in every run.
 * @module
 */
import { encodeUsername } from "../../src/device/connect-fields.js";
import type { PublishArgument } from "../xs/device-commands.js";
import { bundleGuest, type XsEngine, XsGuest } from "../xs/index.js";
import { deviceEntry } from "../xs/xs-device.js";
import { BENCH_USERNAME, credentialStore, type Mode } from "./bench-credential.js";
import { ExpectedEvents } from "./expected-events.js";
import { CONNACK } from "./work-input.js";
import { type BenchPorts, benchPorts } from "./world.js";

/** What the device publishes. */
export const MESSAGE: PublishArgument = {
	topic: "home/thermometer-1/temperature",
	payload: Buffer.from('{"celsius":21.5}').toString("base64"),
	qos: 1,
};

export class PlayedConnect {
	readonly guest: XsGuest;
	private readonly ports: BenchPorts;
	private readonly events: ExpectedEvents;

	/** Loads the device's program into a machine; nothing of it has run. */
	static async load(engine: XsEngine, mode: Mode): Promise<PlayedConnect> {
		const ports = benchPorts(credentialStore(mode));
		const events = new ExpectedEvents();
		const guest = await XsGuest.start({
			engine,
			program: await deviceProgram(),
			ports,
			onEvent: (event) => events.take(event),
			onError: (error) => events.fail(error),
		});
		return new PlayedConnect(guest, ports, events);
	}

	private constructor(guest: XsGuest, ports: BenchPorts, events: ExpectedEvents) {
		this.guest = guest;
		this.ports = ports;
		this.events = events;
	}

	/** Reads the credential, signs where it has to, opens a socket. */
	async powerUp(): Promise<void> {
		await this.step("connecting", () => this.guest.run("start", {}));
	}

	/** TLS is there: CONNECT goes out. */
	async secure(): Promise<void> {
		await this.step("secured", () => this.ports.network.last.writable());
		const [connect] = this.ports.network.last.sent;
		if (connect?.type !== "connect" || connect.username !== encodeUsername(BENCH_USERNAME))
			throw new Error("bench: no proper CONNECT");
	}

	/** The gateway takes it in. */
	async admit(): Promise<void> {
		await this.step("online", () => {
			this.ports.network.last.deliver(CONNACK);
		});
	}

	/** One message, acknowledged. */
	async publish(): Promise<void> {
		await this.guest.run("publish", MESSAGE);
		const [packetId] = this.ports.network.last.sent.flatMap((packet) =>
			packet.type === "publish" && packet.packetId !== undefined ? [packet.packetId] : [],
		);
		if (packetId === undefined) throw new Error("bench: no PUBLISH");
		await this.step("acknowledged", () => {
			this.ports.network.last.deliver({ type: "puback", packetId, code: 0 });
		});
	}

	/** All of it. */
	async run(): Promise<void> {
		await this.powerUp();
		await this.secure();
		await this.admit();
		await this.publish();
	}

	close(): Promise<void> {
		return this.guest.close();
	}

	/** Does something and waits until the device has told `event` and the turn in which it did is over. */
	private async step(event: string, work: () => unknown): Promise<void> {
		await Promise.all([this.events.next(event), work()]);
		// Answered after the turn that is under way.
		await this.guest.machine.resetPeaks();
	}
}

let program: Promise<string> | undefined;

/** The whole device, minified. */
export function deviceProgram(): Promise<string> {
	program ??= bundleGuest(deviceEntry(), { minify: true }).then(({ text }) => text);
	return program;
}
