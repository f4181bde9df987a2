/**
 * What the bench tells its guests to do, as JSON (`bench/work-input.ts` makes it).
 * @module
 */
import type { UsernameParts } from "../../src/device/connect-fields.js";

/** What work is done with; a piece of it is given what it needs and no more, because all of it counts in the heap. */
export interface WorkInput {
	/** RSA private key, PEM; for the device's own C as PKCS#1, DER in base64. */
	readonly privateKey: string;
	/** Text that is signed. */
	readonly token: string;
	/** Ed25519 key pair, seed and public key, in base64. */
	readonly keyPair: string;
	/** Bytes of a CONNACK. */
	readonly connack: readonly number[];
	readonly username: UsernameParts;
}

/** Argument of the command `work`: a piece of work, so many times in one turn of the machine. */
export interface WorkArgument {
	readonly name: string;
	readonly rounds: number;
	readonly input: WorkInput;
}

/** A piece of work made ready: what it is called with is there, what it gives back is of no interest. */
export type Work = () => unknown;

/** Pieces of work by name. */
export type Workshop = Readonly<Record<string, (input: WorkInput) => Work>>;
