/**
 * The operations' paths: as the router has them, and as answers to requests that none of them takes.
 * @module
 */
import { ApiError } from "./errors.js";
import type { Operation } from "./operation.js";

/**
 * The router's spellings of a path: labels by their positions, one with `+` as the rest of the path, and with and without
 * a slash at the end (AWS's clients do not agree on it), unless the slash belongs to the label.
 */
export function routerPaths(path: string): readonly string[] {
	let position = 0;
	const route = path.replace(/\{\w+(\+?)\}/g, (_label, greedy: string) => (greedy === "" ? `:${position++}` : "*"));
	if (route.endsWith("*")) return [route];
	const plain = route.replace(/\/$/, "");
	return [plain, `${plain}/`];
}

/** What the router found, in the order of the path's labels. */
export function labelValues(params: Readonly<Record<string, string>>): readonly string[] {
	const { "*": rest, ...numbered } = params;
	const values = Object.keys(numbered)
		.sort((a, b) => Number(a) - Number(b))
		.map((position) => numbered[position] ?? "");
	return rest === undefined ? values : [...values, rest];
}

/** Answers requests that no operation takes. */
export class UnknownOperations {
	private readonly paths: readonly { readonly expression: RegExp; readonly method: string }[];

	constructor(operations: readonly Operation<never>[]) {
		this.paths = operations.map(({ path, method }) => ({ expression: pathExpression(path), method }));
	}

	/** @param target request target, `/path?query`. */
	refuse(method: string, target: string): ApiError {
		const [path = ""] = target.split("?", 1);
		const methods = new Set(this.paths.flatMap((known) => (known.expression.test(path) ? [known.method] : [])));
		const list = "docs/api.md lists all operations";
		const message =
			methods.size === 0
				? `Latchkey has no operation under this path (${list})`
				: `Latchkey has no operation by ${method} under this path, but by ${[...methods].sort().join(", ")} (${list})`;
		return new ApiError("UnknownOperationException", message);
	}
}

function pathExpression(path: string): RegExp {
	const [plain = ""] = path.split(/\/$/);
	const expression = plain.replace(/\{\w+(\+?)\}|[.*+?^$()|[\]\\]/g, (part, greedy: string | undefined) => {
		if (!part.startsWith("{")) return `\\${part}`;
		return greedy === "+" ? ".+" : "[^/]+";
	});
	return new RegExp(`^${expression}/?$`);
}
