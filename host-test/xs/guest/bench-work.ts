/**
 * Makes a bundle a guest of the bench: pieces of work, as often as it is told, so that what a command costs around them
 * can be taken off. It has no sockets and no timers, so that little is in the heap beside the work.
 * @module
 */
import type { Digest, Random } from "../../../src/device/ports.js";
import type { WorkArgument, Workshop } from "../bench-command.js";
import { COMMAND, MessageReader, MessageWriter } from "../protocol.js";
import { guestDigest, guestRandom } from "./ports.js";

/** Ports of Node's that work may use. */
interface WorkPorts {
	readonly digest: Digest;
	readonly random: Random;
}

/** Called once, by the bundle's entry. The command `work` gives back what the last round gave, where JSON knows it. */
export function startWork(define: (ports: WorkPorts) => Workshop): void {
	const workshop = define({ digest: guestDigest, random: guestRandom });

	function work({ name, rounds, input }: WorkArgument): unknown {
		const run = workshop[name]!(input);
		let result: unknown;
		for (let round = 0; round < rounds; round++) result = run();
		return result;
	}

	function handleCommand(bytes: ArrayBuffer): ArrayBuffer {
		const message = new MessageReader(new Uint8Array(bytes));
		const answer = new MessageWriter(0).f64(Number.POSITIVE_INFINITY);
		if (message.kind !== COMMAND.run) return answer.json(undefined).end().buffer;
		if (message.text() !== "work") throw new RangeError("guest: no command but work");
		return answer.json(work(message.json() as WorkArgument)).end().buffer;
	}

	// Where the engine's host program looks for it (`host/machine.c`).
	Object.assign(globalThis, { handleCommand });
}
