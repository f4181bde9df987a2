/**
 * What is known of a request: the values behind policy variables and condition keys.
 * @module
 */

/** The value of a key; a multivalued key such as `iot:ConnectAttributes` has a list, which may be empty. */
export type ContextValue = string | readonly string[];

/** Values by the full name of their key (`iot:ClientId`). A key without a value is missing or undefined. */
export type PolicyContext = Readonly<Record<string, ContextValue | undefined>>;

/**
 * Looks values up as IAM does: "Condition key names are not case-sensitive" (IAM User Guide, "IAM JSON policy elements:
 * Condition"), and neither are those of variables. A key in the very letters asked for goes first.
 */
export class RequestContext {
	private readonly context: PolicyContext;
	/** By name in lower case; made when a name is first not found as it is written. */
	private folded: ReadonlyMap<string, ContextValue> | undefined;

	constructor(context: PolicyContext) {
		this.context = context;
	}

	/** Own members only: `${constructor}` must not find `Object.prototype`. */
	value(name: string): ContextValue | undefined {
		const value = Object.hasOwn(this.context, name) ? this.context[name] : undefined;
		if (value !== undefined) return value;
		this.folded ??= foldNames(this.context);
		return this.folded.get(name.toLowerCase());
	}

	/** The value for a variable: multivalued keys cannot be used as one (IAM User Guide, "Multivalued context keys"). */
	text(name: string): string | undefined {
		const value = this.value(name);
		return typeof value === "string" ? value : undefined;
	}
}

function foldNames(context: PolicyContext): ReadonlyMap<string, ContextValue> {
	const folded = new Map<string, ContextValue>();
	for (const [name, value] of Object.entries(context)) {
		const lower = name.toLowerCase();
		if (value !== undefined && !folded.has(lower)) folded.set(lower, value);
	}
	return folded;
}
