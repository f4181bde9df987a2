/**
 * Joins an application to the agent: subscribes for it, hands it its messages, keeps its timers, and lets no exception of
 * its own get any further.
 * @module
 */
import { Agent, type AgentEvent, type AgentState, type AgentStatus, type Light, type OnFault } from "../agent/index.js";
import type { CredentialSummary } from "../credential/index.js";
import { DeviceError } from "../device-error.js";
import { utf8Encode } from "../encoding/utf8.js";
import type { Subscription } from "../mqtt/index.js";
import type { FirmwareSlots, Hash, Ports, Reset } from "../ports.js";
import type { UpdateEvent, UpdateTrialEvent } from "../update/index.js";
import type { Application, Cancel, Device, Json } from "./application.js";
import { FirmwareUpdates } from "./firmware-updates.js";
import { jsonOf, Keepsakes } from "./keepsakes.js";
import { ReceivedMessage } from "./message.js";
import { Timers } from "./timers.js";

/** What happens on a device that runs an application: the agent's events, those of updates, and the application's own faults. */
export type RunnerEvent =
	| AgentEvent
	| UpdateEvent
	| UpdateTrialEvent
	/** The application takes updates, and the platform has no place for another image: it is as if it took none. */
	| { readonly event: "updates-unavailable" }
	/** The application threw, or (`update`) what updates are made with: a defect of its own, and the device goes on. */
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
	/** As of the agent: what a port threw that should not. */
	readonly onFault?: OnFault | undefined;
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
	/** Counts the starts and stops: what is left of a turn in a past life does nothing. */
	private life = 0;
	private isOn = false;
	/** The application's `start` was called. */
	private hasBegun = false;
	/** The application is to be told of a state, in a turn of its own. */
	private owesStatus = false;
	private hasReported = false;

	/** @throws {RangeError} for a member of `Application.connection` out of bounds; {DeviceError} for an unusable `publicKey`. */
	constructor(options: RunnerOptions) {
		const { application, ports, certificate, onState, onFault } = options;
		this.options = options;
		this.timers = new Timers(ports.clock, (action) => this.guard("a timer", action));
		this.keepsakes = new Keepsakes(ports.store);
		this.updates = this.updatesOf(options);
		this.agent = new Agent({
			...application.connection,
			ports,
			certificate,
			subscriptions: (credential) => this.subscriptionsFor(credential),
			onEvent: (event) => this.agentEvent(event),
			onState: (state, light) => {
				this.oweStatus();
				onState?.(state, light);
			},
			onFault,
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

	/** Powers up. Nothing happens when it is on, unless the agent has failed. */
	start(): void {
		const wasOn = this.isOn;
		if (!wasOn) this.life++;
		this.isOn = true;
		const { life } = this;
		const { application, firmware } = this.options;
		if (!wasOn && application.update !== undefined && firmware === undefined)
			this.options.onEvent({ event: "updates-unavailable" });
		this.guard("update", () => this.updates?.start());
		if (life === this.life) this.agent.start();
	}

	/** Says goodbye; the application's timers end, and it is started anew by {@link start}. */
	stop(): void {
		this.life++;
		this.isOn = false;
		this.hasBegun = false;
		this.owesStatus = false;
		this.credential = undefined;
		this.timers.clear();
		this.guard("update", () => this.updates?.stop());
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
		this.requireOn();
		return this.timers.every(interval, action);
	}

	after(delay: number, action: () => void): Cancel {
		this.requireOn();
		return this.timers.after(delay, action);
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

	/** Nobody would end a timer that begins after the end. */
	private requireOn(): void {
		if (this.isOn) return;
		throw new DeviceError({
			code: "stopped",
			step: "application",
			cause: "the device is switched off, and the timers of its application with it",
			remedy: "set timers in the application's start, or later",
		});
	}

	private agentEvent(event: AgentEvent): void {
		const { life } = this;
		switch (event.event) {
			case "credential-read":
				this.credentialRead(event);
				return;
			case "message":
				this.message(event);
				return;
			case "over":
			case "refreshing":
			case "failed":
				this.guard("update", () => this.updates?.offline());
		}
		this.options.onEvent(event);
		if (life !== this.life || this.agent.state !== "online") return;
		if (event.event === "online") this.guard("update", () => this.updates?.online());
		if (event.event === "subscribed") this.guard("update", () => this.updates?.subscribed(event.filters, event.codes));
	}

	/** The first time, the application begins. */
	private credentialRead(event: Extract<AgentEvent, { readonly event: "credential-read" }>): void {
		this.credential = event.credential;
		this.guard("update", () => this.updates?.identify(event.credential));
		this.options.onEvent(event);
		// Whoever was told may have stopped the device, and started it again.
		if (!this.isOn || this.hasBegun) return;
		this.hasBegun = true;
		const { life } = this;
		this.guard("reportTopic", () => this.report());
		if (life === this.life) this.guard("start", () => this.options.application.start?.(this));
	}

	/**
	 * How the last run ended, when nobody meant it to, once a power-up: by the outbox, so that the next connection brings it.
	 */
	private report(): void {
		const { reset, application } = this.options;
		if (this.hasReported || reset === undefined || !ACCIDENTS.includes(reset.reason)) return;
		const topic = application.reportTopic?.(this.credential!);
		if (topic === undefined) return;
		const { firmwareVersion: firmware } = this;
		const { reason, message } = reset;
		this.publish(topic, {
			reset: reason,
			...(message === undefined ? {} : { message }),
			...(firmware === undefined ? {} : { firmware }),
		});
		this.hasReported = true;
	}

	private message(event: Extract<AgentEvent, { readonly event: "message" }>): void {
		const { life } = this;
		const { topic, payload } = event.packet;
		let isOfUpdate = false;
		this.guard("update", () => {
			isOfUpdate = this.updates?.message(topic, payload) ?? false;
		});
		if (isOfUpdate) return;
		this.options.onEvent(event);
		if (life === this.life)
			this.guard("message", () => this.options.application.message?.(new ReceivedMessage(event.packet), this));
	}

	/** A filter that is no text is the application's fault, and told; one that is no filter is told by the agent. */
	private subscriptionsFor(credential: CredentialSummary): readonly Subscription[] {
		const subscriptions: Subscription[] = [];
		this.guard("subscriptions", () => {
			const filters: unknown = this.options.application.subscriptions?.(credential) ?? [];
			if (!Array.isArray(filters)) throw new TypeError(`expected a list of topic filters, got a ${typeof filters}`);
			for (const filter of filters) {
				if (typeof filter !== "string") throw new TypeError(`expected topic filters, got a ${typeof filter}`);
				subscriptions.push({ filter, qos: 1 });
			}
		});
		return this.updates === undefined ? subscriptions : [...subscriptions, ...this.updates.subscriptions];
	}

	/**
	 * Told in a turn of its own: the application may call the device, and the agent is in the middle of something. States
	 * that have passed by then are not told.
	 */
	private oweStatus(): void {
		const { application } = this.options;
		if (application.changed === undefined || this.owesStatus || !this.isOn) return;
		this.guard("changed", () => {
			this.timers.after(0, () => {
				this.owesStatus = false;
				this.guard("changed", () => application.changed?.(this.status, this));
			});
			this.owesStatus = true;
		});
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
			guard: (action) => this.guard("update", action),
			onEvent,
		});
	}

	/** An exception of the application is told by its kind and its message, and ends nothing but itself. */
	private guard(where: string, act: () => void): void {
		try {
			act();
		} catch (error) {
			this.options.onEvent({ event: "application-fault", where, cause: causeOf(error) });
		}
	}
}

/** Whatever it is that was thrown. */
function causeOf(error: unknown): string {
	try {
		return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
	} catch {
		return "an exception that cannot be read";
	}
}

/** @throws {DeviceError} as {@link jsonOf}. */
function bytesOf(payload: Json | Uint8Array): Uint8Array {
	if (payload instanceof Uint8Array) return payload;
	return utf8Encode(typeof payload === "string" ? payload : jsonOf(payload));
}
