/**
 * The table of operations in docs/api.md, out of the operations themselves.
 * @module
 */
import type { Operation } from "./operation.js";
import { shapeOf, unsupported } from "./shape.js";

/** What tests an operation, by service and name, `iot:GetPolicy`. */
export type TestedBy = Readonly<Record<string, readonly string[]>>;

/** Markdown, one row an operation in the order given, with a line break at its end. */
export function apiTable(operations: readonly Operation<never>[], testedBy: TestedBy): string {
	const rows = operations.map(({ service, name, method, path, input, differences = "-" }) => {
		const tests = testedBy[`${service}:${name}`] ?? [];
		return [
			`${service} ${name}`,
			`${method} \`${path.replace("+}", "}")}\``,
			support(input),
			differences,
			tests.length === 0 ? "-" : tests.map((test) => `\`${test}\``).join(", "),
		];
	});
	const titles = ["Operation", "Method and path", "Supported", "Differences", "Tested by"];
	return [titles, titles.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |\n`).join("");
}

/** Members that are refused by name. */
function support({ members }: Operation<never>["input"]): string {
	const refused = Object.keys(members).filter((name) => shapeOf(members[name] ?? unsupported()).type === "unsupported");
	return refused.length === 0 ? "yes" : `all but ${refused.map((name) => `\`${name}\``).join(", ")}`;
}

function cell(text: string): string {
	return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
