/**
 * How the engine fails: an exception inside the guest, which the machine survives, and the end of the machine.
 * @module
 */

/** The guest threw (`exception`), or left a promise rejected (`unhandled-rejection`). The machine goes on. */
export class XsException extends Error {
	override name = "XsException";
	readonly code: "exception" | "unhandled-rejection";

	constructor(code: XsException["code"], text: string) {
		super(text);
		this.code = code;
	}
}

export type XsMachineErrorCode =
	| "memory-full"
	| "stack-overflow"
	| "fatal-check"
	| "dead-strip"
	| "unhandled-exception"
	| "no-more-keys"
	| "too-much-computation"
	| "not-started"
	| "crashed"
	| "closed";

/** The machine is gone, and with it every request that it had not answered. */
export class XsMachineError extends Error {
	override name = "XsMachineError";
	readonly code: XsMachineErrorCode;
	/** The exit code of the process, where it came to one. */
	readonly exitCode: number | undefined;

	constructor(code: XsMachineErrorCode, message: string, exitCode?: number) {
		super(`XS machine: ${message}`);
		this.code = code;
		this.exitCode = exitCode;
	}
}

/** XS's abort status plus 10, as `host/machine.h` exits. */
const ABORTS: Readonly<Record<number, readonly [XsMachineErrorCode, string]>> = {
	11: ["memory-full", "memory full; give it more `heap.chunkBytes` or `heap.slots`"],
	12: ["stack-overflow", "stack overflow: a recursion too deep for `heap.stackSlots` or for the C stack"],
	13: ["fatal-check", "the engine found its own state broken"],
	14: ["dead-strip", "the guest used a built-in that was stripped"],
	15: ["unhandled-exception", "an exception outside of any request"],
	16: ["no-more-keys", "more property names than the machine has room for"],
	17: ["too-much-computation", "a request ran longer than `opcodeLimit` allows (an endless loop?)"],
};

/** The error for a process that ended by itself. */
export function errorOfExit(exitCode: number | null, signal: string | null): XsMachineError {
	const abort = exitCode === null ? undefined : ABORTS[exitCode];
	if (abort !== undefined) return new XsMachineError(abort[0], abort[1], exitCode!);
	if (exitCode === null) return new XsMachineError("crashed", `ended by signal ${signal}`);
	return new XsMachineError("crashed", `ended with exit code ${exitCode}`, exitCode);
}
