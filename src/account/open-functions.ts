/**
 * The functions of an account that run, by ARN: opened when they are first needed, closed when they change or go.
 * @module
 */
import type { AuthorizerFunction } from "../authorizer/index.js";
import type { FunctionConfiguration } from "./function-configuration.js";

/** Opens a function; nothing of it runs before its first call. */
export type OpenFunction = (configuration: FunctionConfiguration) => AuthorizerFunction;

export class OpenFunctions {
	private readonly openFunction: OpenFunction | undefined;
	private readonly opened = new Map<string, AuthorizerFunction>();
	/** Given by the program that Latchkey is part of, and not by any configuration. */
	private readonly given = new Map<string, AuthorizerFunction>();
	/** Ends that are under way, each with what went wrong. */
	private readonly ending = new Set<Promise<{ readonly failure: unknown } | undefined>>();

	/** @param openFunction without it only embedded functions run. */
	constructor(openFunction: OpenFunction | undefined) {
		this.openFunction = openFunction;
	}

	/** The running function of this configuration; undefined where there is none. */
	open(arn: string, configuration: FunctionConfiguration | undefined): AuthorizerFunction | undefined {
		if (configuration === undefined) return undefined;
		const running = this.opened.get(arn) ?? this.openFunction?.(configuration);
		if (running !== undefined) this.opened.set(arn, running);
		return running;
	}

	embedded(arn: string): AuthorizerFunction | undefined {
		return this.given.get(arn);
	}

	/** @returns the function that was embedded there before and is now the caller's. */
	embed(arn: string, run: AuthorizerFunction): AuthorizerFunction | undefined {
		const former = this.given.get(arn);
		this.given.set(arn, run);
		return former;
	}

	/** Ends a function if it runs; `closeAll` waits for it, and tells if that failed. */
	close(arn: string): void {
		const running = this.opened.get(arn);
		this.opened.delete(arn);
		if (running !== undefined) this.end(running);
	}

	/** Ends every function. @throws what the first one threw that did not end well, after all have ended. */
	async closeAll(): Promise<void> {
		for (const running of [...this.opened.values(), ...this.given.values()]) this.end(running);
		this.opened.clear();
		this.given.clear();
		const failed = (await Promise.all(this.ending)).find((outcome) => outcome !== undefined);
		if (failed !== undefined) throw failed.failure;
	}

	private end(running: AuthorizerFunction): void {
		const end = running.close().then(
			() => void this.ending.delete(end),
			(failure: unknown) => ({ failure }),
		);
		this.ending.add(end);
	}
}
