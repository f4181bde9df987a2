/**
 * Every operation that Latchkey has: the one table of its API.
 * @module
 */
import { authorizerOperations } from "./iot/authorizer-operations.js";
import type { IotContext } from "./iot/context.js";
import { domainConfigurationOperations } from "./iot/domain-configuration-operations.js";
import { policyOperations } from "./iot/policy-operations.js";
import { tagOperations } from "./iot/tag-operations.js";
import { testOperations } from "./iot/test-operations.js";
import { type IotDataContext, iotDataOperations } from "./iot-data/operations.js";
import type { LambdaContext } from "./lambda-context.js";
import { lambdaOperations } from "./lambda-operations.js";
import type { Operation } from "./operation.js";

/** What all operations together work on. */
export type ControlPlaneContext = IotContext & IotDataContext & LambdaContext;

/** By service, in the order of docs/api.md. */
export const allOperations: readonly Operation<ControlPlaneContext>[] = [
	...authorizerOperations,
	...testOperations,
	...policyOperations,
	...domainConfigurationOperations,
	...tagOperations,
	...iotDataOperations,
	...lambdaOperations,
];
