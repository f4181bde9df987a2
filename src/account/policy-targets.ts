/**
 * What an AWS IoT policy can be attached to (AWS IoT API, "AttachPolicy").
 * @module
 */
import { type AccountScope, iotResourceArn } from "./account-scope.js";
import { ServiceError } from "./service-error.js";

const CERTIFICATE = "cert/[0-9a-f]{64}";
const THING_GROUP = "thinggroup/[a-zA-Z0-9:_-]{1,128}";
/** `region:uuid`, as Amazon Cognito makes them. */
const COGNITO_IDENTITY = "[a-z0-9-]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** What a target looks like, of whatever account. */
export const POLICY_TARGET = new RegExp(
	`^(?:arn:aws[a-z-]*:iot:[a-z0-9-]+:\\d{12}:(?:${CERTIFICATE}|${THING_GROUP})|${COGNITO_IDENTITY})$`,
);

/** Whether a policy can be attached to this: a certificate or a thing group of the account, or a Cognito identity. */
export function isPolicyTarget(scope: AccountScope, target: string): boolean {
	return POLICY_TARGET.test(target) && (!target.startsWith("arn:") || target.startsWith(iotResourceArn(scope, "")));
}

/** @throws {ServiceError} InvalidRequestException; AWS's own words are not known. */
export function checkPolicyTarget(scope: AccountScope, target: string): void {
	if (isPolicyTarget(scope, target)) return;
	const certificate = iotResourceArn(scope, "cert/<64 hexadecimal digits>");
	const group = iotResourceArn(scope, "thinggroup/<name>");
	const message = `Invalid target: expected ${certificate}, ${group} or a Cognito identity id <region>:<uuid>`;
	throw new ServiceError("InvalidRequestException", message);
}
