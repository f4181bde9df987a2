/**
 * The control plane: AWS's APIs over an account, for the AWS CLI, AWS's SDKs and curl.
 * @module
 */
export { ApiError } from "./errors.js";
export type { ControlPlaneLogEntry } from "./front.js";
export { FunctionCode } from "./function-code.js";
export { allOperations } from "./operations.js";
export {
	type ControlPlane,
	type ControlPlaneOptions,
	startControlPlane,
} from "./server.js";
