/**
 * CreateAuthorizer, UpdateAuthorizer, DescribeAuthorizer, DeleteAuthorizer.
 * @module
 */
import { recent, type Scenario, type Step } from "../scenario.js";
import { arn, OTHER_PUBLIC_KEY, PUBLIC_KEY, SCRIPTED_ARN } from "../site.js";
import { ELLIPTIC_KEY, INDENTED_KEY, ONE_LINE_KEY, PRIVATE_KEY, SHORT_KEY, UNENDED_KEY } from "./keys.js";
import {
	alreadyExists,
	atLeast,
	atMost,
	broken,
	deleteConflict,
	fails,
	invalidRequest,
	limitExceeded,
	notFound,
	PATTERN,
	succeeds,
} from "./steps.js";

const NAME_PATTERN = `${PATTERN} [\\w=,@-]+`;
const KEYS = "tokenSigningPublicKeys";
const CREATION = { authorizerName: "a", authorizerFunctionArn: SCRIPTED_ARN };
const SIGNED = { ...CREATION, tokenKeyName: "token", tokenSigningPublicKeys: { k1: PUBLIC_KEY } };

export function nameAndArn(name: string) {
	return { authorizerName: name, authorizerArn: arn("iot", `authorizer/${name}`) };
}

/** What an authorizer of {@link SIGNED} is described as, but for what is given. */
function described(name: string, more: object = {}) {
	return {
		authorizerDescription: {
			...nameAndArn(name),
			authorizerFunctionArn: SCRIPTED_ARN,
			tokenKeyName: "token",
			tokenSigningPublicKeys: { k1: PUBLIC_KEY },
			status: "INACTIVE",
			creationDate: recent,
			lastModifiedDate: recent,
			signingDisabled: false,
			enableCachingForHttp: false,
			...more,
		},
	};
}

export function createAuthorizer(name: string, more: object = {}): Step {
	return succeeds("CreateAuthorizer", { ...SIGNED, ...more, authorizerName: name }, nameAndArn(name));
}

function describe(name: string, more: object = {}): Step {
	return succeeds("DescribeAuthorizer", { authorizerName: name }, described(name, more));
}

function refusesKeys(tokenSigningPublicKeys: Readonly<Record<string, string>>, message: string): Step {
	return fails("CreateAuthorizer", { ...SIGNED, tokenSigningPublicKeys }, invalidRequest(message));
}

const NOT_RSA = "Authorizer a public key for key name k1 not a valid RSA key";
const NOT_CONVERTIBLE = "Cannot convert public key PEM for authorizer a to RSA key";
export const LISTED = (...names: readonly string[]) => ({ authorizers: names.map(nameAndArn) });
export const list = (input: object, output: object) => succeeds("ListAuthorizers", { ...input }, output);

/** The dates of what steps described; undefined where a step is none of those. */
function dateOf(output: Readonly<Record<string, unknown>> | undefined, member: string): unknown {
	return (output?.["authorizerDescription"] as Readonly<Record<string, unknown>> | undefined)?.[member];
}

