/**
 * Reads what comes out of the pipe of a local function's process. The function's own code can write there too, so nothing
 * is taken for a message that is not one, member by member.
 * @module
 */
import { type FailureCode, LONGEST_LINE, type RuntimeMessage } from "./function-messages.js";

type Members = Readonly<Record<string, unknown>>;

const FAILURE_CODES: ReadonlySet<unknown> = new Set<FailureCode>(["not-a-handler", "function-threw"]);

/** Characters; a longer one is cut and ends in three dots. */
const LONGEST_TOLD_LINE = LONGEST_LINE + 3;

/** @returns the message, with its own members and no others; undefined for a line that is none. */
export function readRuntimeMessage(line: string): RuntimeMessage | undefined {
	const members = membersOf(line);
	switch (members?.["kind"]) {
		case "ready":
			return { kind: "ready" };
		case "line":
			return readLine(members);
		case "answer":
			return readAnswer(members);
		case "failure":
			return readFailure(members);
		case "crash":
			return readCrash(members);
		default:
			return undefined;
	}
}

function membersOf(line: string): Members | undefined {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === "object" && value !== null ? (value as Members) : undefined;
	} catch {
		return undefined; // The caller ends whoever wrote it.
	}
}

function readLine({ line }: Members): RuntimeMessage | undefined {
	const isLine = typeof line === "string" && line.length <= LONGEST_TOLD_LINE && !line.includes("\n");
	return isLine ? { kind: "line", line } : undefined;
}

function readAnswer({ id, answer }: Members): RuntimeMessage | undefined {
	return isId(id) && answer !== undefined ? { kind: "answer", id, answer } : undefined;
}

function readFailure({ id, code, errorType, errorMessage }: Members): RuntimeMessage | undefined {
	if (!isId(id) || !isFailureCode(code)) return undefined;
	if (typeof errorType !== "string" || typeof errorMessage !== "string") return undefined;
	return { kind: "failure", id, code, errorType, errorMessage };
}

function readCrash({ errorType, errorMessage }: Members): RuntimeMessage | undefined {
	if (typeof errorType !== "string" || typeof errorMessage !== "string") return undefined;
	return { kind: "crash", errorType, errorMessage };
}

function isId(value: unknown): value is number {
	return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function isFailureCode(value: unknown): value is FailureCode {
	return FAILURE_CODES.has(value);
}
