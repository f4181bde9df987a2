/**
 * Who the device is at the moment: the credential in use, whether it is on trial, and the proof that the next connection
 * carries.
 * @module
 */
import { buildConnectFields, type ConnectFields } from "../connect-fields.js";
import {
	type CredentialSummary,
	CredentialVault,
	type SelectedCredential,
	summarizeCredential,
	wipe,
} from "../credential/index.js";
import { DeviceError } from "../device-error.js";
import { Utf8Error, utf8Decode } from "../encoding/utf8.js";
import { type Outcome, type OutcomeKind, outcomeOf } from "../link/index.js";
import type { Ports } from "../ports.js";
import { makeProof, type Proof, proofLasts } from "../signing/index.js";
import type { AgentEvent } from "./agent-interface.js";

/** The credential, or the endpoint in it, is wrong: it would be refused again. */
const ITS_FAULT: readonly OutcomeKind[] = [
	"tls-trust",
	"tls-refused",
	"closed-before-connack",
	"refused",
	"policy-denied",
	"protocol",
];
/** The endpoint in it may be wrong, or the gateway may be away for a moment. */
const PERHAPS_ITS_FAULT: readonly OutcomeKind[] = ["network", "server-gone", "throttled"];
/** Of those, how many are taken for its fault. */
const PATIENCE = 3;

export class Identity {
	private readonly ports: Ports;
	private readonly tell: (event: AgentEvent) => void;
	private readonly vault: CredentialVault;
	private selected: SelectedCredential | undefined;
	private proof: Proof | undefined;
	/** Another credential is to be used than the one that was selected. */
	private stale = true;
	/** Outcomes of the trial that may be the credential's fault. */
	private doubts = 0;

	constructor(ports: Ports, tell: (event: AgentEvent) => void) {
		this.ports = ports;
		this.tell = tell;
		this.vault = new CredentialVault(ports.store, ports.digest);
	}

	/** Whether {@link select} has to be called before the next connection. */
	get isStale(): boolean {
		return this.stale;
	}

	/** Absent until {@link select}. */
	get summary(): CredentialSummary | undefined {
		return this.selected && summarizeCredential(this.selected.credential);
	}

	get isOnTrial(): boolean {
		return this.selected?.onTrial ?? false;
	}

	get hasProof(): boolean {
		return this.proof !== undefined;
	}

	/** Seconds after which the gateway ends a connection, where the credential says so. */
	get disconnectAfter(): number | undefined {
		return this.selected?.credential.disconnectAfter;
	}

	/** Where a new credential may come from. */
	get rotationTopic(): string | undefined {
		return this.selected?.credential.rotationTopic;
	}

	/** Reads the credential to use now. @throws {DeviceError} step `credential`, where there is none that could be used. */
	select(): void {
		this.proof = undefined;
		this.selected = this.vault.select();
		this.stale = false;
		const { credential, onTrial, fault } = this.selected;
		if (fault !== undefined) this.tell({ event: "store-failed", error: fault });
		this.tell({ event: "credential-read", credential: summarizeCredential(credential), onTrial });
	}

	/** Makes the proof; that may take seconds on the chip. The key is in memory for that long. @throws {DeviceError} */
	sign(): void {
		const { clock, digest, random, signer } = this.ports;
		const startedAt = clock.monotonic();
		const key = this.vault.readKey();
		try {
			this.proof = makeProof(this.selected!.credential, key, { clock, digest, random, signer });
			const { algorithm } = this.proof;
			if (algorithm === undefined) return;
			this.tell({ event: "token-signed", algorithm, duration: clock.monotonic() - startedAt });
		} finally {
			if (key !== undefined) wipe(key);
		}
	}

	/** What the next connection sends. A proof that tells the time is good for this one alone. */
	connectFields(): ConnectFields {
		const { credential } = this.selected!;
		const fields = buildConnectFields(credential, this.proof!);
		if (!proofLasts(credential.mode)) this.forgetProof();
		return fields;
	}

	private forgetProof(): void {
		this.proof = undefined;
	}

	/** The device is switched off: what it knew is read anew when it is switched on. */
	forget(): void {
		this.forgetProof();
		this.stale = true;
	}

	/** It has connected. A store that does not take that is told; the next connection proves it again. */
	prove(): void {
		const { isOnTrial } = this;
		if (!this.stored(() => this.vault.prove()) || !isOnTrial) return;
		this.selected = { ...this.selected!, onTrial: false };
		this.tell({ event: "credential-proven" });
	}

	/** A new credential has arrived. @returns whether it is to be tried: then {@link select} gives it. */
	propose(payload: Uint8Array, isRetained: boolean): boolean {
		try {
			if (!this.vault.propose(textOf(payload), isRetained)) return false;
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			this.tell({ event: "credential-unusable", error });
			return false;
		}
		this.doubts = 0;
		this.stale = true;
		this.tell({ event: "credential-proposed" });
		return true;
	}

	/** What an outcome means for a credential on trial: one that failed it is given up for the one before it. */
	judge(outcome: Outcome): Outcome {
		if (!this.isOnTrial || !this.isItsFault(outcome.kind)) return outcome;
		const { kind, cause, code, reason } = outcome;
		if (!this.stored(() => this.vault.reject()) || !this.stored(() => this.select())) return outcome;
		return outcomeOf("credential-rejected", `${kind}: ${cause}`, code, reason);
	}

	private isItsFault(kind: OutcomeKind): boolean {
		if (ITS_FAULT.includes(kind)) return true;
		if (PERHAPS_ITS_FAULT.includes(kind)) this.doubts++;
		return this.doubts >= PATIENCE;
	}

	private stored(act: () => void): boolean {
		try {
			act();
			return true;
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			this.tell({ event: "store-failed", error });
			return false;
		}
	}
}

function textOf(payload: Uint8Array): string {
	try {
		return utf8Decode(payload);
	} catch (error) {
		if (!(error instanceof Utf8Error)) throw error;
		throw new DeviceError({
			code: "not-json",
			step: "credential",
			cause: "the new credential is not UTF-8",
			remedy: "send it as JSON in UTF-8",
		});
	}
}
