/**
 * What a machine tells of itself: memory, work, and the size of a source text as bytecode.
 * @module
 */

/** Memory after a garbage collection. Peaks count garbage too: they say what was taken, not what is needed. */
export interface Meter {
	readonly slots: number;
	readonly slotsPeak: number;
	readonly slotsMaximum: number;
	readonly chunkBytes: number;
	readonly chunkBytesPeak: number;
	readonly chunkBytesMaximum: number;
	/** Property names in use. */
	readonly keys: number;
	/** Bytes of one slot. */
	readonly slotBytes: number;
	/** XS opcodes run by the last program or command: the same for the same work in one build of the engine. */
	readonly opcodes: number;
	/**
	 * Instructions that the rv32 core retired for the last program or command, without those that moved bytes between it
	 * and Node: exact, the same for the same work in one build of the engine. Only of the target `rv32`;
	 * without meaning where the machine was started without `countsInstructions`.
	 */
	readonly instructions: number | undefined;
	/**
	 * Bytes that the device's C and mbedTLS hold of the C heap: as they were asked for, without what an allocator adds.
	 * Pointers count 8 bytes there, on the device 4. Only of an engine that is `native`.
	 */
	readonly cHeapBytes: number | undefined;
	/** The most they held since the start, or since the peaks were reset. */
	readonly cHeapBytesPeak: number | undefined;
}

/**
 * A source text as bytecode. In the target `x32` and `rv32` a module's `.xsb` file, as XS's compiler xsc writes it
 * without debug information, is `codeBytes + symbolBytes + 36`; when a firmware is linked, symbols that several modules
 * share are kept once, so that `codeBytes` is what each module adds for certain. In `x64` each symbol in the code takes 4
 * bytes in place of 2.
 */
export interface Bytecode {
	readonly codeBytes: number;
	/** The table of the names that the code uses. */
	readonly symbolBytes: number;
	/** How many names. */
	readonly symbols: number;
}

/** What is measured only on some targets. */
const NOT_MEASURED = { instructions: undefined, cHeapBytes: undefined, cHeapBytesPeak: undefined };

/** Reads what `host/memory.c` writes. */
export function meterOf(json: string): Meter {
	return { ...NOT_MEASURED, ...(JSON.parse(json) as Omit<Meter, keyof typeof NOT_MEASURED>) };
}

/** Reads what `host/bytecode.c` writes. */
export function bytecodeOf(json: string): Bytecode {
	return JSON.parse(json) as Bytecode;
}
