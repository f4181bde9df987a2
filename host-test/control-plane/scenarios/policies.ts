/**
 * Policies and their versions.
 * @module
 */
import { recent, type Scenario, type Step } from "../scenario.js";
import { arn } from "../site.js";
import { alreadyExists, broken, deleteConflict, fails, invalidRequest, notFound, PATTERN, succeeds } from "./steps.js";

export const CERTIFICATE = arn("iot", `cert/${"0123456789abcdef".repeat(4)}`);
export const IDENTITY = "eu-west-1:11111111-2222-3333-4444-555555555555";

const GENERATION = /^[0-9a-f-]{36}$/;
const MALFORMED = "MalformedPolicyException";
const UNREADABLE = "Policy document is Malformed: Invalid policy syntax.";
const LARGEST = "Size of a policy document cannot exceeds hard limit of 2048";

/** A document of one statement. */
export function document(Effect: "Allow" | "Deny", Action: string, ...resources: readonly string[]): string {
	const Resource = resources.map((resource) => (resource === "*" ? "*" : arn("iot", resource)));
	return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect, Action, Resource }] });
}

export const CONNECT = document("Allow", "iot:Connect", "client/dev1");
export const PUBLISH = document("Allow", "iot:Publish", "topic/devices/dev1/*");

export function policy(name: string) {
	return { policyName: name, policyArn: arn("iot", `policy/${name}`) };
}

export function createPolicy(name: string, policyDocument = CONNECT): Step {
	return succeeds(
		"CreatePolicy",
		{ policyName: name, policyDocument },
		{ ...policy(name), policyDocument, policyVersionId: "1" },
	);
}

export function attachPolicy(name: string, target: string): Step {
	return succeeds("AttachPolicy", { policyName: name, target });
}

export function createVersion(
	name: string,
	policyDocument: string,
	policyVersionId: string,
	setAsDefault?: boolean,
): Step {
	return succeeds(
		"CreatePolicyVersion",
		{ policyName: name, policyDocument, ...(setAsDefault === undefined ? {} : { setAsDefault }) },
		{ policyArn: policy(name).policyArn, policyDocument, policyVersionId, isDefaultVersion: setAsDefault ?? false },
	);
}

function getPolicy(name: string, policyDocument: string, defaultVersionId: string): Step {
	return succeeds(
		"GetPolicy",
		{ policyName: name },
		{
			...policy(name),
			policyDocument,
			defaultVersionId,
			creationDate: recent,
			lastModifiedDate: recent,
			generationId: GENERATION,
		},
	);
}

/** Versions, the default one with an asterisk. */
function versionsAre(name: string, ...ids: readonly string[]): Step {
	const policyVersions = ids.map((id) => ({
		versionId: id.replace("*", ""),
		isDefaultVersion: id.endsWith("*"),
		createDate: recent,
	}));
	return succeeds("ListPolicyVersions", { policyName: name }, { policyVersions });
}

const NOT_FOUND = notFound("Policy cannot be found (name=missing)");
const NO_VERSION = notFound("Policy version cannot be found (name=P, versionId=9)");
export const LISTED = (...names: readonly string[]) => ({ policies: names.map(policy) });
export const isMarker = (marker: unknown) => typeof marker === "string" && marker !== "";

