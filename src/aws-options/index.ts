/**
 * The AWS CLI's option syntax for the two test operations of AWS IoT, pure: text in, an operation's input out.
 * @module
 */
export { type BinaryFormat, type InputOptions, type OperationInput, readInput } from "./input.js";
export { TEST_AUTHORIZATION, TEST_INVOKE_AUTHORIZER } from "./operations.js";
export { ParameterError, type ParameterErrorCode } from "./parameter-error.js";
export { type Operation, optionName, type Shape, type StructureShape } from "./shape.js";
export { inputSkeleton, outputSkeleton, yamlInputSkeleton } from "./skeleton.js";
