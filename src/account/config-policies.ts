/**
 * `policies` and `principals` of `latchkey.json`.
 * @module
 */
import { checkPolicySize, MalformedPolicyError, parsePolicyDocument } from "../policy/index.js";
import { type ConfigValue, elementsOf, membersOf } from "./config-document.js";
import { type ConfigEntry, kindOf } from "./config-reader.js";
import { type ConfigScope, readNamedFile } from "./config-scope.js";
import { newPolicy, type PolicyRecord } from "./policy-record.js";
import { MOST_POLICIES_OF_A_TARGET } from "./policy-registry.js";
import { isPolicyTarget, POLICY_TARGET } from "./policy-targets.js";

const DOCUMENT_MEMBERS = ["Version", "Id", "Statement"];
const POLICY_NAME = /^[\w+=,.@-]{1,128}$/;

/** Policies by name. A document that the file itself holds is kept without its white space. */
export function readPolicies(scope: ConfigScope): ReadonlyMap<string, PolicyRecord> {
	const { reader, root } = scope;
	const policies = new Map<string, PolicyRecord>();
	for (const entry of reader.entries(root, "policies")) {
		const before = reader.misshapes;
		reader.checkName(entry, POLICY_NAME, "the name of a policy is 1 to 128 letters, digits and _+=,.@-");
		const document = readDocument(scope, entry.value);
		if (document === undefined || reader.misshapes > before || !isPolicy(scope, entry, document)) continue;
		policies.set(entry.name, newPolicy(scope.account, entry.name, document, scope.now));
	}
	return policies;
}

/** JSON text of a policy's document. */
function readDocument(scope: ConfigScope, value: ConfigValue): string | undefined {
	const { reader } = scope;
	const { members } = reader.anyObject(value);
	if (members.has("file")) return readNamedFile(scope, value);
	if (value.node?.type !== "object") return undefined;
	const unknown = [...members].filter(([name]) => !DOCUMENT_MEMBERS.includes(name));
	for (const [, member] of unknown) {
		reader.misshapen(member, `no such member; expected ${DOCUMENT_MEMBERS.join(", ")} of a policy document, or file`);
	}
	// What is missing most often stands there by another name.
	for (const name of unknown.length === 0 ? ["Version", "Statement"] : []) {
		if (!members.has(name)) reader.misshapen(reader.member(value, name), "expected in a policy document, or a file");
	}
	return JSON.stringify(JSON.parse(reader.textOf(value)));
}

function isPolicy({ reader }: ConfigScope, { value }: ConfigEntry, text: string): boolean {
	try {
		checkPolicySize(text);
		parsePolicyDocument(text);
		return true;
	} catch (error) {
		if (!(error instanceof MalformedPolicyError)) throw error;
		reader.refuse(placeOf(error.detail, value), `${error.message} (${error.detail})`);
		return false;
	}
}

/**
 * Where something of a document stands that begins with its path, such as `Statement[0].Resource: expected ...`; the
 * document itself where no path leads further. Names of Conditions stand in quotation marks.
 */
function placeOf(detail: string, document: ConfigValue): ConfigValue {
	let place = document;
	for (let rest = detail; ; ) {
		const next = stepInto(place, rest);
		if (next === undefined) return place;
		place = next.place;
		rest = rest.slice(next.length).replace(/^\./, "");
	}
}

/** The member or element that a path leads into next, and how many characters of the path say so. */
function stepInto(
	place: ConfigValue,
	path: string,
): { readonly place: ConfigValue; readonly length: number } | undefined {
	const [index, digits] = /^\[(\d+)\]/.exec(path) ?? [];
	if (place.node?.type === "array" && index !== undefined) {
		const element = elementsOf(place)[Number(digits)];
		return element && { place: element, length: index.length };
	}
	if (place.node?.type !== "object") return undefined;
	const steps = [...membersOf(place)].flatMap(([name, member]) =>
		[name, JSON.stringify(name)]
			.filter((written) => written !== "" && path.startsWith(written) && /^[.:[]/.test(path.slice(written.length)))
			.map(({ length }) => ({ place: member, length })),
	);
	return steps.toSorted((one, other) => other.length - one.length)[0];
}

/** Names of attached policies by principal. */
export function readPrincipals(
	scope: ConfigScope,
	policies: ReadonlyMap<string, PolicyRecord>,
): ReadonlyMap<string, readonly string[]> {
	const { reader, root } = scope;
	const principals = new Map<string, readonly string[]>();
	for (const entry of reader.entries(root, "principals")) {
		const { name: target, value } = entry;
		reader.checkName(
			entry,
			POLICY_TARGET,
			"expected the ARN of a certificate or a thing group, or a Cognito identity id",
		);
		if (POLICY_TARGET.test(target) && !isPolicyTarget(scope.account, target)) {
			reader.refuse(value, `is of another account than ${scope.account.accountId} in ${scope.account.region}`);
		}
		const names = readNames(scope, value, policies);
		if (names.length > 0) principals.set(target, names);
	}
	return principals;
}

function readNames(
	{ reader, root }: ConfigScope,
	value: ConfigValue,
	policies: ReadonlyMap<string, PolicyRecord>,
): readonly string[] {
	const elements = reader.elements(value);
	const names = new Set<string>();
	for (const element of elements) {
		const name: unknown = element.node?.value;
		if (typeof name !== "string") reader.misshapen(element, `expected the name of a policy, got ${kindOf(element)}`);
		else if (names.has(name)) reader.misshapen(element, "is attached twice");
		else {
			names.add(name);
			// One that is there and is no policy is told of where it stands.
			const isThere = policies.has(name) || reader.member(reader.member(root, "policies"), name).node !== undefined;
			if (!isThere) reader.refuse(element, "there is no policy of that name under $.policies");
		}
	}
	if (elements.length > MOST_POLICIES_OF_A_TARGET) {
		reader.misshapen(value, `a principal has at most ${MOST_POLICIES_OF_A_TARGET} policies`);
	}
	return [...names];
}
