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
import { type Outcome, outcomeOf } from "../link/index.js";
import type { Ports } from "../ports.js";
import { makeProof, type Proof, proofLasts } from "../signing/index.js";
import { kindOf } from "../thrown.js";
import type { AgentEvent } from "./agent-interface.js";
import { Trial } from "./trial.js";

/** Milliseconds within which a proof that tells the time has to be sent, by the clock that it was made by. */
const PROOF_AGE = 30_000;

/** What kept a proof from being made, and need not the next time; anything else would, such as a key that is none. */
const PASSING = ["signature-fault", "signer-failed"];

/** What signed, and how long it took in milliseconds. */
export interface Signed {
	readonly algorithm: string;
	readonly duration: number;
}

export class Identity {
	private readonly ports: Ports;
	private readonly tell: (event: AgentEvent) => void;
	private readonly vault: CredentialVault;
	private readonly trial = new Trial();
	private selected: SelectedCredential | undefined;
	private proof: Proof | undefined;
	/** Wall time at which the proof was made. */
	private provenAt: number | undefined;
	/** Another credential is to be used than the one that was selected. */
	private stale = true;
	/** The one that was selected has connected, whether or not the store knows. */
	private hasConnected = false;

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

	/** Whether another credential can take the place of the one in use, should that fail. */
	get isExpendable(): boolean {
		return this.isOnTrial && !this.stale && !this.hasConnected;
	}

	/** A proof that tells the time is none any more when time has passed, or the clock was set. */
	get hasProof(): boolean {
		const { selected, proof, provenAt } = this;
		if (selected === undefined || proof === undefined) return false;
		if (proofLasts(selected.credential.mode)) return true;
		const age = (this.ports.clock.wallTime() ?? Number.NaN) - (provenAt ?? Number.NaN);
		return age >= 0 && age < PROOF_AGE;
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
		this.hasConnected = false;
		const { credential, onTrial, fault } = this.selected;
		const credentialRead = { event: "credential-read", credential: summarizeCredential(credential), onTrial } as const;
		if (fault !== undefined) this.tell({ event: "store-failed", error: fault });
		this.tell(credentialRead);
	}

	/**
	 * Makes the proof; that may take seconds on the chip. The key is in memory for that long.
	 * @returns what kept it from being made; nothing where it is made and nothing had to be signed.
	 * @throws {DeviceError} step `credential` or `signing`, where trying again would not mend it.
	 */
	sign(): Signed | Outcome | undefined {
		try {
			return this.makeProof();
		} catch (error) {
			// A port threw. By its kind alone: it was given token and key.
			if (!(error instanceof DeviceError))
				return outcomeOf("signing-failed", `no proof can be made (${kindOf(error)})`);
			const { code, step, message } = error;
			if (code === "clock-unset" || code === "store-failed") return outcomeOf(code, message);
			// The store does not hold any more what was read from it: the next attempt reads it anew.
			if (step === "credential") this.forget();
			if (step === "credential" || PASSING.includes(code)) return outcomeOf("signing-failed", message);
			throw error;
		}
	}

	private makeProof(): Signed | undefined {
		const { clock, digest, random, signer } = this.ports;
		const startedAt = clock.monotonic();
		const key = this.vault.readKey();
		try {
			this.proof = makeProof(this.selected!.credential, key, { clock, digest, random, signer });
		} finally {
			if (key !== undefined) wipe(key);
		}
		this.provenAt = clock.wallTime();
		const { algorithm } = this.proof;
		return algorithm === undefined ? undefined : { algorithm, duration: clock.monotonic() - startedAt };
	}

	/** What the next connection sends. A proof that tells the time is good for this one alone. @throws {DeviceError} */
	connectFields(): ConnectFields {
		const { credential } = this.selected!;
		const fields = buildConnectFields(credential, this.proof!);
		if (!proofLasts(credential.mode)) this.proof = undefined;
		return fields;
	}

	/** What was selected is not what is to be used: it is read anew. */
	forget(): void {
		this.proof = undefined;
		this.stale = true;
	}

	/** It has connected. A store that does not take that is told; the next connection proves it again. */
	prove(): void {
		const { isOnTrial } = this;
		this.hasConnected = true;
		if (!this.stored(() => this.vault.prove()) || !isOnTrial) return;
		this.selected = { ...this.selected!, onTrial: false };
		this.tell({ event: "credential-proven" });
	}

	/**
	 * A new credential has arrived.
	 * @param isRetained as a retained message, which comes again at every connection.
	 * @returns whether it is to be tried: then {@link select} gives it.
	 */
	propose(payload: Uint8Array, isRetained: boolean): boolean {
		try {
			if (!this.vault.propose(textOf(payload), isRetained)) return false;
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			this.tell({ event: "credential-unusable", error });
			return false;
		}
		this.trial.reset();
		this.stale = true;
		this.tell({ event: "credential-proposed" });
		return true;
	}

	/**
	 * What an outcome means for a credential on trial: one that failed it gives way to the other one.
	 * @param isUnusable it could not even be used.
	 */
	judge(outcome: Outcome, isUnusable: boolean): Outcome {
		if (!this.isExpendable || !(this.trial.isFailed(outcome) || isUnusable)) return outcome;
		// A store that does not take it is told: the other one is used all the same, until the next power-up.
		this.stored(() => this.vault.reject());
		this.stale = true;
		this.stored(() => this.select());
		return this.trial.rejected(outcome);
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
