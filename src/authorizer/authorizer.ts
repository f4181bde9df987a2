/**
 * What AWS IoT Core keeps of a custom authorizer.
 * @module
 */

/** An authorizer as `DescribeAuthorizer` shows it, without what only an API call needs (AWS IoT API, "AuthorizerDescription"). */
export interface Authorizer {
	/** 1-128 of `[\w=,@-]`. */
	readonly name: string;
	readonly arn: string;
	/** ARN of the function that judges; the function itself need not exist. */
	readonly functionArn: string;
	/** Name of the parameter that carries the token; absent only where signing is disabled. */
	readonly tokenKeyName?: string;
	/** RSA public keys, PEM, by key name; any one of them may verify. Empty where signing is disabled. */
	readonly tokenSigningPublicKeys: Readonly<Record<string, string>>;
	/** True: no signature is asked for, and the function is the only judge. */
	readonly signingDisabled: boolean;
	readonly status: "ACTIVE" | "INACTIVE";
}
