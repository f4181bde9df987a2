/**
 * What an authorizer's function may answer, checked as AWS IoT Core checks it (AWS IoT Core Developer Guide, "Defining your
 * Lambda function"), in AWS's words.
 * @module
 */
import { MalformedPolicyError, type NamedPolicy, parsePolicyDocument } from "../policy/index.js";

export interface AuthorizerAnswer {
	readonly isAuthenticated: boolean;
	/** 1-128 letters and digits. */
	readonly principalId: string;
	/** At most 10 of at most 2048 characters: strings as the function gave them, objects as compact JSON. */
	readonly policyDocuments: readonly string[];
	/** The same documents, read; named `policy 1`, `policy 2`, ... */
	readonly policies: readonly NamedPolicy[];
	/** Seconds until the function is asked again, 300-86400; 300 where the function does not say. */
	readonly refreshAfterInSeconds: number;
	/** Seconds until the connection ends, 300-86400; 86400 where the function does not say. */
	readonly disconnectAfterInSeconds: number;
}

/** An answer that AWS would not take. `message` is AWS's own, as TestInvokeAuthorizer gives it. */
export class InvalidAnswerError extends Error {
	override readonly name = "InvalidAnswerError";
	readonly code = "answer-invalid";
	/** The member at fault. */
	readonly member: string;
	/** What was expected and what came; unlike AWS's message it never quotes the principal. */
	readonly detail: string;

	constructor(member: string, message: string, detail: string) {
		super(message);
		this.member = member;
		this.detail = detail;
	}
}

type Members = Readonly<Record<string, unknown>>;

const INVALID_FORMAT = "Lambda invocation result is in invalid format";
const PRINCIPAL_ID = /^[a-zA-Z0-9]{1,128}$/;
const MOST_POLICIES = 10;
/** Characters. */
const LONGEST_POLICY = 2048;
/** Bounds of both timers, inclusive, in seconds. AWS's message says "greater than 5 minutes", yet takes 300. */
const SHORTEST_TIMER = 300;
const LONGEST_TIMER = 86_400;

/**
 * Checks an answer, a denial as strictly as an admission.
 * @param raw what the function answered, as JSON carries it.
 * @throws {InvalidAnswerError} where AWS answers InvalidResponse.
 */
export function checkAuthorizerAnswer(raw: unknown): AuthorizerAnswer {
	if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
		throw new InvalidAnswerError("answer", INVALID_FORMAT, `expected an object, got ${kindOf(raw)}`);
	}
	const answer = raw as Members;
	const isAuthenticated = answer["isAuthenticated"];
	if (typeof isAuthenticated !== "boolean") {
		throw new InvalidAnswerError(
			"isAuthenticated",
			INVALID_FORMAT,
			`expected true or false, got ${kindOf(isAuthenticated)}`,
		);
	}
	const principalId = checkPrincipalId(answer["principalId"]);
	const policyDocuments = checkPolicyDocuments(answer["policyDocuments"]);
	return {
		isAuthenticated,
		principalId,
		policyDocuments,
		policies: policyDocuments.map(readPolicy),
		refreshAfterInSeconds: checkTimer(answer, "refreshAfterInSeconds") ?? SHORTEST_TIMER,
		disconnectAfterInSeconds: checkTimer(answer, "disconnectAfterInSeconds") ?? LONGEST_TIMER,
	};
}

function checkPrincipalId(value: unknown): string {
	if (typeof value === "string" && PRINCIPAL_ID.test(value)) return value;
	if (typeof value === "object" && value !== null) {
		throw new InvalidAnswerError("principalId", INVALID_FORMAT, `expected a string, got ${kindOf(value)}`);
	}
	const length = typeof value === "string" ? ` of ${value.length} characters` : "";
	throw new InvalidAnswerError(
		"principalId",
		`${value ?? null} at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}`,
		`expected a string of 1 to 128 letters and digits, no other characters, got ${kindOf(value)}${length}`,
	);
}

function checkPolicyDocuments(value: unknown): readonly string[] {
	if (value === undefined || value === null) {
		throw policyFault("List of policies cannot be null.", `expected a list, got ${kindOf(value)}`);
	}
	if (!Array.isArray(value)) {
		throw new InvalidAnswerError("policyDocuments", INVALID_FORMAT, `expected a list, got ${kindOf(value)}`);
	}
	if (value.length > MOST_POLICIES) {
		throw policyFault(`Number of policies allowed cannot exceed ${MOST_POLICIES}`, `there are ${value.length}`);
	}
	return value.map((document: unknown, index) => {
		const text = typeof document === "string" ? document : compact(document);
		if (text !== undefined && text.length <= LONGEST_POLICY) return text;
		const size = text === undefined ? "is nested too deeply to be written" : `has ${text.length} characters`;
		throw policyFault(
			`Size of a policy document cannot exceeds hard limit of ${LONGEST_POLICY}`,
			`policy ${index + 1} ${size}, the most are ${LONGEST_POLICY} characters`,
		);
	});
}

/** A document as JSON; undefined where it is nested more deeply than the stack is high, which takes thousands of levels. */
function compact(document: unknown): string | undefined {
	try {
		return JSON.stringify(document) ?? "null";
	} catch {
		return undefined; // JSON carries it, so nothing but its depth can stand in the way.
	}
}

function readPolicy(text: string, index: number): NamedPolicy {
	const name = `policy ${index + 1}`;
	try {
		return { name, document: parsePolicyDocument(text) };
	} catch (error) {
		if (error instanceof MalformedPolicyError) throw policyFault(error.message, `${name}: ${error.detail}`);
		throw error;
	}
}

function policyFault(problem: string, detail: string): InvalidAnswerError {
	return new InvalidAnswerError("policyDocuments", `policyDocuments failed to satisfy constraint: ${problem}`, detail);
}

function checkTimer(answer: Members, member: string): number | undefined {
	const value = answer[member];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== "number" || !Number.isInteger(value)) {
		throw new InvalidAnswerError(member, INVALID_FORMAT, `expected a whole number of seconds, got ${kindOf(value)}`);
	}
	if (value >= SHORTEST_TIMER && value <= LONGEST_TIMER) return value;
	throw new InvalidAnswerError(
		member,
		`${value} at ${member} failed to satisfy constraint: Member must be greater than 5 minutes and less than 24 hours.`,
		`expected ${SHORTEST_TIMER} to ${LONGEST_TIMER} seconds, got ${value}`,
	);
}

/** The kind of a JSON value, in words. */
function kindOf(value: unknown): string {
	if (value === undefined) return "nothing";
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
