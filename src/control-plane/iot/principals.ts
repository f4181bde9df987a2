/**
 * Who can be asked about: a certificate or a Cognito identity with the policies attached to it, and, beyond AWS, a
 * principal that a custom authorizer let in.
 * @module
 */
import type { Account, CustomPrincipal, PolicyRecord } from "../../account/index.js";
import type { NamedPolicy } from "../../policy/index.js";
import { ApiError } from "../errors.js";
import { CUSTOM_PRINCIPAL } from "./authorization.js";

/** Members by which AWS names who is meant. */
export interface PrincipalReference {
	readonly principal?: string | undefined;
	readonly cognitoIdentityPoolId?: string | undefined;
}

/**
 * The policies attached to a principal and to a Cognito identity pool.
 * @throws {ApiError} InvalidRequestException where nobody is named.
 * @throws {ServiceError} InvalidRequestException for what can have no policies.
 */
export function policiesOfPrincipal(
	account: Account,
	{ principal, cognitoIdentityPoolId }: PrincipalReference,
): readonly PolicyRecord[] {
	if (principal === undefined && cognitoIdentityPoolId === undefined) {
		throw new ApiError("InvalidRequestException", "Either principal or cognitoIdentityPoolId must be given");
	}
	const attached = [principal, cognitoIdentityPoolId].flatMap((target) =>
		target === undefined ? [] : account.policies.attachedTo(target),
	);
	return [...new Map(attached.map((record) => [record.policyName, record])).values()];
}

/**
 * The principal that a custom authorizer let in, where the reference is one of Latchkey's extension.
 * @throws {ApiError} InvalidRequestException, ResourceNotFoundException.
 */
export function customPrincipalOf(
	{ customPrincipals }: Account,
	{ principal }: PrincipalReference,
): CustomPrincipal | undefined {
	if (!principal?.startsWith(CUSTOM_PRINCIPAL)) return undefined;
	const [authorizerName, principalId, ...more] = principal.slice(CUSTOM_PRINCIPAL.length).split("/");
	if (!authorizerName || !principalId || more.length > 0) {
		throw new ApiError(
			"InvalidRequestException",
			`Principal must be ${CUSTOM_PRINCIPAL}<authorizer name>/<principal id>`,
		);
	}
	const found = customPrincipals.find(authorizerName, principalId);
	if (found !== undefined) return found;
	const how = "let it connect or call TestInvokeAuthorizer first";
	throw new ApiError(
		"ResourceNotFoundException",
		`Principal ${principalId} of authorizer ${authorizerName} was not seen since Latchkey started: ${how}`,
	);
}

export interface ReturnedPolicy {
	readonly policy: NamedPolicy;
	/** AWS's pattern takes no blanks. */
	readonly policyName: string;
	readonly policyArn: string;
	/** As the function gave it. */
	readonly policyDocument: string;
}

/** The policies that a custom authorizer returned for a principal, with names and ARNs made up for them. */
export function returnedPolicies({ policies, policyDocuments, ...of }: CustomPrincipal): readonly ReturnedPolicy[] {
	return policies.map((policy, index) => {
		const policyName = policy.name.replaceAll(" ", "-");
		const policyArn = `${CUSTOM_PRINCIPAL}${of.authorizerName}/${of.principalId}/${policyName}`;
		return { policy, policyName, policyArn, policyDocument: policyDocuments[index] ?? "" };
	});
}
