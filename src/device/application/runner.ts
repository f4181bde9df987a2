/**
 * Joins an application to the agent: subscribes for it, hands it its messages, keeps its timers, and lets no exception of
 * its own get any further.
 * @module
 */
import { Agent, type AgentEvent, type AgentState, type AgentStatus, type Light } from "../agent/index.js";
import type { CredentialSummary } from "../credential/index.js";
import { utf8Encode } from "../encoding/utf8.js";
import type { Subscription } from "../mqtt/index.js";
import type { FirmwareSlots, Hash, Ports, Reset } from "../ports.js";
import type { UpdateEvent, UpdateTrialEvent } from "../update/index.js";
import type { Application, Cancel, Device, Json } from "./application.js";
import { FirmwareUpdates } from "./firmware-updates.js";
import { Keepsakes } from "./keepsakes.js";
import { ReceivedMessage } from "./message.js";
import { Timers } from "./timers.js";

/** What happens on a device that runs an application: the agent's events, those of updates, and the application's own faults. */
export type RunnerEvent =
	| AgentEvent
	| UpdateEvent
	| UpdateTrialEvent
	/** The application threw: a defect of its own, and the device goes on. */
	| { readonly event: "application-fault"; readonly where: string; readonly cause: string };

export interface RunnerOptions {
	readonly application: Application;
	readonly ports: Ports;
	/** Trust anchor, DER. */
	readonly certificate?: ArrayBuffer | undefined;
	/** How the device came to be running. */
	readonly reset?: Reset | undefined;
	/** Where the platform can be updated. */
	readonly firmware?: { readonly slots: FirmwareSlots; readonly createHash: () => Hash } | undefined;
	/** Where the platform can be restarted and has no {@link firmware}. */
	readonly restart?: (() => void) | undefined;
	/** Must not throw. */
	readonly onEvent: (event: RunnerEvent) => void;
	/** As of the agent: for a light. */
	readonly onState?: ((state: AgentState, light: Light) => void) | undefined;
}

/** Ends of a run that nobody meant. */
const ACCIDENTS: readonly string[] = ["panic", "watchdog", "brownout", "exception"];

export class Runner implements Device {
	private readonly options: RunnerOptions;
	private readonly agent: Agent;
	private readonly timers: Timers;
	private readonly keepsakes: Keepsakes;
	private readonly updates: FirmwareUpdates | undefined;
	private credential: CredentialSummary | undefined;

	/** @throws {RangeError} for a member of `Application.connection` out of bounds; {DeviceError} for an unusable `publicKey`. */
	constructor(options: RunnerOptions) {
		const { application, ports, certificate, onState } = options;
		this.options = options;
		this.timers = new Timers(ports.clock);
		this.keepsakes = new Keepsakes(ports.store);
		this.updates = this.updatesOf(options);
		this.agent = new Agent({
			...application.connection,
			ports,
			certificate,
			subscriptions: (credential) => this.subscriptionsFor(credential),
			onEvent: (event) => this.agentEvent(event),
			onState: (state, light) => {
				onState?.(state, light);
				// Told in a turn of its own: the application may call the device, and the agent is in the middle of something.
				if (application.changed !== undefined) this.after(0, () => this.tellStatus(application));
			},
		});
	}

	get clientId(): string {
		return this.credential?.clientId ?? "";
	}

	get status(): AgentStatus {
		return this.agent.status;
	}

	get firmwareVersion(): number | undefined {
		return this.options.firmware?.slots.version;
	}

	get time(): number | undefined {
		return this.options.ports.clock.wallTime();
	}

	/** Powers up. */
	start(): void {
		this.updates?.start();
		this.agent.start();
	}

	/** Says goodbye; the application's timers end, and it is started anew by {@link start}. */
	stop(): void {
		this.timers.clear();
		this.credential = undefined;
		this.updates?.stop();
		this.agent.stop();
	}

	publish(
		topic: string,
		payload: Json | Uint8Array,
		{ qos = 1, retain = false }: { readonly qos?: 0 | 1; readonly retain?: boolean } = {},
	): number {
		return this.agent.publish({ topic, payload: bytesOf(payload), qos, retain });
	}

