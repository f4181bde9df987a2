/**
 * A device in XS, the gateway, and the network between them: time passes when a test says so, and the network fails where
 * it says so.
 * @module
 */
import { X509Certificate } from "node:crypto";
import type { ExecutionContext } from "ava";
import { provisionStore } from "../../src/device/credential/index.js";
import { RETRY_RULES } from "../../src/device/link/index.js";
import type { KeyValueStore } from "../../src/device/ports.js";
import { FirmwareFolder } from "../../src/host/firmware-folder.js";
import { nodeDigest, nodeRandom } from "../../src/host/ports.js";
import type { DeviceEvent } from "../../src/host/virtual-device.js";
import { memoryStore, VirtualClock } from "../device/world.js";
import { CA, SERVER_NAME, Site, type SiteOptions, signatureOf, TOKEN, TOKEN_KEY } from "../gateway/site.js";
import type { PublishResult } from "../xs/device-commands.js";
import { type XsEngine, XsException, XsGuest } from "../xs/index.js";
import { bundleDevice } from "../xs/xs-device.js";
import { FaultyNetwork } from "./faulty-network.js";
import { Listener } from "./listener.js";

/** Messages go to topics below it, by their number: the gateway tells topics, not payloads. */
const TOPIC = "devices/dev1/readings";

/** Turns of Node's loop without a byte moving after which nothing more is on its way on loopback. */
const QUIET_TURNS = 12;
/** Milliseconds of the device's clock after which a test gives up: longer than any backoff. */
const PATIENCE = 3 * 3_600_000;

const ANCHOR = Uint8Array.from(new X509Certificate(CA).raw).buffer;

type Over = Extract<DeviceEvent, { readonly event: "over" }>;

export interface FieldOptions {
	readonly engine: XsEngine;
	readonly site?: SiteOptions;
	readonly credential?: object;
	readonly store?: KeyValueStore;
	/** A file with the application. */
	readonly application?: string;
	/** Where the program is instead, in images that the device may replace. */
	readonly firmware?: string;
	readonly version?: 4 | 5;
	readonly subscriptions?: readonly string[];
	/** Somebody listens to what matches, from before the device is switched on: {@link Field.heard}. */
	readonly listen?: string;
}

export class Field {
	readonly clock = new VirtualClock();
	readonly network = new FaultyNetwork();
	readonly events: DeviceEvent[] = [];
	/** Attempts that have begun, and that have ended: never is more than one under way. */
	readonly attempts = { begun: 0, ended: 0 };
	readonly store: KeyValueStore;
	/** Restarts that ended in an exception. */
	crashes = 0;
	/** The gateway, the last one of it. */
	site: Site;
	private readonly sites: Site[] = [];
	private readonly port: number;
	private readonly options: FieldOptions;
	private guest: XsGuest | undefined;
	private listener: Listener | undefined;
	private failure: Error | undefined;
	/** What the bootloader does, and whether the device has asked for it. */
	private readonly firmware: FirmwareFolder | undefined;
	private wantsRestart = false;
	/** When the device may connect again. */
	private notBefore = Number.NEGATIVE_INFINITY;
	/** Index of the event after the one that was waited for last. */
	private waitedFor = 0;
	private published = 0;
	/** Numbers of the messages that the device has taken. */
	private readonly taken: number[] = [];
	/** Ids, as the outbox gave them, of those that nobody has acknowledged. */
	private readonly pending = new Set<number>();
	private readonly t: ExecutionContext;

	private constructor(t: ExecutionContext, site: Site, options: FieldOptions) {
		this.t = t;
		this.site = site;
		this.sites.push(site);
		this.port = site.gateway.port;
		this.options = options;
		this.store = options.store ?? memoryStore();
		const onRestart = () => {
			this.wantsRestart = true;
		};
		if (options.firmware !== undefined) this.firmware = new FirmwareFolder({ directory: options.firmware, onRestart });
		if (this.store.read("credential") === undefined)
			provisionStore(this.store, JSON.stringify({ ...credentialFor(this.port), ...options.credential }), nodeDigest);
	}

	/** A gateway, and a device that is switched on. */
	static async start(t: ExecutionContext, options: FieldOptions): Promise<Field> {
		const field = new Field(t, await Site.start(t, options.site), options);
		t.teardown(() => field.powerOff());
		if (options.listen !== undefined) field.listener = await Listener.join(field.site, options.listen);
		await field.powerOn();
		return field;
	}

