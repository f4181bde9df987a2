/**
 * What CreateAuthorizer takes, and AWS's messages for what it does not (measured on AWS, see the fidelity table).
 * @module
 */
import { type Authorizer, InvalidSigningKeyError, validateSigningKey } from "../authorizer/index.js";
import { CONSTRAINTS, type Constraint, constraintMessage } from "./constraints.js";

/** Something that AWS refuses, and where. */
export interface RuleBreach {
	/** Member of the authorizer, for instance `tokenKeyName`; of a key also its name. */
	readonly member: readonly string[];
	/** AWS's own text. */
	readonly message: string;
	/** The text of a key is at fault and not the shape of the authorizer. */
	readonly unusableKey?: true;
}

/** Signing keys that an authorizer may have. */
export const MOST_KEYS = 2;
const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]{1,64}(?::[\w$-]+)?$/;

/** Everything that is wrong with an authorizer; nothing for one that AWS takes. */
export function findRuleBreaches(authorizer: Omit<Authorizer, "arn" | "status">): readonly RuleBreach[] {
	const { name, tokenKeyName, tokenSigningPublicKeys, functionArn } = authorizer;
	const breaches: RuleBreach[] = [];
	const constrain = (member: readonly string[], value: string, constraint: Constraint) => {
		const message = constraintMessage(member[0] ?? "", value, constraint);
		if (message !== undefined) breaches.push({ member, message });
	};
	constrain(["authorizerName"], name, CONSTRAINTS.authorizerName);
	if (tokenKeyName !== undefined) constrain(["tokenKeyName"], tokenKeyName, CONSTRAINTS.tokenKeyName);
	for (const [keyName, pem] of Object.entries(tokenSigningPublicKeys)) {
		constrain(["tokenSigningPublicKeys", keyName], keyName, CONSTRAINTS.signingKeyName);
		constrain(["tokenSigningPublicKeys", keyName], pem, CONSTRAINTS.signingKey);
	}
	if (!FUNCTION_ARN.test(functionArn)) {
		const message = `Lambda function arn for authorizer ${name} is not in proper ARN syntax`;
		breaches.push({ member: ["authorizerFunctionArn"], message });
	}
	return [...breaches, ...(authorizer.signingDisabled ? unsignedBreaches(authorizer) : signedBreaches(authorizer))];
}

type Signing = Pick<Authorizer, "name" | "tokenKeyName" | "tokenSigningPublicKeys">;

function unsignedBreaches({ name, tokenSigningPublicKeys }: Signing): readonly RuleBreach[] {
	if (Object.keys(tokenSigningPublicKeys).length === 0) return [];
	const message = `Token signing keys map must be null for authorizer ${name} if using optional signature header`;
	return [{ member: ["tokenSigningPublicKeys"], message }];
}

function signedBreaches({ name, tokenKeyName, tokenSigningPublicKeys }: Signing): readonly RuleBreach[] {
	const breaches: RuleBreach[] = [];
	if (tokenKeyName === undefined) {
		breaches.push({ member: ["tokenKeyName"], message: `Token key name for authorizer ${name} cannot be null` });
	}
	const keys = Object.entries(tokenSigningPublicKeys);
	const map = `Token signing keys map for authorizer ${name} cannot`;
	const member = ["tokenSigningPublicKeys"];
	if (keys.length === 0) {
		const bounds = "There must be at least one and at most two token signing public keys in the map";
		breaches.push({ member, message: `${map} be null or empty. ${bounds}` });
	}
	if (keys.length > MOST_KEYS) breaches.push({ member, message: `${map} contain more than ${MOST_KEYS} keys` });
	for (const [keyName, pem] of keys) {
		const message = signingKeyMessage(name, keyName, pem);
		if (message !== undefined)
			breaches.push({ member: ["tokenSigningPublicKeys", keyName], message, unusableKey: true });
	}
	return breaches;
}

function signingKeyMessage(authorizerName: string, keyName: string, pem: string): string | undefined {
	try {
		validateSigningKey(authorizerName, keyName, pem);
		return undefined;
	} catch (error) {
		if (error instanceof InvalidSigningKeyError) return error.message;
		throw error;
	}
}
