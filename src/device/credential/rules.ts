/**
 * Rules for single members of a credential's JSON. No error quotes a value: it may be secret.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { utf8Length } from "../encoding/utf8.js";

export interface TextRule {
	readonly kind: "text";
	readonly required: boolean;
	/** Bytes of UTF-8, both inclusive. */
	readonly length: readonly [number, number];
	/**
	 * A function, so that the expression is made when it is used: the Moddable SDK's engine (8.2.3) damages memory with one that
	 * was made when the firmware was linked.
	 */
	readonly form?: () => RegExp;
	/** The form in words. */
	readonly expected?: string;
}

export interface IntegerRule {
	readonly kind: "integer";
	/** Both inclusive. */
	readonly range: readonly [number, number];
	/** What an absent one is; without it none is made up. */
	readonly fallback?: number;
}

export type Rule = TextRule | IntegerRule;

export function text(length: readonly [number, number], form?: () => RegExp, expected?: string): TextRule {
	const rule = { kind: "text", required: true, length } as const;
	return form === undefined || expected === undefined ? rule : { ...rule, form, expected };
}

/** The rule of a text that may be absent. */
export function optional(rule: TextRule): TextRule {
	return { ...rule, required: false };
}

export function integer(range: readonly [number, number], fallback?: number): IntegerRule {
	const rule = { kind: "integer", range } as const;
	return fallback === undefined ? rule : { ...rule, fallback };
}

/**
 * The value of a member; `undefined` where it is absent and may be.
 * @param field its path, for the error.
 * @throws {DeviceError} step `credential`; code `missing`, `wrong-type`, `wrong-length`, `wrong-form` or `out-of-range`.
 */
export function readMember(value: unknown, field: string, rule: Rule): string | number | undefined {
	return rule.kind === "text" ? readText(value, field, rule) : readInteger(value, field, rule);
}

/** A text; throws as {@link readMember}. */
export function readText(value: unknown, field: string, rule: TextRule): string | undefined {
	if (value === undefined) {
		if (!rule.required) return undefined;
		throw missing(field);
	}
	if (typeof value !== "string") throw credentialError("wrong-type", field, `expected a string, got ${typeof value}`);
	const length = utf8Length(value);
	const [least, most] = rule.length;
	if (length < least || length > most)
		throw credentialError("wrong-length", field, `expected ${least}..${most} bytes, got ${length}`);
	requireWellFormed(value, field);
	if (rule.form !== undefined && !rule.form().test(value))
		throw credentialError("wrong-form", field, `expected ${rule.expected}`);
	return value;
}

function readInteger(value: unknown, field: string, { range, fallback }: IntegerRule): number | undefined {
	if (value === undefined) return fallback;
	const [least, most] = range;
	const expected = `expected an integer from ${least} to ${most}`;
	if (typeof value !== "number" || !Number.isInteger(value)) throw credentialError("wrong-type", field, expected);
	if (value < least || value > most) throw credentialError("out-of-range", field, expected);
	return value;
}

/** The members of a JSON object; throws as {@link readMember}. */
export function membersOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
	if (value === undefined) throw missing(field);
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw credentialError("wrong-type", field, "expected a JSON object");
	return value as Record<string, unknown>;
}

/** @throws {DeviceError} code `wrong-form` for a lone surrogate, which UTF-8 cannot hold. */
export function requireWellFormed(value: string, field: string): void {
	if (/[\ud800-\udfff]/u.test(value)) throw credentialError("wrong-form", field, "expected well-formed Unicode");
}

function missing(field: string): DeviceError {
	return credentialError("missing", field, "required, but not there");
}

export function credentialError(code: string, field: string, cause: string): DeviceError {
	return new DeviceError({
		code,
		step: "credential",
		field,
		cause,
		remedy: "correct the credential and provision the device again",
	});
}
