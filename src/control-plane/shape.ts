/**
 * What an operation takes, written down as values: the small vocabulary of AWS's API model, from which inputs are read,
 * checked and typed.
 * @module
 */

/** Lengths are in UTF-16 code units, as AWS counts them; bounds are inclusive. */
export interface StringShape {
	readonly type: "string";
	/** As AWS prints it; it must match the whole value. */
	readonly pattern?: string | undefined;
	readonly min?: number | undefined;
	readonly max?: number | undefined;
	/** {@link StringShape.pattern}, compiled once. */
	readonly expression?: RegExp | undefined;
}

/** One of a set of words. */
export interface WordShape<W extends string = string> {
	readonly type: "word";
	readonly words: readonly W[];
}

/** A 32-bit integer; bounds are inclusive. */
export interface IntegerShape {
	readonly type: "integer";
	readonly min?: number | undefined;
	readonly max?: number | undefined;
}

export interface BooleanShape {
	readonly type: "boolean";
}

/** Bytes: base64 in JSON, padded or not; as they are in a payload. Bounds are in bytes, inclusive. */
export interface BlobShape {
	readonly type: "blob";
	readonly min?: number | undefined;
	readonly max?: number | undefined;
}

/** Bounds are numbers of members, inclusive. */
export interface ListShape<M = unknown> {
	readonly type: "list";
	readonly member: M;
	readonly min?: number | undefined;
	readonly max?: number | undefined;
}

/** Bounds are numbers of entries, inclusive. */
export interface MapShape<V = unknown> {
	readonly type: "map";
	readonly key: StringShape;
	readonly value: V;
	readonly min?: number | undefined;
	readonly max?: number | undefined;
}

/** A member that AWS takes and Latchkey does not: naming it is an error that says so, but for one harmless value. */
export interface UnsupportedShape {
	readonly type: "unsupported";
	/** The one value that asks for nothing, for instance `false`. */
	readonly harmless?: string | boolean | undefined;
}

export interface StructureShape<M extends Members = Members, R extends string = string> {
	readonly type: "structure";
	readonly members: M;
	/** Names of the members that must be there; those in the path need not be named. */
	readonly required: readonly R[];
}

export type Shape =
	| StringShape
	| WordShape
	| IntegerShape
	| BooleanShape
	| BlobShape
	| ListShape
	| MapShape
	| UnsupportedShape
	| StructureShape;

/** Where a member travels if not in the JSON body. */
export type Location = "uri" | "query" | "header" | "payload";

/** A member that travels outside of the JSON body. */
export interface Bound<S = unknown, L extends Location = Location> {
	readonly location: L;
	/** Its name there; the member's own name unless said otherwise. */
	readonly wireName?: string | undefined;
	readonly shape: S;
}

/** Members of a structure by their names; one that is not bound travels in the JSON body. */
export interface Members {
	readonly [name: string]: Shape | Bound;
}

/** The type of a value of a shape. */
export type ValueOf<S> = S extends StringShape
	? string
	: S extends WordShape<infer W>
		? W
		: S extends IntegerShape
			? number
			: S extends BooleanShape
				? boolean
				: S extends BlobShape
					? Uint8Array
					: S extends ListShape<infer M>
						? readonly ValueOf<M>[]
						: S extends MapShape<infer V>
							? Readonly<Record<string, ValueOf<V>>>
							: S extends UnsupportedShape
								? undefined
								: S extends StructureShape<infer M, infer R>
									? StructureOf<M, R>
									: never;

type MemberValue<M> = M extends Bound<infer S> ? ValueOf<S> : ValueOf<M>;
type PathNames<M extends Members> = { [K in keyof M]: M[K] extends Bound<unknown, "uri"> ? K : never }[keyof M];
type RequiredNames<M extends Members, R extends string> = Extract<keyof M, R> | PathNames<M>;
type StructureOf<M extends Members, R extends string> = {
	readonly [K in RequiredNames<M, R>]: MemberValue<M[K]>;
} & {
	readonly [K in Exclude<keyof M, RequiredNames<M, R>>]?: MemberValue<M[K]> | undefined;
};

/** The type of an operation's checked input. */
export type InputOf<S extends StructureShape> = ValueOf<S>;

interface Bounds {
	readonly min?: number | undefined;
	readonly max?: number | undefined;
}

export function string({ pattern, min, max }: Bounds & { readonly pattern?: string | undefined } = {}): StringShape {
	const expression = pattern === undefined ? undefined : compiled(pattern);
	return { type: "string", pattern, min, max, expression };
}

/** Classes of characters by their properties need the flag `u`, under which some of AWS's other patterns are errors. */
function compiled(pattern: string): RegExp {
	return new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");
}

export function word<const W extends string>(words: readonly W[]): WordShape<W> {
	return { type: "word", words };
}

export function integer({ min, max }: Bounds = {}): IntegerShape {
	return { type: "integer", min, max };
}

export function boolean(): BooleanShape {
	return { type: "boolean" };
}

export function blob({ min, max }: Bounds = {}): BlobShape {
	return { type: "blob", min, max };
}

export function list<M extends Shape>(member: M, { min, max }: Bounds = {}): ListShape<M> {
	return { type: "list", member, min, max };
}

export function map<V extends Shape>(key: StringShape, value: V, { min, max }: Bounds = {}): MapShape<V> {
	return { type: "map", key, value, min, max };
}

/** @param harmless the one value that asks for nothing and is let through. */
export function unsupported(harmless?: string | boolean): UnsupportedShape {
	return { type: "unsupported", harmless };
}

export function structure<const M extends Members, const R extends keyof M & string = never>(
	members: M,
	required: readonly R[] = [],
): StructureShape<M, R> {
	return { type: "structure", members, required };
}

/** A label of the path, percent-decoded once. */
export function uri<S extends Shape>(shape: S): Bound<S, "uri"> {
	return { location: "uri", shape };
}

export function query<S extends Shape>(shape: S, wireName?: string): Bound<S, "query"> {
	return { location: "query", wireName, shape };
}

export function header<S extends Shape>(shape: S, wireName: string): Bound<S, "header"> {
	return { location: "header", wireName, shape };
}

/** The whole body, as bytes. */
export function payload<S extends BlobShape>(shape: S): Bound<S, "payload"> {
	return { location: "payload", shape };
}

/** The shape of a member, wherever it travels. */
export function shapeOf(member: Shape | Bound): Shape {
	return "location" in member ? (member.shape as Shape) : member;
}

/** Whether a member of this name has to be there. */
export function isRequired({ members, required }: StructureShape, name: string): boolean {
	const member = members[name];
	return required.includes(name) || (member !== undefined && "location" in member && member.location === "uri");
}
