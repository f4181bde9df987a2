/**
 * The functions of an account that run, by ARN: opened when they are first needed, retired when they change or go, closed
 * at the account's end.
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
	/** By ARN, those that only finish the calls they have, each with its end, which never fails. */
	private readonly retired = new Map<string, Map<AuthorizerFunction, Promise<void>>>();
	/** What went wrong as functions ended. */
	private readonly failures: unknown[] = [];

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

	/**
	 * Gives a function up if it runs: the next call opens another one, calls under way finish as they would, as on AWS.
	 * `closeAll` tells if that failed.
	 */
	retire(arn: string): void {
		const running = this.opened.get(arn);
		this.opened.delete(arn);
		// Without a way to retire it has nothing that runs on.
		if (running?.retire === undefined) return;
		const others = this.retired.get(arn) ?? new Map<AuthorizerFunction, Promise<void>>();
		const end = this.told(running.retire()).then(() => {
			others.delete(running);
			if (others.size === 0) this.retired.delete(arn);
		});
		this.retired.set(arn, others.set(running, end));
	}

	/** Settles when nothing runs any more of what was retired under this ARN. */
	async whenRetired(arn: string): Promise<void> {
		for (;;) {
			const ends = this.retired.get(arn)?.values();
			if (ends === undefined) return;
			await Promise.all(ends);
		}
	}

	/**
	 * Ends every function, calls under way as well.
	 * @throws what the first one threw that did not end well, after all have ended.
	 */
	async closeAll(): Promise<void> {
		const retired = [...this.retired.values()];
		const running = [...this.opened.values(), ...this.given.values(), ...retired.flatMap((ends) => [...ends.keys()])];
		this.opened.clear();
		this.given.clear();
		await Promise.all(running.map((one) => this.told(one.close())));
		await Promise.all(retired.flatMap((ends) => [...ends.values()]));
		if (this.failures.length > 0) throw this.failures[0];
	}

	/** Settles with an end, and keeps what went wrong. */
	private told(end: Promise<void>): Promise<void> {
		return end.catch((failure: unknown) => void this.failures.push(failure));
	}
}
