/**
 * All Lambda operations.
 * @module
 */
import type { LambdaContext } from "./lambda-context.js";
import { lambdaFunctionOperations } from "./lambda-function-operations.js";
import { invoke } from "./lambda-invoke-operation.js";
import { lambdaPermissionOperations } from "./lambda-permission-operations.js";
import type { Operation } from "./operation.js";

export const lambdaOperations: readonly Operation<LambdaContext>[] = [
	...lambdaFunctionOperations,
	invoke,
	...lambdaPermissionOperations,
];
