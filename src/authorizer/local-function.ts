/**
 * An authorizer's function that is a JavaScript or TypeScript module, or a deployment package, on this machine.
 *
 * It runs in processes of its own that are kept warm between calls and take one call at a time, so that an endless loop, a
 * crash or a leak of memory, native memory included, ends that process and neither the gateway nor another call; the next
 * call starts another one. So does a change of the file or of one that it imports. No process outlives Latchkey's.
 * @module
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { parse } from "node:path";
import { pathToFileURL } from "node:url";
import { type AuthorizerFunction, FUNCTION_WAIT_TIMEOUT, FunctionError, functionClosed } from "./function.js";
import type { RuntimeStart } from "./function-messages.js";
import { FunctionPool } from "./function-pool.js";
import { FunctionProcess } from "./function-process.js";
import { locateHandler } from "./handler-name.js";
import { ModuleChanges } from "./module-changes.js";

export interface LocalFunctionOptions {
	/** Told of each line that the function prints. A function may print what it was given, secrets too. */
	readonly log?: ((line: string) => void) | undefined;
	/**
	 * Memory of the function in MB, a whole number; 128, AWS Lambda's smallest, unless said otherwise. JavaScript's heap ends
	 * there; the process, native memory and Node itself included, ends 192 MB above it.
	 */
	readonly memory?: number | undefined;
	/**
	 * Most calls that run at the same time, each in a process with all of that memory; 8 unless said otherwise. Further ones
	 * wait, at most 30 seconds, which do not count as theirs.
	 */
	readonly concurrency?: number | undefined;
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

/** Milliseconds; a cold start takes several times as long as a quick call waits. */
const PATIENCE = 25;

/** Milliseconds; a process that is not needed ends after 5 to 10 seconds. */
const REST = 5000;

class LocalFunction implements AuthorizerFunction {
	private readonly defaultName: string;
	private readonly locate: () => CodePlace;
	private readonly options: LocalFunctionOptions;
	private readonly pool: FunctionPool;
	private readonly changes = new ModuleChanges();
	/** What the call that came last waits for; those before it wait no longer. */
	private looking: Promise<boolean> | undefined;
	private retired = false;
	private closed = false;

	constructor(defaultName: string, locate: () => CodePlace, options: LocalFunctionOptions) {
		this.defaultName = defaultName;
		this.locate = locate;
		this.options = options;
		const limits = { wait: FUNCTION_WAIT_TIMEOUT, patience: PATIENCE, rest: REST };
		this.pool = new FunctionPool({ processes: options.concurrency ?? 8, ...limits }, () => this.start());
	}

	async invoke(event: unknown, { timeout }: { readonly timeout: number }): Promise<unknown> {
		if (this.retired) throw functionClosed();
		const { file } = this.locate();
		if (!existsSync(file)) {
			throw new FunctionError("function-not-found", "Runtime.ImportModuleError", `there is no file ${file}`);
		}
		this.looking = this.changes.since(file);
		if (await this.looking) this.pool.renew();
		if (this.closed) throw functionClosed();
		return this.pool.call(event, timeout);
	}

	async retire(): Promise<void> {
		this.retired = true;
		await this.looking;
		await this.pool.retire();
	}

	async close(): Promise<void> {
		this.retired = true;
		this.closed = true;
		await this.pool.close();
	}

	private start(): FunctionProcess {
		const { log = () => {}, environment = {} } = this.options;
		return new FunctionProcess({ start: this.describe(this.locate()), environment, log });
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
