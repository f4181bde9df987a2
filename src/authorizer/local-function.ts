/**
 * An authorizer's function that is a JavaScript or TypeScript module on this machine.
 *
 * It runs in a thread of its own that is kept warm between calls, so that an endless loop or a crash ends the thread and
 * not the gateway; the next call starts another one. So does a change of the file.
 * @module
 */
import { statSync } from "node:fs";
import type { AuthorizerEvent } from "./event.js";
import { type AuthorizerFunction, FunctionError } from "./function.js";
import { FunctionThread } from "./function-thread.js";

export interface LocalFunctionOptions {
	/** Told of each line that the function prints. A function may print what it was given, secrets too. */
	readonly log?: (line: string) => void;
	/** Memory of the function in MB; 128, AWS Lambda's smallest, unless said otherwise. */
	readonly memory?: number;
}

/**
 * Opens a local function. Nothing runs before the first call.
 * @param file absolute path of a module that exports `handler`, by name or as default: async, or with a callback.
 */
export function openLocalFunction(file: string, options: LocalFunctionOptions = {}): AuthorizerFunction {
	return new LocalFunction(file, options);
}

class LocalFunction implements AuthorizerFunction {
	private readonly file: string;
	private readonly options: LocalFunctionOptions;
	/** Threads that still run: the one that takes calls, and those that only finish theirs. */
	private readonly threads = new Set<FunctionThread>();
	/** When the file that runs was last changed, milliseconds since the epoch. */
	private changedAt: number | undefined;

	constructor(file: string, options: LocalFunctionOptions) {
		this.file = file;
		this.options = options;
	}

	async invoke(event: AuthorizerEvent, { timeout }: { readonly timeout: number }): Promise<unknown> {
		const changedAt = statSync(this.file, { throwIfNoEntry: false })?.mtimeMs;
		if (changedAt === undefined) {
			throw new FunctionError("function-not-found", "Runtime.ImportModuleError", `there is no file ${this.file}`);
		}
		if (changedAt !== this.changedAt) for (const thread of this.threads) thread.retire();
		this.changedAt = changedAt;
		const warm = [...this.threads].find(({ accepting }) => accepting);
		return (warm ?? this.start()).call(event, timeout);
	}

	async close(): Promise<void> {
		await Promise.all([...this.threads].map((thread) => thread.end()));
	}

	private start(): FunctionThread {
		const { log = () => {}, memory = 128 } = this.options;
		const thread = new FunctionThread(this.file, { log, memory });
		this.threads.add(thread);
		thread.ended.then(() => this.threads.delete(thread));
		return thread;
	}
}
