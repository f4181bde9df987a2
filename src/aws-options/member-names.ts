/**
 * Every member name in a shape: the words that may be seen even in an option that holds a secret.
 * @module
 */
import type { Shape } from "./shape.js";

export function memberNames(shape: Shape): readonly string[] {
	if (shape.type === "list") return memberNames(shape.member);
	if (shape.type !== "structure") return [];
	return Object.entries(shape.members).flatMap(([name, member]) => [name, ...memberNames(member.shape)]);
}
