/**
 * What is wrong with an input, in AWS's words ("Value at 'x' failed to satisfy constraint: ..."). Values are never
 * repeated in them: they may be secret.
 * @module
 */
import type { Shape } from "./shape.js";

/** Faults that one answer tells of at most; a list may hold a hundred thousand. */
const MOST_FAULTS = 100;

/** Collects the faults of one input. */
export class InputFaults {
	private readonly breaches: string[] = [];
	private readonly misfits: string[] = [];

	/** A value of the right type outside of its bounds; AWS's own text. */
	constraint(path: string, text: string): void {
		if (this.breaches.length < MOST_FAULTS) {
			this.breaches.push(`Value at '${path}' failed to satisfy constraint: ${text}`);
		}
	}

	/** A value of the wrong JSON type; AWS answers SerializationException with texts unknown, so these are chosen. */
	type(path: string, expected: string, got: unknown): void {
		if (this.misfits.length < MOST_FAULTS) {
			this.misfits.push(`Value at '${path}' is of the wrong type: expected ${expected}, got ${kindOf(got)}`);
		}
	}

	/** A member that Latchkey does not do; chosen. */
	unsupported(path: string): void {
		if (this.misfits.length < MOST_FAULTS) this.misfits.push(`'${path}' is not supported by Latchkey`);
	}

	/** Whether a value is of the wrong type, or not supported. */
	get misfitting(): boolean {
		return this.misfits.length > 0;
	}

	/** Takes over the misfits of a part. */
	adopt(part: InputFaults): void {
		if (this.misfits.length < MOST_FAULTS) this.misfits.push(...part.misfits);
	}

	/** Everything in one text, undefined where nothing is wrong. A wrong type hides the constraints, as on AWS. */
	get message(): string | undefined {
		if (this.misfitting) return this.misfits.join("; ");
		const count = this.breaches.length;
		if (count === 0) return undefined;
		return `${count} validation error${count === 1 ? "" : "s"} detected: ${this.breaches.join("; ")}`;
	}
}

/** What JSON calls the kind of a value; never the value. */
function kindOf(value: unknown): string {
	if (value === null || value === undefined) return "null";
	if (Array.isArray(value)) return "a list";
	const type = typeof value;
	return type === "object" ? "an object" : `a ${type}`;
}

/**
 * Every constraint of a list's member or a map's key or value, as AWS names them all when one is broken
 * (`Member must satisfy constraint: [...]`): the lengths before the pattern.
 */
export function allConstraints(shape: Shape): string {
	switch (shape.type) {
		case "string":
			return `[${[...lengths(shape), ...patterns(shape.pattern)].join(", ")}]`;
		case "word":
			return `[${enumConstraint(shape.words)}]`;
		case "integer":
			return `[${values(shape).join(", ")}]`;
		default:
			return "[Member must not be null]";
	}
}

interface Bounds {
	readonly min?: number | undefined;
	readonly max?: number | undefined;
}

function lengths({ min, max }: Bounds): readonly string[] {
	return [...bound("length less than or equal to", max), ...bound("length greater than or equal to", min)];
}

function values({ min, max }: Bounds): readonly string[] {
	return [...bound("value less than or equal to", max), ...bound("value greater than or equal to", min)];
}

function bound(words: string, limit: number | undefined): readonly string[] {
	return limit === undefined ? [] : [`Member must have ${words} ${limit}`];
}

function patterns(pattern: string | undefined): readonly string[] {
	return pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`];
}

export function enumConstraint(words: readonly string[]): string {
	return `Member must satisfy enum value set: [${words.join(", ")}]`;
}

/** The broken ones of a value's bounds. */
export function brokenBounds(amount: number, { min, max }: Bounds, of: "length" | "value"): readonly string[] {
	if (max !== undefined && amount > max) return [`Member must have ${of} less than or equal to ${max}`];
	if (min !== undefined && amount < min) return [`Member must have ${of} greater than or equal to ${min}`];
	return [];
}
