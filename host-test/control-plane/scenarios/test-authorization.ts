/**
 * TestAuthorization.
 * @module
 */
import type { Expected, Scenario, Step } from "../scenario.js";
import { ADMISSION, arn, tokenFor } from "../site.js";
import { ADMITTED, tokenInput } from "./invocations.js";
import { attachPolicy, CERTIFICATE, CONNECT, createPolicy, document, IDENTITY, policy } from "./policies.js";
import { atLeast, atMost, broken, fails, invalidRequest, notFound, PATTERN, succeeds } from "./steps.js";

const DEVICE = arn("iot", "client/dev1");
/** The client whose id the request has. */
const OWN_CLIENT = `client/$${"{iot:ClientId}"}`;
const READINGS = arn("iot", "topic/readings");

interface Deciding {
	readonly allowed?: readonly string[];
	readonly implicit?: readonly string[];
	readonly explicit?: readonly string[];
	readonly missing?: readonly string[];
}

type Decision = "ALLOWED" | "EXPLICIT_DENY" | "IMPLICIT_DENY";
type ActionType = "CONNECT" | "PUBLISH" | "RECEIVE" | "SUBSCRIBE";

/** What is asked about one action, and the result that names these policies. */
function result(
	actionType: ActionType,
	resources: readonly string[],
	authDecision: Decision,
	{ allowed = [], implicit = [], explicit = [], missing = [] }: Deciding,
	named: (name: string) => object = policy,
) {
	return {
		authInfo: { actionType, resources },
		allowed: { policies: allowed.map(named) },
		denied: {
			implicitDeny: { policies: implicit.map(named) },
			explicitDeny: { policies: explicit.map(named) },
		},
		authDecision,
		missingContextValues: missing,
	};
}

/** Asks about all these results together. */
function decides(input: object, ...authResults: readonly ReturnType<typeof result>[]): Step {
	const authInfos = authResults.map(({ authInfo }) => authInfo);
	return succeeds("TestAuthorization", { authInfos, ...input }, { authResults } as Expected);
}

function refuses(input: object, error: Parameters<typeof fails>[2], unsent?: string): Step {
	const authInfos = [{ actionType: "CONNECT", resources: [DEVICE] }];
	return fails("TestAuthorization", { principal: CERTIFICATE, authInfos, ...input }, error, unsent);
}

/** Policies, all of them attached to {@link CERTIFICATE}. */
function attached(policies: Readonly<Record<string, string>>): readonly Step[] {
	return Object.entries(policies).flatMap(([name, text]) => [
		createPolicy(name, text),
		attachPolicy(name, CERTIFICATE),
	]);
}

const CUSTOM = "latchkey:custom-authorizer";
const customPolicy = (name: string) => ({
	policyName: name,
	policyArn: `${CUSTOM}/Signed/Principal1/${name}`,
});

