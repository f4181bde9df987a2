/**
 * SetDefaultAuthorizer, DescribeDefaultAuthorizer, ClearDefaultAuthorizer.
 * @module
 */
import { recent, type Scenario, type Step } from "../scenario.js";
import { SCRIPTED_ARN } from "../site.js";
import { nameAndArn } from "./authorizers.js";
import { alreadyExists, broken, fails, notFound, PATTERN, succeeds } from "./steps.js";

const NO_DEFAULT = notFound("Default authorizer not found");

function create(name: string, status: "ACTIVE" | "INACTIVE"): Step {
	const creation = { authorizerName: name, authorizerFunctionArn: SCRIPTED_ARN, signingDisabled: true, status };
	return succeeds("CreateAuthorizer", creation, nameAndArn(name));
}

function describeDefault(name: string, status: "ACTIVE" | "INACTIVE"): Step {
	return succeeds(
		"DescribeDefaultAuthorizer",
		{},
		{
			authorizerDescription: {
				...nameAndArn(name),
				authorizerFunctionArn: SCRIPTED_ARN,
				status,
				creationDate: recent,
				lastModifiedDate: recent,
				signingDisabled: true,
				enableCachingForHttp: false,
			},
		},
	);
}

const setDefault = (name: string) => succeeds("SetDefaultAuthorizer", { authorizerName: name }, nameAndArn(name));

export const defaultAuthorizerScenarios: readonly Scenario[] = [
	{
		title: "an account begins without a default authorizer",
		configuration: {},
		steps: [fails("DescribeDefaultAuthorizer", {}, NO_DEFAULT), fails("ClearDefaultAuthorizer", {}, NO_DEFAULT)],
	},
	{
		title: "another default takes the place of the former, also an INACTIVE one",
		configuration: {},
		steps: [
			create("d1", "ACTIVE"),
			create("d2", "INACTIVE"),
			setDefault("d1"),
			describeDefault("d1", "ACTIVE"),
			setDefault("d2"),
			describeDefault("d2", "INACTIVE"),
		],
	},
	{
		title: "the same default again is refused",
		configuration: {},
		steps: [
			create("d1", "ACTIVE"),
			setDefault("d1"),
			fails(
				"SetDefaultAuthorizer",
				{ authorizerName: "d1" },
				alreadyExists("Duplicate default authorizer d1 already configured for this account"),
			),
		],
	},
	{
		title: "a default that is cleared is gone, and can be set again",
		configuration: {},
		steps: [
			create("d1", "ACTIVE"),
			setDefault("d1"),
			succeeds("ClearDefaultAuthorizer"),
			fails("DescribeDefaultAuthorizer", {}, NO_DEFAULT),
			setDefault("d1"),
		],
	},
	{
		title: "a default must be the name of an authorizer",
		configuration: {},
		steps: [
			fails("SetDefaultAuthorizer", { authorizerName: "a.b" }, broken(["authorizerName", `${PATTERN} [\\w=,@-]+`])),
			fails("SetDefaultAuthorizer", {}, broken(["authorizerName", "not be null"]), "authorizerName"),
			fails("SetDefaultAuthorizer", { authorizerName: "missing" }, notFound("Authorizer missing not found")),
		],
	},
];
