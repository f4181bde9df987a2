/**
 * Every scenario of the API, by what it is about.
 * @module
 */
import type { ClientName } from "../clients/client.js";
import { plays, type Scenario } from "../scenario.js";
import { authorizerFunctionScenarios } from "./authorizer-functions.js";
import { authorizerListScenarios } from "./authorizer-lists.js";
import { authorizerScenarios } from "./authorizers.js";
import { defaultAuthorizerScenarios } from "./default-authorizer.js";
import { domainConfigurationScenarios } from "./domain-configurations.js";
import { iotDataScenarios } from "./iot-data.js";
import { lambdaScenarios } from "./lambda.js";
import { lambdaInvokeScenarios } from "./lambda-invoke.js";
import { lambdaPermissionScenarios } from "./lambda-permissions.js";
import { policyScenarios } from "./policies.js";
import { policyAttachmentScenarios } from "./policy-attachments.js";
import { tagScenarios } from "./tags.js";
import { testAuthorizationScenarios } from "./test-authorization.js";
import { testInvokeScenarios } from "./test-invoke-authorizer.js";

export const scenarios: readonly Scenario[] = [
	...authorizerScenarios,
	...authorizerListScenarios,
	...defaultAuthorizerScenarios,
	...testInvokeScenarios,
	...authorizerFunctionScenarios,
	...testAuthorizationScenarios,
	...policyScenarios,
	...policyAttachmentScenarios,
	...domainConfigurationScenarios,
	...tagScenarios,
	...lambdaScenarios,
	...lambdaInvokeScenarios,
	...lambdaPermissionScenarios,
	...iotDataScenarios,
];

/**
 * The number of scenarios in which a client calls each operation.
 * @returns by service and name, `iot:GetPolicy`: two services may have operations of one name.
 */
export function operationsTested(name: ClientName): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const { steps } of scenarios.filter((scenario) => plays({ name }, scenario))) {
		for (const operation of new Set(steps.map((step) => `${step.service}:${step.operation}`))) {
			counts.set(operation, (counts.get(operation) ?? 0) + 1);
		}
	}
	return counts;
}
