/**
 * Resource-based policies of functions: who may invoke them.
 * @module
 */
import { arnLike } from "../policy/index.js";

/** AWS Lambda API, "AddPermission". */
export interface Permission {
	/** 1-100 of `[A-Za-z0-9-_]`, its own in the function. */
	readonly statementId: string;
	/** For instance `lambda:InvokeFunction`. */
	readonly action: string;
	/** A service such as `iot.amazonaws.com`, an account, an ARN, or `*`. */
	readonly principal: string;
	/** ARN, wildcards allowed, of what invokes. */
	readonly sourceArn?: string | undefined;
	/** 12 digits: the account of what invokes. */
	readonly sourceAccount?: string | undefined;
}

/** A permission as AWS Lambda writes it into the function's policy. */
export interface PermissionStatement {
	readonly Sid: string;
	readonly Effect: "Allow";
	readonly Principal: "*" | { readonly Service: string } | { readonly AWS: string };
	readonly Action: string;
	/** The function's ARN. */
	readonly Resource: string;
	readonly Condition?: {
		readonly StringEquals?: { readonly "AWS:SourceAccount": string };
		readonly ArnLike?: { readonly "AWS:SourceArn": string };
	};
}

/** The service that invokes authorizers' functions. */
export const IOT_SERVICE = "iot.amazonaws.com";
/** In lower case. */
const INVOKING: ReadonlySet<string> = new Set(["lambda:invokefunction", "lambda:*", "*"]);

export function statementOf(permission: Permission, functionArn: string, partition: string): PermissionStatement {
	const { statementId, action, principal, sourceArn, sourceAccount } = permission;
	const account = sourceAccount === undefined ? {} : { StringEquals: { "AWS:SourceAccount": sourceAccount } };
	const arn = sourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": sourceArn } };
	const Condition = { ...account, ...arn };
	return {
		Sid: statementId,
		Effect: "Allow",
		Principal: principalOf(principal, partition),
		Action: action,
		Resource: functionArn,
		...(Object.keys(Condition).length === 0 ? {} : { Condition }),
	};
}

/**
 * Whether a statement lets AWS IoT invoke the function for an authorizer (AWS IoT Core Developer Guide, "Creating and
 * managing custom authorizers"). Action names are compared without regard to letter case, as IAM does.
 */
export function permitsAuthorizer(statement: PermissionStatement, authorizerArn: string, accountId: string): boolean {
	const { Principal, Action, Condition } = statement;
	if (Principal === "*" || !("Service" in Principal) || Principal.Service !== IOT_SERVICE) return false;
	if (!INVOKING.has(Action.toLowerCase())) return false;
	const account = Condition?.StringEquals?.["AWS:SourceAccount"];
	if (account !== undefined && account !== accountId) return false;
	const pattern = Condition?.ArnLike?.["AWS:SourceArn"];
	return pattern === undefined || arnLike(authorizerArn, pattern);
}

function principalOf(principal: string, partition: string): PermissionStatement["Principal"] {
	if (principal === "*") return "*";
	if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` };
	return principal.startsWith("arn:") ? { AWS: principal } : { Service: principal };
}
