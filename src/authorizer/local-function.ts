/**
 * An authorizer's function that is a JavaScript or TypeScript module, or a deployment package, on this machine.
 *
 * It runs in a process of its own that is kept warm between calls, so that an endless loop, a crash or a leak of memory,
 * native memory included, ends that process and not the gateway; the next call starts another one. So does a change of
 * the file. The process never outlives Latchkey's.
 * @module
 */
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { parse } from "node:path";
import { pathToFileURL } from "node:url";
import { type AuthorizerFunction, FunctionError, functionClosed } from "./function.js";
import type { RuntimeStart } from "./function-messages.js";
import { FunctionProcess } from "./function-process.js";
import { locateHandler } from "./handler-name.js";

export interface LocalFunctionOptions {
	/** Told of each line that the function prints. A function may print what it was given, secrets too. */
	readonly log?: ((line: string) => void) | undefined;
	/**
	 * Memory of the function in MB, a whole number; 128, AWS Lambda's smallest, unless said otherwise. JavaScript's heap ends
	 * there; the process, native memory and Node itself included, ends 192 MB above it.
	 */
	readonly memory?: number | undefined;
	/** Export to call, dots leading into objects; `handler` or else the default export unless said otherwise. */
	readonly exportName?: string | undefined;
	/** The function's own environment variables. It sees none of this process's but those every program needs. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** The file's name without its extension unless said otherwise. */
	readonly functionName?: string | undefined;
	/** Of account 123456789012 in eu-west-1 unless said otherwise. */
	readonly functionArn?: string | undefined;
}

/**
 * Opens a local function. Nothing runs before the first call. Its working directory is the file's.
 * @param file absolute path of a module that exports `handler`, by name or as default: async, or with a callback.
 */
export function openLocalFunction(file: string, options: LocalFunctionOptions = {}): Required<AuthorizerFunction> {
	const { dir, name } = parse(file);
	const { exportName } = options;
	const place = { file, exportName, taskRoot: dir, handler: `${name}.${exportName ?? "handler"}` };
	return new LocalFunction(name, () => place, options);
}

/**
 * Opens the function of an unpacked deployment package. Nothing runs before the first call. Its working directory is the
 * package's.
 * @param directory absolute path of the package's top.
 * @param handler such as `index.handler` or `src/index.handler`.
 */
export function openPackage(
	directory: string,
	handler: string,
	options: Omit<LocalFunctionOptions, "exportName"> = {},
): Required<AuthorizerFunction> {
	const locate = () => ({ ...locateHandler(directory, handler), taskRoot: directory, handler });
	return new LocalFunction(parse(directory).name, locate, options);
}

/** Where a function's code is. */
type CodePlace = Pick<RuntimeStart, "exportName" | "taskRoot" | "handler"> & { readonly file: string };

class LocalFunction implements AuthorizerFunction {
	private readonly defaultName: string;
	private readonly locate: () => CodePlace;
	private readonly options: LocalFunctionOptions;
	/** Processes that still run: the one that takes calls, and those that only finish theirs. */
	private readonly processes = new Set<FunctionProcess>();
	/** When the file that runs was last changed, milliseconds since the epoch. */
	private changedAt: number | undefined;
	private closed = false;

	constructor(defaultName: string, locate: () => CodePlace, options: LocalFunctionOptions) {
		this.defaultName = defaultName;
		this.locate = locate;
		this.options = options;
	}

	async invoke(event: unknown, { timeout }: { readonly timeout: number }): Promise<unknown> {
		if (this.closed) throw functionClosed();
		const place = this.locate();
		const changedAt = statSync(place.file, { throwIfNoEntry: false })?.mtimeMs;
		if (changedAt === undefined) {
			throw new FunctionError("function-not-found", "Runtime.ImportModuleError", `there is no file ${place.file}`);
		}
		if (changedAt !== this.changedAt) for (const running of this.processes) void running.retire();
		this.changedAt = changedAt;
		const warm = [...this.processes].find(({ accepting }) => accepting);
		return (warm ?? this.start(place)).call(event, timeout);
	}

	async retire(): Promise<void> {
		this.closed = true;
		await Promise.all([...this.processes].map((running) => running.retire()));
	}

	async close(): Promise<void> {
		this.closed = true;
		await Promise.all([...this.processes].map((running) => running.end()));
	}

	private start(place: CodePlace): FunctionProcess {
		const { log = () => {}, environment = {} } = this.options;
		const started = new FunctionProcess({ start: this.describe(place), environment, log });
		this.processes.add(started);
		started.ended.then(() => this.processes.delete(started));
		return started;
	}

	private describe({ file, exportName, taskRoot, handler }: CodePlace): RuntimeStart {
		const { memory = 128, functionName = this.defaultName } = this.options;
		const { functionArn = `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}` } = this.options;
		const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
		return {
			module: pathToFileURL(file).href,
			exportName,
			taskRoot,
			handler,
			functionName,
			functionArn,
			logStreamName: `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`,
			memory,
		};
	}
}