	every(interval: number, action: () => void): Cancel {
		return this.timers.every(interval, () => this.guard("a timer", action));
	}

	after(delay: number, action: () => void): Cancel {
		return this.timers.after(delay, () => this.guard("a timer", action));
	}

	recall(name: string): Json | undefined {
		return this.keepsakes.recall(name);
	}

	remember(name: string, value: Json): void {
		this.keepsakes.remember(name, value);
	}

	restart(): void {
		const { firmware, restart } = this.options;
		if (firmware !== undefined) firmware.slots.restart();
		else restart?.();
	}

	private agentEvent(event: AgentEvent): void {
		switch (event.event) {
			case "credential-read":
				this.credentialRead(event);
				return;
			case "message":
				this.message(event);
				return;
			case "online":
				this.options.onEvent(event);
				this.updates?.online();
				return;
			case "subscribed":
				this.options.onEvent(event);
				this.updates?.subscribed();
				return;
			case "over":
			case "refreshing":
				this.updates?.offline();
		}
		this.options.onEvent(event);
	}

	/** The first time, the application begins. */
	private credentialRead(event: Extract<AgentEvent, { readonly event: "credential-read" }>): void {
		const isFirst = this.credential === undefined;
		this.credential = event.credential;
		this.guard("update", () => this.updates?.identify(event.credential));
		this.options.onEvent(event);
		if (!isFirst || this.agent.state === "off") return;
		const { application } = this.options;
		this.guard("reportTopic", () => this.report(application));
		this.guard("start", () => application.start?.(this));
	}

	/** How the last run ended, when nobody meant it to: by the outbox, so that the next connection brings it. */
	private report({ reportTopic }: Application): void {
		const { reset } = this.options;
		if (reset === undefined || !ACCIDENTS.includes(reset.reason) || reportTopic === undefined) return;
		const { firmwareVersion: firmware } = this;
		const { reason, message } = reset;
		this.publish(reportTopic(this.credential!), {
			reset: reason,
			...(message === undefined ? {} : { message }),
			...(firmware === undefined ? {} : { firmware }),
		});
	}

	private message(event: Extract<AgentEvent, { readonly event: "message" }>): void {
		const { topic, payload } = event.packet;
		if (this.updates?.message(topic, payload)) return;
		this.options.onEvent(event);
		this.guard("message", () => this.options.application.message?.(new ReceivedMessage(event.packet), this));
	}

	private subscriptionsFor(credential: CredentialSummary): readonly Subscription[] {
		let filters: readonly string[] = [];
		this.guard("subscriptions", () => {
			filters = this.options.application.subscriptions?.(credential) ?? [];
		});
		const own = filters.map((filter) => ({ filter, qos: 1 as const }));
		return this.updates === undefined ? own : [...own, ...this.updates.subscriptions];
	}

	private tellStatus({ changed }: Application): void {
		if (changed !== undefined) this.guard("changed", () => changed(this.status, this));
	}

	private updatesOf({ application, ports, firmware, onEvent }: RunnerOptions): FirmwareUpdates | undefined {
		const { update } = application;
		if (update === undefined || firmware === undefined) return undefined;
		return new FirmwareUpdates({
			...firmware,
			clock: ports.clock,
			store: ports.store,
			publicKey: update.publicKey,
			topicOf: (credential) => update.topic(credential),
			publish: (topic, payload, qos) => void this.agent.publish({ topic, payload, qos }),
			onEvent,
		});
	}

	/** An exception of the application is told by its kind and its message, and ends nothing but itself. */
	private guard(where: string, act: () => void): void {
		try {
			act();
		} catch (error) {
			const cause = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
			this.options.onEvent({ event: "application-fault", where, cause });
		}
	}
}

function bytesOf(payload: Json | Uint8Array): Uint8Array {
	if (payload instanceof Uint8Array) return payload;
	return utf8Encode(typeof payload === "string" ? payload : JSON.stringify(payload));
}