	/** Nobody listens any more where the gateway was. */
	async killGateway(): Promise<void> {
		await this.site.gateway.close();
	}

	/** A gateway that knows nothing of the one before, where that was. */
	async reviveGateway(): Promise<void> {
		const now = this.site.clock.now();
		this.site = await Site.start(this.t, { ...this.options.site, port: this.port });
		this.site.clock.advance(now - this.site.clock.now());
		this.sites.push(this.site);
	}

	/** Somebody who may publish does. */
	send(topic: string, payload: string | object, retain = false): void {
		const text = typeof payload === "string" ? payload : JSON.stringify(payload);
		this.site.gateway.publish({ topic, payload: new Uint8Array(Buffer.from(text)), qos: 1, retain });
	}

	/** What was heard of {@link FieldOptions.listen}, as topic and text. */
	get heard(): string[] {
		return this.listener!.messages.map(({ topic, payload }) => `${topic} ${payload}`);
	}

	/** Payloads of what was heard on one topic. */
	heardPayloads(topic: string): Uint8Array[] {
		const messages = this.listener!.messages.filter((message) => message.topic === topic);
		return messages.map(({ payload }) => new Uint8Array(payload as Buffer));
	}

	/** Somebody who may publishes a credential that differs from the device's by `changes`. */
	propose(topic: string, changes: object, retain = false): void {
		this.send(topic, { ...credentialFor(this.port), ...this.options.credential, ...changes }, retain);
	}

	/** Switches the device on. */
	async powerOn(): Promise<void> {
		const { engine, application, version, subscriptions } = this.options;
		const { firmware } = this;
		const image = firmware?.boot();
		this.guest = await XsGuest.start({
			engine,
			program: image === undefined ? await bundleDevice(application) : Buffer.from(image).toString("utf8"),
			ports: {
				TLSSocket: class {
					constructor() {
						throw new Error("the device's own TLS was to be used");
					}
				} as never,
				TCPSocket: this.network.TCPSocket,
				clock: this.clock,
				random: nodeRandom,
				digest: nodeDigest,
				store: this.store,
				firmware,
				restart: () => {
					this.wantsRestart = true;
				},
			},
			onEvent: (event) => this.happened(event as DeviceEvent),
			onError: (error) => {
				this.failure = error;
			},
		});
		await this.guest.run("start", {
			certificate: Buffer.from(ANCHOR).toString("base64"),
			ownTls: { roots: [] },
			version,
			subscriptions,
			firmware: firmware && { version: firmware.version, isOnTrial: firmware.isOnTrial },
		});
		await this.guest.idle();
	}

	/** Takes the power away: the device says nothing, and all it had in memory is gone. */
	async powerOff(): Promise<void> {
		await this.guest?.close();
		this.guest = undefined;
		this.network.cutAll();
		this.attempts.ended = this.attempts.begun;
		this.notBefore = Number.NEGATIVE_INFINITY;
	}

	/** The device publishes one more message, numbered; it is the outbox's from now on, unless its store fails. */
	async publish(): Promise<void> {
		const number = ++this.published;
		const message = { topic: `${TOPIC}/${number}`, payload: "", qos: 1 };
		const { id, error } = (await this.guest!.run("publish", message)) as PublishResult;
		if (error === undefined) {
			this.taken.push(number);
			this.pending.add(id);
		} else {
			// The store failed, or lost its power.
			this.t.is(error.code, "store-failed");
		}
	}

	/** Messages that the device has taken and nobody has acknowledged. */
	get unacknowledged(): number {
		return this.pending.size;
	}

	/** The gateway has let the device in, and the connection has not ended. */
	get isOnline(): boolean {
		const ends = ["over", "refreshing", "credential-read"];
		return (
			this.events.findLastIndex(({ event }) => event === "online") >
			this.events.findLastIndex(({ event }) => ends.includes(event))
		);
	}

	/** Messages that the outbox holds, as the device says. */
	async waiting(): Promise<number> {
		const status = (await this.guest!.run("status")) as { outbox: { messages: number } };
		return status.outbox.messages;
	}

	/** Numbers of the messages that the device has taken and that have not reached the gateway. */
	get lost(): number[] {
		const arrived = new Set(this.arrived);
		return this.taken.filter((number) => !arrived.has(number));
	}