export const policyScenarios: readonly Scenario[] = [
	{
		title: "a policy is created, got and listed",
		configuration: {},
		steps: [createPolicy("P"), getPolicy("P", CONNECT, "1"), succeeds("ListPolicies", {}, LISTED("P"))],
	},
	{
		title: "a policy is created with tags",
		configuration: {},
		steps: [
			succeeds(
				"CreatePolicy",
				{ policyName: "w+=,.@-1", policyDocument: CONNECT, tags: [{ Key: "team", Value: "sensors" }] },
				{ ...policy("w+=,.@-1"), policyDocument: CONNECT, policyVersionId: "1" },
			),
			getPolicy("w+=,.@-1", CONNECT, "1"),
			succeeds(
				"ListTagsForResource",
				{ resourceArn: policy("w+=,.@-1").policyArn },
				{ tags: [{ Key: "team", Value: "sensors" }] },
			),
		],
	},
	{
		title: "a policy's name is taken once and keeps its constraint",
		configuration: {},
		steps: [
			createPolicy("P"),
			fails(
				"CreatePolicy",
				{ policyName: "P", policyDocument: PUBLISH },
				alreadyExists("Policy cannot be created - name already exists (name=P)"),
			),
			fails(
				"CreatePolicy",
				{ policyName: "a b", policyDocument: PUBLISH },
				broken(["policyName", `${PATTERN} [\\w+=,.@-]+`]),
			),
			fails("CreatePolicy", { policyName: "Q" }, broken(["policyDocument", "not be null"]), "policyDocument"),
			getPolicy("P", CONNECT, "1"),
		],
	},
	{
		title: "a document that cannot be read is malformed, in a policy as in a version",
		configuration: {},
		steps: [
			createPolicy("P"),
			...[
				["no JSON", UNREADABLE],
				["", UNREADABLE],
				[document("Allow", "Connect", "*"), UNREADABLE],
				['{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect"}]}', UNREADABLE],
				[
					'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"client/a"}]}',
					"Policy document is Malformed: The resource client/a is not in valid ARN format",
				],
				[document("Allow", "iot:Connect", `client/${"a".repeat(2048)}`), LARGEST],
			].flatMap(([policyDocument = "", message = ""]) => [
				fails("CreatePolicy", { policyName: "Q", policyDocument }, { type: MALFORMED, message }),
				fails("CreatePolicyVersion", { policyName: "P", policyDocument }, { type: MALFORMED, message }),
			]),
			succeeds("ListPolicies", {}, LISTED("P")),
			versionsAre("P", "1*"),
		],
	},
	{
		title: "white space does not count for a policy's size",
		configuration: {},
		steps: [createPolicy("P", `${" ".repeat(5000)}${CONNECT}`), getPolicy("P", `${" ".repeat(5000)}${CONNECT}`, "1")],
	},
	{
		title: "a policy that does not exist is not found by any operation",
		configuration: {},
		steps: [
			...["GetPolicy", "DeletePolicy", "ListPolicyVersions", "ListTargetsForPolicy"].map((operation) =>
				fails(operation, { policyName: "missing" }, NOT_FOUND),
			),
			...["GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"].map((operation) =>
				fails(operation, { policyName: "missing", policyVersionId: "1" }, NOT_FOUND),
			),
			fails("AttachPolicy", { policyName: "missing", target: CERTIFICATE }, NOT_FOUND),
			fails("DetachPolicy", { policyName: "missing", target: CERTIFICATE }, invalidRequest(NOT_FOUND.message)),
			fails("CreatePolicyVersion", { policyName: "missing", policyDocument: CONNECT }, NOT_FOUND),
		],
	},
	{
		title: "names of policies and versions keep their constraints in every operation",
		configuration: {},
		steps: [
			...["GetPolicy", "DeletePolicy", "ListPolicyVersions", "ListTargetsForPolicy"].map((operation) =>
				fails(operation, { policyName: "a b" }, broken(["policyName", `${PATTERN} [\\w+=,.@-]+`])),
			),
			...["GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"].map((operation) =>
				fails(operation, { policyName: "P", policyVersionId: "v1" }, broken(["policyVersionId", `${PATTERN} [0-9]+`])),
			),
			fails("CreatePolicyVersion", { policyName: "P" }, broken(["policyDocument", "not be null"]), "policyDocument"),
			fails("ListPolicies", { pageSize: 251 }, broken(["pageSize", "have value less than or equal to 250"])),
		],
	},
	{
		title: "policies are listed newest first, oldest first on request, in pages",
		configuration: {},
		steps: [
			...["b", "a", "c"].map((name) => createPolicy(name)),
			succeeds("ListPolicies", {}, LISTED("c", "a", "b")),
			succeeds("ListPolicies", { ascendingOrder: true, pageSize: 2 }, { ...LISTED("b", "a"), nextMarker: isMarker }),
			succeeds(
				"ListPolicies",
				(outputs) => ({ ascendingOrder: true, pageSize: 2, marker: outputs[4]?.["nextMarker"] }),
				LISTED("c"),
			),
			fails("ListPolicies", { marker: "AAAA" }, invalidRequest("Invalid/Malformed marker passed for listPolicies")),
		],
	},
	{
		title: "a new version comes into force where it is set as default",
		configuration: {},
		steps: [
			createPolicy("P"),
			createVersion("P", PUBLISH, "2"),
			getPolicy("P", CONNECT, "1"),
			versionsAre("P", "2", "1*"),
			createVersion("P", PUBLISH, "3", true),
			getPolicy("P", PUBLISH, "3"),
			versionsAre("P", "3*", "2", "1"),
			succeeds("SetDefaultPolicyVersion", { policyName: "P", policyVersionId: "1" }),
			getPolicy("P", CONNECT, "1"),
			succeeds(
				"GetPolicyVersion",
				{ policyName: "P", policyVersionId: "2" },
				{
					...policy("P"),
					policyDocument: PUBLISH,
					policyVersionId: "2",
					isDefaultVersion: false,
					creationDate: recent,
					lastModifiedDate: recent,
					generationId: GENERATION,
				},
			),
		],
	},
	{
		title: "a policy has five versions at most, and no number is given twice",
		configuration: {},
		steps: [
			createPolicy("P"),
			...["2", "3", "4", "5"].map((id) => createVersion("P", PUBLISH, id)),
			fails(
				"CreatePolicyVersion",
				{ policyName: "P", policyDocument: PUBLISH },
				{
					type: "VersionsLimitExceededException",
					message: "The policy P already has the maximum number of versions (5)",
				},
			),
			succeeds("DeletePolicyVersion", { policyName: "P", policyVersionId: "5" }),
			createVersion("P", PUBLISH, "6"),
			versionsAre("P", "6", "4", "3", "2", "1*"),
		],
	},
	{
		title: "a version that does not exist is not found, and the default one not deleted",
		configuration: {},
		steps: [
			createPolicy("P"),
			...["GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"].map((operation) =>
				fails(operation, { policyName: "P", policyVersionId: "9" }, NO_VERSION),
			),
			fails(
				"DeletePolicyVersion",
				{ policyName: "P", policyVersionId: "1" },
				deleteConflict("Cannot delete the default version of a policy"),
			),
		],
	},
	{
		title: "a policy is deleted once it is attached to nothing and has one version",
		configuration: {},
		steps: [
			createPolicy("P"),
			createVersion("P", PUBLISH, "2"),
			fails(
				"DeletePolicy",
				{ policyName: "P" },
				deleteConflict("Cannot delete the policy because it has one or more policy versions attached to it (name=P)"),
			),
			succeeds("DeletePolicyVersion", { policyName: "P", policyVersionId: "2" }),
			attachPolicy("P", CERTIFICATE),
			fails(
				"DeletePolicy",
				{ policyName: "P" },
				deleteConflict("The policy cannot be deleted as the policy is attached to one or more principals (name=P)"),
			),
			succeeds("DetachPolicy", { policyName: "P", target: CERTIFICATE }),
			succeeds("DeletePolicy", { policyName: "P" }),
			fails("GetPolicy", { policyName: "P" }, notFound("Policy cannot be found (name=P)")),
			succeeds("ListPolicies", {}, LISTED()),
		],
	},
];