export const testAuthorizationScenarios: readonly Scenario[] = [
	{
		title: "what an attached policy allows is allowed, anything else implicitly denied",
		configuration: {},
		steps: [
			...attached({ P: CONNECT, Q: document("Allow", "iot:Publish", "topic/readings") }),
			decides(
				{ principal: CERTIFICATE },
				result("CONNECT", [DEVICE], "ALLOWED", { allowed: ["P"], implicit: ["Q"] }),
				result("PUBLISH", [READINGS], "ALLOWED", { allowed: ["Q"], implicit: ["P"] }),
				result("RECEIVE", [READINGS], "IMPLICIT_DENY", { implicit: ["P", "Q"] }),
				result("SUBSCRIBE", [arn("iot", "topicfilter/readings")], "IMPLICIT_DENY", { implicit: ["P", "Q"] }),
			),
		],
	},
	{
		title: "an explicit denial beats what is allowed",
		configuration: {},
		steps: [
			...attached({ P: document("Allow", "iot:*", "*"), Q: document("Deny", "iot:Publish", "topic/readings") }),
			decides(
				{ principal: CERTIFICATE },
				result("PUBLISH", [READINGS], "EXPLICIT_DENY", { explicit: ["Q"] }),
				result("PUBLISH", [arn("iot", "topic/other")], "ALLOWED", { allowed: ["P"], implicit: ["Q"] }),
			),
		],
	},
	{
		title: "of several resources every one must be allowed",
		configuration: {},
		steps: [
			...attached({
				P: document("Allow", "iot:Publish", "topic/a", "topic/b"),
				Q: document("Deny", "iot:Publish", "topic/z"),
			}),
			decides(
				{ principal: CERTIFICATE },
				result("PUBLISH", [arn("iot", "topic/a"), arn("iot", "topic/b")], "ALLOWED", {
					allowed: ["P"],
					implicit: ["Q"],
				}),
			),
			succeeds(
				"TestAuthorization",
				{
					principal: CERTIFICATE,
					authInfos: [
						{ actionType: "PUBLISH", resources: [arn("iot", "topic/a"), arn("iot", "topic/c")] },
						{ actionType: "PUBLISH", resources: [arn("iot", "topic/a"), arn("iot", "topic/z")] },
					],
				},
				(output: unknown) =>
					(output as { readonly authResults: readonly { readonly authDecision: Decision }[] }).authResults
						.map(({ authDecision }) => authDecision)
						.join() === "IMPLICIT_DENY,EXPLICIT_DENY",
			),
		],
	},
	{
		title: "actionType names the action and not its letters' case in the policy",
		configuration: {},
		steps: [
			...attached({ P: document("Allow", "IOT:subscribe", "topicfilter/a/+/b") }),
			decides(
				{ principal: CERTIFICATE },
				result("SUBSCRIBE", [arn("iot", "topicfilter/a/+/b")], "ALLOWED", { allowed: ["P"] }),
				result("SUBSCRIBE", [arn("iot", "topicfilter/a/c/b")], "IMPLICIT_DENY", { implicit: ["P"] }),
			),
		],
	},
	{
		title: "policies in force count, and no others",
		configuration: {},
		steps: [
			...attached({ P: CONNECT }),
			succeeds(
				"CreatePolicyVersion",
				{ policyName: "P", policyDocument: document("Deny", "iot:Connect", "*"), setAsDefault: true },
				{
					policyArn: policy("P").policyArn,
					policyDocument: document("Deny", "iot:Connect", "*"),
					policyVersionId: "2",
					isDefaultVersion: true,
				},
			),
			decides({ principal: CERTIFICATE }, result("CONNECT", [DEVICE], "EXPLICIT_DENY", { explicit: ["P"] })),
			succeeds("DetachPolicy", { policyName: "P", target: CERTIFICATE }),
			decides({ principal: CERTIFICATE }, result("CONNECT", [DEVICE], "IMPLICIT_DENY", {})),
		],
	},
	{
		title: "the policies of an identity pool count besides those of the principal",
		configuration: {},
		steps: [
			...attached({ P: CONNECT }),
			createPolicy("Q", document("Allow", "iot:Publish", "topic/readings")),
			attachPolicy("Q", IDENTITY),
			decides(
				{ principal: CERTIFICATE, cognitoIdentityPoolId: IDENTITY },
				result("PUBLISH", [READINGS], "ALLOWED", { allowed: ["Q"], implicit: ["P"] }),
			),
			decides({ cognitoIdentityPoolId: IDENTITY }, result("CONNECT", [DEVICE], "IMPLICIT_DENY", { implicit: ["Q"] })),
		],
	},
	{
		title: "policyNamesToAdd count as attached, policyNamesToSkip as not attached",
		configuration: {},
		steps: [
			...attached({ P: CONNECT }),
			createPolicy("Q", document("Deny", "iot:Connect", "*")),
			decides(
				{ principal: CERTIFICATE, policyNamesToAdd: ["Q"] },
				result("CONNECT", [DEVICE], "EXPLICIT_DENY", { explicit: ["Q"] }),
			),
			decides(
				{ principal: CERTIFICATE, policyNamesToAdd: ["P"] },
				result("CONNECT", [DEVICE], "ALLOWED", { allowed: ["P"] }),
			),
			decides({ principal: CERTIFICATE, policyNamesToSkip: ["P"] }, result("CONNECT", [DEVICE], "IMPLICIT_DENY", {})),
			decides(
				{ principal: CERTIFICATE, policyNamesToAdd: ["Q"], policyNamesToSkip: ["Q", "R"] },
				result("CONNECT", [DEVICE], "ALLOWED", { allowed: ["P"] }),
			),
			decides({ policyNamesToAdd: ["P"] }, result("CONNECT", [DEVICE], "ALLOWED", { allowed: ["P"] })),
		],
	},
	{
		title: "iot:ClientId is the clientId of the request, and missing without it",
		configuration: {},
		steps: [
			...attached({ P: document("Allow", "iot:Connect", OWN_CLIENT) }),
			decides({ principal: CERTIFICATE, clientId: "dev1" }, result("CONNECT", [DEVICE], "ALLOWED", { allowed: ["P"] })),
			decides(
				{ principal: CERTIFICATE, clientId: "dev 1/é" },
				result("CONNECT", [arn("iot", "client/dev 1/é")], "ALLOWED", { allowed: ["P"] }),
			),
			decides(
				{ principal: CERTIFICATE, clientId: "dev2" },
				result("CONNECT", [DEVICE], "IMPLICIT_DENY", { implicit: ["P"] }),
			),
			decides(
				{ principal: CERTIFICATE },
				result("CONNECT", [DEVICE], "IMPLICIT_DENY", { implicit: ["P"], missing: ["iot:ClientId"] }),
			),
		],
	},
	{
		title: "ten authInfos are answered in their order",
		configuration: {},
		steps: [
			...attached({ P: document("Allow", "iot:Publish", "topic/even/*") }),
			decides(
				{ principal: CERTIFICATE },
				...Array.from({ length: 10 }, (_, index) =>
					index % 2 === 0
						? result("PUBLISH", [arn("iot", `topic/even/${index}`)], "ALLOWED", { allowed: ["P"] })
						: result("PUBLISH", [arn("iot", `topic/odd/${index}`)], "IMPLICIT_DENY", { implicit: ["P"] }),
				),
			),
		],
	},
	{
		title: "one to ten authInfos are asked about, with actions and resources",
		configuration: {},
		steps: [
			refuses(
				{ authInfos: [] },
				broken(["authInfos", atLeast(1)]),
				"Invalid length for parameter authInfos, value: 0, valid min length: 1",
			),
			refuses(
				{ authInfos: Array.from({ length: 11 }, () => ({ actionType: "CONNECT", resources: [DEVICE] })) },
				broken(["authInfos", atMost(10)]),
			),
			refuses({ authInfos: undefined }, broken(["authInfos", "not be null"]), "authInfos"),
			refuses(
				{ authInfos: [{ actionType: "CONNECT" }] },
				broken(["authInfos.1.member.resources", "not be null"]),
				'Missing required parameter in authInfos[0]: "resources"',
			),
			refuses(
				{ authInfos: [{ actionType: "FETCH", resources: [DEVICE] }] },
				broken(["authInfos.1.member.actionType", "satisfy enum value set: [PUBLISH, SUBSCRIBE, RECEIVE, CONNECT]"]),
			),
			refuses(
				{ policyNamesToAdd: ["a b"] },
				broken([
					"policyNamesToAdd",
					`satisfy constraint: [Member must ${atMost(128)}, Member must ${atLeast(1)}, Member must ${PATTERN} [\\w+=,.@-]+]`,
				]),
			),
		],
	},
	{
		title: "a policy to add must exist, a policy to skip need not",
		configuration: {},
		steps: [
			refuses({ policyNamesToAdd: ["missing"] }, notFound("Policy cannot be found (name=missing)")),
			decides(
				{ principal: CERTIFICATE, policyNamesToSkip: ["missing"] },
				result("CONNECT", [DEVICE], "IMPLICIT_DENY", {}),
			),
		],
	},
	{
		title: "who is asked about must be named, and must be somebody who can have policies",
		configuration: {},
		steps: [
			refuses({ principal: undefined }, invalidRequest("Either principal or cognitoIdentityPoolId must be given")),
			refuses({ principal: "somebody" }, invalidRequest(/^Invalid target: expected arn:aws:iot:/)),
			refuses({ principal: arn("iot", "thing/dev1") }, invalidRequest(/^Invalid target: expected arn:aws:iot:/)),
		],
	},
	{
		title: "a principal that a custom authorizer let in has the policies that it returned",
		steps: [
			refuses(
				{ principal: `${CUSTOM}/Signed/Principal1` },
				notFound(
					"Principal Principal1 of authorizer Signed was not seen since Latchkey started: let it connect or call TestInvokeAuthorizer first",
				),
			),
			succeeds(
				"TestInvokeAuthorizer",
				tokenInput(
					"Signed",
					tokenFor({
						...ADMISSION,
						policyDocuments: [document("Allow", "iot:Connect", OWN_CLIENT), document("Deny", "iot:Publish", "*")],
					}),
				),
				{
					...ADMITTED,
					policyDocuments: [document("Allow", "iot:Connect", OWN_CLIENT), document("Deny", "iot:Publish", "*")],
				},
			),
			decides(
				{ principal: `${CUSTOM}/Signed/Principal1`, clientId: "dev1" },
				result("CONNECT", [DEVICE], "ALLOWED", { allowed: ["policy-1"], implicit: ["policy-2"] }, customPolicy),
				result(
					"PUBLISH",
					[READINGS],
					"EXPLICIT_DENY",
					{ explicit: ["policy-2"], implicit: ["policy-1"] },
					customPolicy,
				),
			),
			succeeds(
				"GetEffectivePolicies",
				{ principal: `${CUSTOM}/Signed/Principal1` },
				{
					effectivePolicies: [
						{ ...customPolicy("policy-1"), policyDocument: document("Allow", "iot:Connect", OWN_CLIENT) },
						{ ...customPolicy("policy-2"), policyDocument: document("Deny", "iot:Publish", "*") },
					],
				},
			),
		],
	},
	{
		title: "a principal that a custom authorizer refused is not known",
		steps: [
			succeeds("TestInvokeAuthorizer", tokenInput("Signed", tokenFor({ ...ADMISSION, isAuthenticated: false })), {
				...ADMITTED,
				isAuthenticated: false,
			}),
			refuses(
				{ principal: `${CUSTOM}/Signed/Principal1` },
				notFound(
					"Principal Principal1 of authorizer Signed was not seen since Latchkey started: let it connect or call TestInvokeAuthorizer first",
				),
			),
			refuses(
				{ principal: `${CUSTOM}/Signed` },
				invalidRequest(`Principal must be ${CUSTOM}/<authorizer name>/<principal id>`),
			),
		],
	},
];
