/**
 * What the agent is given and what it tells.
 * @module
 */
import type { CredentialSummary } from "../credential/index.js";
import type { DeviceError } from "../device-error.js";
import type { LinkEvent, Outcome } from "../link/index.js";
import type { ProtocolVersion, Subscription } from "../mqtt/index.js";
import type { DeliveryEvent, OutboxLimits } from "../outbox/index.js";
import type { Ports } from "../ports.js";
import type { AgentState } from "./agent-table.js";
import type { OnFault } from "./guarded-ports.js";
import type { Light } from "./status.js";

export interface AgentOptions {
	readonly ports: Ports;
	/** 5 unless told otherwise: with 3.1.1 the gateway cannot say why it refuses. */
	readonly version?: ProtocolVersion | undefined;
	/** Seconds, 30..1200; 60 unless told otherwise. */
	readonly keepAlive?: number | undefined;
	/** Largest packet taken, bytes; 8192 unless told otherwise. */
	readonly maximumPacketSize?: number | undefined;
	/** Trust anchor, DER. */
	readonly certificate?: ArrayBuffer | undefined;
	/**
	 * What to subscribe to at every connection, or what that is for the device of this credential; that must not throw. AWS
	 * IoT Core takes 50 on a connection.
	 */
	readonly subscriptions?:
		| readonly Subscription[]
		| ((credential: CredentialSummary) => readonly Subscription[])
		| undefined;
	/** How much is kept for the gateway, and what gives way when it is too much. */
	readonly outbox?: OutboxLimits | undefined;
	/** Must not throw; may call the agent. */
	readonly onEvent: (event: AgentEvent) => void;
	/** Told of each new state and its light, before anything happens in it. Must not throw; may call the agent. */
	readonly onState?: ((state: AgentState, light: Light) => void) | undefined;
	/** What a port threw that should not, where the agent goes on all the same. */
	readonly onFault?: OnFault | undefined;
}

/** The way of a token, step by step. Durations and delays are milliseconds; no event holds a secret. */
export type AgentEvent =
	/** Messages of an earlier life wait in the outbox; `damaged` could not be read and are gone. */
	| { readonly event: "outbox-opened"; readonly messages: number; readonly damaged: number }
	| { readonly event: "credential-read"; readonly credential: CredentialSummary; readonly onTrial: boolean }
	| { readonly event: "joining" }
	| { readonly event: "network-up"; readonly address: string }
	/** `jump`: by how many milliseconds the clock had been wrong; unknown when it had never been set. */
	| { readonly event: "clock-set"; readonly wallTime: number; readonly jump?: number }
	| { readonly event: "token-signed"; readonly algorithm: string; readonly duration: number }
	| { readonly event: "connecting"; readonly attempt: number; readonly usernameBytes: number }
	| Extract<LinkEvent, { readonly event: "secured" | "online" | "message" }>
	/**
	 * One code a filter: the granted QoS, or 0x80 and above where it is not subscribed to. 0x8f without a question asked: the
	 * filter is none.
	 */
	| {
			readonly event: "subscribed";
			readonly filters: readonly string[];
			readonly codes: readonly number[];
			readonly reason?: string | undefined;
	  }
	| DeliveryEvent
	/** The store did not take a change of the credential; the device goes on with what it has. */
	| { readonly event: "store-failed"; readonly error: DeviceError }
	| { readonly event: "refreshing"; readonly cause: "time-to-live" | "new-credential" }
	/** A new credential has arrived, is stored, and will be tried. */
	| { readonly event: "credential-proposed" }
	/** What arrived is no credential that could be tried; nothing has changed. */
	| { readonly event: "credential-unusable"; readonly error: DeviceError }
	/** The credential on trial has connected: it is the one from now on. */
	| { readonly event: "credential-proven" }
	| { readonly event: "over"; readonly outcome: Outcome; readonly retryIn: number }
	| { readonly event: "failed"; readonly error: DeviceError };
