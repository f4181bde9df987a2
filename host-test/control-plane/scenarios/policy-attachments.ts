/**
 * What policies are attached to, and which are in effect.
 * @module
 */
import type { Scenario } from "../scenario.js";
import { arn } from "../site.js";
import {
	attachPolicy,
	CERTIFICATE,
	createPolicy,
	createVersion,
	IDENTITY,
	isMarker,
	LISTED,
	PUBLISH,
	policy,
} from "./policies.js";
import { broken, fails, invalidRequest, limitExceeded, notFound, succeeds } from "./steps.js";

const GROUP = arn("iot", "thinggroup/Sensors");
const BAD_TARGET = invalidRequest(/^Invalid target: expected arn:aws:iot:eu-west-1:123456789012:cert\//);
const FOREIGN = `arn:aws:iot:eu-west-1:210987654321:cert/${"0123456789abcdef".repeat(4)}`;

export const policyAttachmentScenarios: readonly Scenario[] = [
	{
		title: "a policy is attached to certificates, thing groups and Cognito identities, and again without effect",
		configuration: {},
		steps: [
			createPolicy("P"),
			...[CERTIFICATE, GROUP, IDENTITY, CERTIFICATE].map((target) => attachPolicy("P", target)),
			succeeds("ListTargetsForPolicy", { policyName: "P" }, { targets: [CERTIFICATE, GROUP, IDENTITY] }),
			...[CERTIFICATE, GROUP, IDENTITY].map((target) => succeeds("ListAttachedPolicies", { target }, LISTED("P"))),
			succeeds("ListAttachedPolicies", { target: GROUP, recursive: true }, LISTED("P")),
			succeeds("DetachPolicy", { policyName: "P", target: GROUP }),
			succeeds("DetachPolicy", { policyName: "P", target: GROUP }),
			succeeds("ListAttachedPolicies", { target: GROUP }, LISTED()),
			succeeds("ListTargetsForPolicy", { policyName: "P" }, { targets: [CERTIFICATE, IDENTITY] }),
		],
	},
	{
		title: "what can have no policies is no target",
		configuration: {},
		steps: [
			createPolicy("P"),
			...["AttachPolicy", "DetachPolicy"].flatMap((operation) =>
				["somebody", arn("iot", "thing/dev1"), FOREIGN].map((target) =>
					fails(operation, { policyName: "P", target }, BAD_TARGET),
				),
			),
			fails("ListAttachedPolicies", { target: "somebody" }, BAD_TARGET),
			fails("AttachPolicy", { policyName: "P" }, broken(["target", "not be null"]), "target"),
		],
	},
	{
		title: "a target has ten policies at most",
		configuration: {},
		steps: [
			...Array.from({ length: 11 }, (_, index) => createPolicy(`P${index}`)),
			...Array.from({ length: 10 }, (_, index) => attachPolicy(`P${index}`, CERTIFICATE)),
			fails(
				"AttachPolicy",
				{ policyName: "P10", target: CERTIFICATE },
				limitExceeded("A target can have at most 10 policies attached"),
			),
		],
	},
	{
		title: "attached policies and targets are listed in pages",
		configuration: {},
		steps: [
			...["a", "b", "c"].map((name) => createPolicy(name)),
			...["a", "b", "c"].map((name) => attachPolicy(name, CERTIFICATE)),
			attachPolicy("a", GROUP),
			attachPolicy("a", IDENTITY),
			succeeds(
				"ListAttachedPolicies",
				{ target: CERTIFICATE, pageSize: 2 },
				{ ...LISTED("a", "b"), nextMarker: isMarker },
			),
			succeeds(
				"ListAttachedPolicies",
				(outputs) => ({ target: CERTIFICATE, pageSize: 2, marker: outputs[8]?.["nextMarker"] }),
				LISTED("c"),
			),
			succeeds(
				"ListTargetsForPolicy",
				{ policyName: "a", pageSize: 2 },
				{ targets: [CERTIFICATE, GROUP], nextMarker: isMarker },
			),
			succeeds(
				"ListTargetsForPolicy",
				(outputs) => ({ policyName: "a", pageSize: 2, marker: outputs[10]?.["nextMarker"] }),
				{ targets: [IDENTITY] },
			),
			fails(
				"ListAttachedPolicies",
				{ target: CERTIFICATE, marker: "AAAA" },
				invalidRequest("Invalid/Malformed marker passed for listAttachedPolicies"),
			),
			fails(
				"ListTargetsForPolicy",
				{ policyName: "a", marker: "AAAA" },
				invalidRequest("Invalid/Malformed marker passed for listTargetsForPolicy"),
			),
		],
	},
	{
		title: "the effective policies of a principal are those in force that are attached to it",
		configuration: {},
		steps: [
			createPolicy("P"),
			createPolicy("Q", PUBLISH),
			attachPolicy("P", CERTIFICATE),
			attachPolicy("Q", IDENTITY),
			createVersion("P", PUBLISH, "2", true),
			succeeds(
				"GetEffectivePolicies",
				{ principal: CERTIFICATE },
				{ effectivePolicies: [{ ...policy("P"), policyDocument: PUBLISH }] },
			),
			succeeds(
				"GetEffectivePolicies",
				{ principal: CERTIFICATE, cognitoIdentityPoolId: IDENTITY },
				{
					effectivePolicies: [
						{ ...policy("P"), policyDocument: PUBLISH },
						{ ...policy("Q"), policyDocument: PUBLISH },
					],
				},
			),
			fails("GetEffectivePolicies", {}, invalidRequest("Either principal or cognitoIdentityPoolId must be given")),
			fails("GetEffectivePolicies", { principal: "somebody" }, BAD_TARGET),
			fails("GetEffectivePolicies", { principal: CERTIFICATE, thingName: "dev1" }, notFound("Thing dev1 not found")),
		],
	},
];
