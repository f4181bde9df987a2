/**
 * What the API is held against: calls in a row and what each of them must bring, the same for every client.
 * @module
 */
import type { ExecutionContext } from "ava";
import type { ApiClient, ClientName, Input, Outcome, ServiceName } from "./clients/client.js";
import { type ControlPlaneSite, openSite } from "./site.js";

/** A value, or what it must be like: a pattern, a predicate, or what a client may be too old for. */
export type Expected = unknown;

export interface ExpectedError {
	readonly type: string;
	readonly message: string | RegExp;
}

type Outputs = readonly Readonly<Record<string, unknown>>[];

export interface Step {
	readonly service: ServiceName;
	/** As AWS writes it, `TestInvokeAuthorizer`. */
	readonly operation: string;
	/** May be made of the outputs of the steps before; an output that was an error is `{}`. */
	readonly input: Input | ((outputs: Outputs) => Input);
	/** The whole output; `{}` unless there is an error. */
	readonly output?: Expected;
	readonly error?: ExpectedError | undefined;
	/** Part of what a client says that checks inputs itself and does not send this one. */
	readonly unsent?: string | undefined;
}

export interface Scenario {
	readonly title: string;
	readonly steps: readonly Step[];
	/** What must be true of all outputs together, each in words. */
	readonly holds?: Readonly<Record<string, (outputs: Outputs) => boolean>>;
	/** Clients that cannot make such calls, by name, each with the reason. */
	readonly except?: { readonly [name in ClientName]?: string };
	/** Of the account, as `latchkey.json` has it; the site's own unless given. */
	readonly configuration?: object;
}

/** What clients with an older model of the API drop from an output. */
export class Newer {
	readonly value: Expected;

	constructor(value: Expected) {
		this.value = value;
	}
}

/** Some moment of this run. */
export function recent(value: unknown): boolean {
	return typeof value === "number" && Math.abs(Date.now() - value) < 600_000;
}

/** Whether a client plays a scenario. */
export function plays({ name }: Pick<ApiClient, "name">, { except }: Scenario): boolean {
	return except?.[name] === undefined;
}

/** Plays a scenario on a Latchkey of its own. */
export async function play(t: ExecutionContext, client: ApiClient, scenario: Scenario): Promise<void> {
	const site = await openSite(scenario.configuration);
	try {
		await playOn(t, client, scenario, site);
	} finally {
		await site.close();
	}
}

async function playOn(
	t: ExecutionContext,
	client: ApiClient,
	{ steps, holds = {} }: Scenario,
	site: ControlPlaneSite,
): Promise<void> {
	const outputs: Readonly<Record<string, unknown>>[] = [];
	for (const [index, step] of steps.entries()) {
		const { service, operation, input, error } = step;
		const given = typeof input === "function" ? input(outputs) : input;
		const outcome = await client.call(site.url, service, operation, given);
		const where = `step ${index + 1}, ${operation}${error === undefined ? "" : ` (${error.type})`}`;
		const differences = [...differ(wanted(client, step), outcome, { path: "", client })];
		t.deepEqual(differences, [], `${where}\n${JSON.stringify(outcome, null, 2)}`);
		outputs.push("output" in outcome ? outcome.output : {});
	}
	for (const [what, isTrue] of Object.entries(holds)) t.true(isTrue(outputs), what);
}

function wanted({ checks }: ApiClient, { output = {}, error, unsent }: Step): Outcome | Expected {
	if (unsent !== undefined && checks) return { unsent: (text: unknown) => String(text).includes(unsent) };
	return error === undefined ? { output } : { error };
}

interface Place {
	readonly path: string;
	readonly client: ApiClient;
}

/** Where a value is not what was expected. */
function* differ(expected: Expected, actual: unknown, place: Place): Iterable<string> {
	const { path, client } = place;
	if (expected instanceof Newer) {
		if (actual !== undefined || !client.older) yield* differ(expected.value, actual, place);
	} else if (expected instanceof RegExp) {
		if (typeof actual !== "string" || !expected.test(actual)) yield `${path}: not like ${expected}`;
	} else if (typeof expected === "function") {
		if (expected(actual) !== true) yield `${path}: ${expected.name || "the predicate"} does not hold`;
	} else yield* differAsJson(expected, actual, place);
}

function* differAsJson(expected: unknown, actual: unknown, { path, client }: Place): Iterable<string> {
	if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
		for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
			yield* differ(expected[name], actual[name], { path: `${path}/${name}`, client });
		}
	} else if (expected !== actual) yield `${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