	/**
	 * Lets everything that is on its way arrive, and then time pass, from one timer to the next, until `done`.
	 * @throws {Error} when the device broke, or nothing more can come.
	 */
	async until(what: string, done: () => boolean): Promise<void> {
		const end = this.clock.monotonic() + PATIENCE;
		for (;;) {
			await this.quiet(done);
			if (this.failure !== undefined) throw this.failure;
			if (done()) return;
			const wait = this.clock.untilNext;
			if (wait === undefined || this.clock.monotonic() + wait > end) throw new Error(`${what} did not come: hung`);
			this.pass(wait);
		}
	}

	/**
	 * The next event of this name, after the one that was waited for last.
	 * @param meanwhile what others do in the meantime, again and again.
	 */
	async next<Name extends DeviceEvent["event"]>(
		name: Name,
		meanwhile: () => void = () => undefined,
	): Promise<Extract<DeviceEvent, { readonly event: Name }>> {
		const find = () => this.events.findIndex(({ event }, at) => at >= this.waitedFor && event === name);
		await this.until(name, () => {
			meanwhile();
			return find() >= 0;
		});
		const at = find();
		this.waitedFor = at + 1;
		return this.events[at] as Extract<DeviceEvent, { readonly event: Name }>;
	}

	/** Lets `milliseconds` pass, and all that comes of it happen. */
	async advance(milliseconds: number): Promise<void> {
		const end = this.clock.monotonic() + milliseconds;
		for (;;) {
			await this.quiet(() => false);
			const left = end - this.clock.monotonic();
			if (left <= 0) return;
			this.pass(Math.min(left, this.clock.untilNext ?? left));
		}
	}

	/** Numbers of the messages that have reached the gateway, each as often as it did. */
	private get arrived(): number[] {
		return this.sites
			.flatMap(({ events }) => events)
			.flatMap((event) =>
				event.event === "published" && event.topic.startsWith(TOPIC)
					? [Number(event.topic.slice(TOPIC.length + 1))]
					: [],
			);
	}

	private pass(milliseconds: number): void {
		this.site.clock.advance(milliseconds);
		this.clock.advance(milliseconds);
	}

	/** Until nothing moves any more and everything was heard, or `done`. */
	private async quiet(done: () => boolean): Promise<void> {
		do await this.still(done);
		while (this.listener !== undefined && !done() && (await this.listener.catchUp()) > 0 && !done());
	}

	private async still(done: () => boolean): Promise<void> {
		const { network } = this;
		let seen = -1;
		for (let turns = 0; turns < QUIET_TURNS && !done(); turns++) {
			if (this.wantsRestart) await this.restart();
			await this.guest?.idle();
			await new Promise((resolve) => setImmediate(resolve));
			if (network.activity !== seen) turns = 0;
			seen = network.activity;
		}
	}

	/** As the chip does: what crashes while it starts is started again, or what the bootloader has instead. */
	private async restart(): Promise<void> {
		this.wantsRestart = false;
		await this.powerOff();
		await this.powerOn().catch(async (error: unknown) => {
			if (!(error instanceof XsException)) throw error;
			this.crashes++;
			await this.powerOff();
			await this.powerOn();
		});
	}

	private happened(event: DeviceEvent): void {
		this.events.push(event);
		if (event.event === "connecting") this.connecting();
		if (event.event === "acknowledged" && event.code < 0x80) this.pending.delete(event.id);
		if (event.event === "over") this.over(event);
		// Left on purpose: no outcome follows.
		if (event.event === "refreshing") this.attempts.ended = this.attempts.begun;
	}

	/** No device connects before its rule says so, nor twice at a time. */
	private connecting(): void {
		const now = this.clock.monotonic();
		this.attempts.begun++;
		this.t.true(this.attempts.begun - this.attempts.ended <= 1, "two connections at a time");
		this.t.true(now >= this.notBefore, `connects ${this.notBefore - now} ms before its rule`);
	}

	private over({ outcome, retryIn }: Over): void {
		this.attempts.ended = this.attempts.begun;
		const { minimum, cap } = RETRY_RULES[outcome.kind];
		this.t.true(retryIn >= minimum && retryIn <= minimum + cap, `${outcome.kind}: ${retryIn} ms`);
		this.notBefore = this.clock.monotonic() + retryIn;
	}
}

function credentialFor(port: number): object {
	return {
		version: 1,
		mode: "presigned",
		clientId: "dev1",
		endpoint: { host: "127.0.0.1", port, serverName: SERVER_NAME },
		authorizerName: "Devices",
		tokenKeyName: TOKEN_KEY,
		token: TOKEN,
		signature: signatureOf(TOKEN),
	};
}
