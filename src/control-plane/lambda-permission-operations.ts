/**
 * The Lambda operations on who may invoke a function.
 * @module
 */
import { functionReference, type LambdaContext } from "./lambda-context.js";
import { addPermissionInput, functionInput, removePermissionInput } from "./lambda-shapes.js";
import { type Operation, operation } from "./operation.js";

const PATH = "/2015-03-31/functions/{FunctionName}/policy";

const addPermission = operation({
	service: "lambda",
	name: "AddPermission",
	method: "POST",
	path: PATH,
	status: 201,
	input: addPermissionInput,
	errors: [
		"ResourceNotFoundException",
		"ResourceConflictException",
		"InvalidParameterValueException",
		"PolicyLengthExceededException",
		"ServiceException",
	],
	differences: "`iot.amazonaws.com` is the one principal that Latchkey asks a policy about; others are kept and shown.",
	run(input, { account }: LambdaContext) {
		const statement = account.functions.addPermission(functionReference(input), {
			statementId: input.StatementId,
			action: input.Action,
			principal: input.Principal,
			sourceArn: input.SourceArn,
			sourceAccount: input.SourceAccount,
		});
		return { Statement: JSON.stringify(statement) };
	},
});

const removePermission = operation({
	service: "lambda",
	name: "RemovePermission",
	method: "DELETE",
	path: `${PATH}/{StatementId}`,
	status: 204,
	input: removePermissionInput,
	errors: ["ResourceNotFoundException", "InvalidParameterValueException", "ServiceException"],
	run(input, { account }: LambdaContext) {
		account.functions.removePermission(functionReference(input), input.StatementId);
		return undefined;
	},
});

const getPolicy = operation({
	service: "lambda",
	name: "GetPolicy",
	method: "GET",
	path: PATH,
	input: functionInput,
	errors: ["ResourceNotFoundException", "InvalidParameterValueException", "ServiceException"],
	run(input, { account }: LambdaContext) {
		const { policy, revisionId } = account.functions.getPolicy(functionReference(input));
		return { Policy: policy, RevisionId: revisionId };
	},
});

export const lambdaPermissionOperations: readonly Operation<LambdaContext>[] = [
	addPermission,
	removePermission,
	getPolicy,
];
