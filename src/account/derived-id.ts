/**
 * Ids that AWS makes at random, and that follow from what they stand for here: the same state has the same id after every
 * start, and no source of chance is needed.
 * @module
 */
import { createHash } from "node:crypto";

/** A text in the shape of a UUID that follows from another text. */
export function derivedId(text: string): string {
	const digits = createHash("sha256").update(text).digest("hex");
	return /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(digits)?.slice(1).join("-") ?? digits;
}
