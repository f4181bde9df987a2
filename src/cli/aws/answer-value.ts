/**
 * The values of an answer that is printed, and which of them are scalars: those share a line or a row.
 * @module
 */

export type Printable = string | number | boolean | readonly Printable[] | Members;
export type Members = { readonly [member: string]: Printable };

export function isScalar(value: Printable | undefined): value is string | number | boolean {
	return typeof value !== "object";
}

export function isList(value: Printable): value is readonly Printable[] {
	return Array.isArray(value);
}

/** A scalar as Python writes it. */
export function scalarText(value: Printable): string {
	if (typeof value === "boolean") return value ? "True" : "False";
	return String(value);
}

/** Names of the scalar members of any of these, sorted. */
export function scalarNames(structures: readonly Members[]): string[] {
	return namesOf(structures, true);
}

/** Names of the lists and structures in any of these, sorted. */
export function nestedNames(structures: readonly Members[]): string[] {
	return namesOf(structures, false);
}

function namesOf(structures: readonly Members[], scalar: boolean): string[] {
	const names = structures.flatMap((one) => Object.keys(one).filter((name) => isScalar(one[name]) === scalar));
	return [...new Set(names)].sort();
}