export const authorizerScenarios: readonly Scenario[] = [
	{
		title: "an authorizer is created INACTIVE with signing, and described with all its members",
		configuration: {},
		steps: [createAuthorizer("a"), describe("a")],
	},
	{
		title: "an authorizer with signing disabled has neither token key name nor keys",
		configuration: {},
		steps: [
			succeeds("CreateAuthorizer", { ...CREATION, signingDisabled: true, status: "ACTIVE" }, nameAndArn("a")),
			succeeds(
				"DescribeAuthorizer",
				{ authorizerName: "a" },
				{
					authorizerDescription: {
						...nameAndArn("a"),
						authorizerFunctionArn: SCRIPTED_ARN,
						status: "ACTIVE",
						creationDate: recent,
						lastModifiedDate: recent,
						signingDisabled: true,
						enableCachingForHttp: false,
					},
				},
			),
		],
	},
	{
		title: "an authorizer keeps every member of its creation, its key verbatim, and does not show its tags",
		configuration: {},
		steps: [
			createAuthorizer("A=b,c@d-e_1", {
				tokenSigningPublicKeys: { "k:1": `Made today\n${PUBLIC_KEY}`, k2: OTHER_PUBLIC_KEY },
				status: "ACTIVE",
				enableCachingForHttp: true,
				tags: [{ Key: "team", Value: "sensors" }],
			}),
			describe("A=b,c@d-e_1", {
				tokenSigningPublicKeys: { "k:1": `Made today\n${PUBLIC_KEY}`, k2: OTHER_PUBLIC_KEY },
				status: "ACTIVE",
				enableCachingForHttp: true,
			}),
			succeeds(
				"ListTagsForResource",
				{ resourceArn: nameAndArn("A=b,c@d-e_1").authorizerArn },
				{ tags: [{ Key: "team", Value: "sensors" }] },
			),
		],
	},
	{
		title: "a signed authorizer needs a token key name and one or two keys",
		configuration: {},
		steps: [
			fails(
				"CreateAuthorizer",
				{ ...CREATION, tokenSigningPublicKeys: { k1: PUBLIC_KEY } },
				invalidRequest("Token key name for authorizer a cannot be null"),
			),
			fails(
				"CreateAuthorizer",
				{ ...CREATION, tokenKeyName: "token" },
				invalidRequest(
					"Token signing keys map for authorizer a cannot be null or empty. There must be at least one and at most two token signing public keys in the map",
				),
			),
			refusesKeys(
				{ k1: PUBLIC_KEY, k2: OTHER_PUBLIC_KEY, k3: PUBLIC_KEY },
				"Token signing keys map for authorizer a cannot contain more than 2 keys",
			),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, signingDisabled: true },
				invalidRequest("Token signing keys map must be null for authorizer a if using optional signature header"),
			),
		],
	},
	{
		title: "a key must be an RSA public key of 2048 bits in PEM",
		configuration: {},
		steps: [
			refusesKeys({ k1: "no key" }, NOT_RSA),
			refusesKeys({ k1: ELLIPTIC_KEY }, NOT_RSA),
			refusesKeys({ k1: ONE_LINE_KEY }, NOT_RSA),
			refusesKeys({ k1: INDENTED_KEY }, NOT_RSA),
			refusesKeys(
				{ k1: SHORT_KEY },
				"Authorizer a public key for key name k1 invalid: Key must be 2048 bits but was 1024 bits",
			),
			refusesKeys({ k1: PRIVATE_KEY }, NOT_CONVERTIBLE),
			refusesKeys({ k1: UNENDED_KEY }, NOT_CONVERTIBLE),
			list({}, LISTED()),
		],
	},
	{
		title: "an authorizer's function is an ARN, and need not exist",
		configuration: {},
		steps: [
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, authorizerFunctionArn: "Scripted" },
				invalidRequest("Lambda function arn for authorizer a is not in proper ARN syntax"),
			),
			fails(
				"UpdateAuthorizer",
				{ authorizerName: "missing", authorizerFunctionArn: "Scripted" },
				notFound("Authorizer missing not found"),
			),
			createAuthorizer("a", { authorizerFunctionArn: arn("lambda", "function:NotThereYet") }),
			describe("a", { authorizerFunctionArn: arn("lambda", "function:NotThereYet") }),
		],
	},
	{
		title: "members of an authorizer keep their constraints, and all that are broken are told",
		configuration: {},
		steps: [
			fails("CreateAuthorizer", { ...SIGNED, authorizerName: "a.b" }, broken(["authorizerName", NAME_PATTERN])),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, authorizerName: "a".repeat(129) },
				broken(["authorizerName", atMost(128)]),
			),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, authorizerName: `${"a".repeat(128)}.` },
				broken(["authorizerName", NAME_PATTERN], ["authorizerName", atMost(128)]),
			),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, tokenKeyName: "token key" },
				broken(["tokenKeyName", `${PATTERN} [a-zA-Z0-9_-]+`]),
			),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, tokenKeyName: "" },
				broken(["tokenKeyName", `${PATTERN} [a-zA-Z0-9_-]+`], ["tokenKeyName", atLeast(1)]),
				"Invalid length for parameter tokenKeyName, value: 0, valid min length: 1",
			),
			fails("CreateAuthorizer", { ...SIGNED, tokenKeyName: "t".repeat(129) }, broken(["tokenKeyName", atMost(128)])),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, authorizerFunctionArn: `${SCRIPTED_ARN}${"x".repeat(2048)}` },
				broken(["authorizerFunctionArn", atMost(2048)]),
			),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, status: "active" },
				broken(["status", "satisfy enum value set: [ACTIVE, INACTIVE]"]),
			),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, tokenSigningPublicKeys: { "k 1": PUBLIC_KEY } },
				broken([
					KEYS,
					`Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must ${PATTERN} [a-zA-Z0-9:_-]+]`,
				]),
			),
			fails(
				"CreateAuthorizer",
				{ authorizerName: "a", tokenKeyName: "token" },
				broken(["authorizerFunctionArn", "not be null"]),
				"authorizerFunctionArn",
			),
			fails("DescribeAuthorizer", { authorizerName: "a.b" }, broken(["authorizerName", NAME_PATTERN])),
			fails("DeleteAuthorizer", { authorizerName: "a.b" }, broken(["authorizerName", NAME_PATTERN])),
			fails("UpdateAuthorizer", { authorizerName: "a.b" }, broken(["authorizerName", NAME_PATTERN])),
		],
	},
	{
		title: "a name is taken once",
		configuration: {},
		steps: [
			createAuthorizer("dup"),
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, authorizerName: "dup", tokenKeyName: "other" },
				alreadyExists("Authorizer dup already exist for this account"),
			),
			describe("dup"),
		],
	},
	{
		title: "an authorizer is created with 50 tags at most",
		configuration: {},
		steps: [
			fails(
				"CreateAuthorizer",
				{ ...SIGNED, tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "" })) },
				limitExceeded("A resource can have at most 50 tags"),
			),
			list({}, LISTED()),
		],
	},
	{
		title: "an authorizer that does not exist is not found by any operation",
		configuration: {},
		steps: ["DescribeAuthorizer", "UpdateAuthorizer", "DeleteAuthorizer", "SetDefaultAuthorizer"].map((operation) =>
			fails(operation, { authorizerName: "missing" }, notFound("Authorizer missing not found")),
		),
	},
	{
		title: "an update changes what it sends",
		configuration: {},
		steps: [
			createAuthorizer("a"),
			succeeds("UpdateAuthorizer", { authorizerName: "a", status: "ACTIVE" }, nameAndArn("a")),
			describe("a", { status: "ACTIVE" }),
			succeeds(
				"UpdateAuthorizer",
				{
					authorizerName: "a",
					authorizerFunctionArn: arn("lambda", "function:Other"),
					tokenKeyName: "other",
					enableCachingForHttp: true,
				},
				nameAndArn("a"),
			),
			describe("a", {
				status: "ACTIVE",
				authorizerFunctionArn: arn("lambda", "function:Other"),
				tokenKeyName: "other",
				enableCachingForHttp: true,
			}),
		],
	},
	{
		title: "an update is checked like a creation",
		configuration: {},
		steps: [
			createAuthorizer("a"),
			fails(
				"UpdateAuthorizer",
				{ authorizerName: "a", authorizerFunctionArn: "Scripted" },
				invalidRequest("Lambda function arn for authorizer a is not in proper ARN syntax"),
			),
			fails(
				"UpdateAuthorizer",
				{ authorizerName: "a", tokenSigningPublicKeys: { k1: ELLIPTIC_KEY } },
				invalidRequest(NOT_RSA),
			),
			succeeds("CreateAuthorizer", { ...CREATION, authorizerName: "u", signingDisabled: true }, nameAndArn("u")),
			fails(
				"UpdateAuthorizer",
				{ authorizerName: "u", tokenSigningPublicKeys: { k1: PUBLIC_KEY } },
				invalidRequest("Token signing keys map must be null for authorizer u if using optional signature header"),
			),
			describe("a"),
		],
	},
	{
		title: "signing keys are rotated by their names: one is added, one replaced, a third refused",
		configuration: {},
		steps: [
			createAuthorizer("merge"),
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "merge", tokenSigningPublicKeys: { k2: OTHER_PUBLIC_KEY } },
				nameAndArn("merge"),
			),
			describe("merge", { tokenSigningPublicKeys: { k1: PUBLIC_KEY, k2: OTHER_PUBLIC_KEY } }),
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "merge", tokenSigningPublicKeys: { k1: OTHER_PUBLIC_KEY } },
				nameAndArn("merge"),
			),
			describe("merge", { tokenSigningPublicKeys: { k1: OTHER_PUBLIC_KEY, k2: OTHER_PUBLIC_KEY } }),
			fails(
				"UpdateAuthorizer",
				{ authorizerName: "merge", tokenSigningPublicKeys: { k3: PUBLIC_KEY } },
				invalidRequest("Number of signing keys for authorizer merge must neither be zero nor greater than 2"),
			),
			describe("merge", { tokenSigningPublicKeys: { k1: OTHER_PUBLIC_KEY, k2: OTHER_PUBLIC_KEY } }),
		],
	},
	{
		title: "an empty update changes nothing, an empty map of keys the date alone",
		configuration: {},
		steps: [
			createAuthorizer("a"),
			describe("a"),
			succeeds("UpdateAuthorizer", { authorizerName: "a" }, nameAndArn("a")),
			succeeds("DescribeAuthorizer", { authorizerName: "a" }, described("a")),
			succeeds("UpdateAuthorizer", { authorizerName: "a", tokenSigningPublicKeys: {} }, nameAndArn("a")),
			succeeds("DescribeAuthorizer", { authorizerName: "a" }, described("a")),
		],
		holds: {
			"the empty update leaves lastModifiedDate as it was": (outputs) =>
				dateOf(outputs[1], "lastModifiedDate") === dateOf(outputs[3], "lastModifiedDate"),
			"the empty map renews lastModifiedDate": (outputs) =>
				Number(dateOf(outputs[5], "lastModifiedDate")) > Number(dateOf(outputs[3], "lastModifiedDate")),
			"creationDate stays": (outputs) => dateOf(outputs[1], "creationDate") === dateOf(outputs[5], "creationDate"),
		},
	},
	{
		title: "an authorizer is deleted once it is INACTIVE, with its tags",
		configuration: {},
		steps: [
			createAuthorizer("del", { status: "ACTIVE", tags: [{ Key: "k", Value: "v" }] }),
			fails(
				"DeleteAuthorizer",
				{ authorizerName: "del" },
				invalidRequest("Cannot delete authorizer del in ACTIVE status. Update status to INACTIVE and delete."),
			),
			succeeds("UpdateAuthorizer", { authorizerName: "del", status: "INACTIVE" }, nameAndArn("del")),
			succeeds("DeleteAuthorizer", { authorizerName: "del" }),
			fails("DescribeAuthorizer", { authorizerName: "del" }, notFound("Authorizer del not found")),
			list({}, LISTED()),
			succeeds("ListTagsForResource", { resourceArn: nameAndArn("del").authorizerArn }, { tags: [] }),
		],
	},
	{
		title: "the default authorizer is not deleted",
		configuration: {},
		steps: [
			createAuthorizer("del"),
			succeeds("SetDefaultAuthorizer", { authorizerName: "del" }, nameAndArn("del")),
			fails(
				"DeleteAuthorizer",
				{ authorizerName: "del" },
				deleteConflict("Cannot delete default authorizer del. Change default and retry delete."),
			),
			succeeds("ClearDefaultAuthorizer"),
			succeeds("DeleteAuthorizer", { authorizerName: "del" }),
		],
	},
];
