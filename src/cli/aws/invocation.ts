/**
 * What a TestInvokeAuthorizer call was about: the credential in it, the authorizer it names, and the answer.
 * @module
 */
import type { Authorizer } from "../../authorizer/index.js";
import type { AwsResult } from "./call.js";

/** The operation's input, checked by `src/aws-options`. */
export interface InvocationInput {
	readonly authorizerName: string;
	readonly token?: string;
	readonly tokenSignature?: string;
	readonly httpContext?: { readonly headers?: Readonly<Record<string, string>>; readonly queryString?: string };
	readonly mqttContext?: { readonly username?: string; readonly password?: Uint8Array; readonly clientId?: string };
	readonly tlsContext?: { readonly serverName?: string };
}

export interface InvocationAnswer {
	readonly isAuthenticated?: boolean | undefined;
	readonly principalId?: string | undefined;
	readonly policyDocuments?: readonly unknown[] | undefined;
	readonly refreshAfterInSeconds?: number | undefined;
	readonly disconnectAfterInSeconds?: number | undefined;
}

export interface Invocation {
	readonly input: InvocationInput;
	readonly result: AwsResult<InvocationAnswer>;
	/** What DescribeAuthorizer tells of the authorizer. */
	readonly authorizer: AwsResult<Authorizer>;
	readonly defaultAuthorizer?: DefaultAuthorizer;
	/** Of the MQTT context, else `--client-id`. */
	readonly clientId?: string | undefined;
}

/** What DescribeDefaultAuthorizer tells; undefined where nobody asked, since the credential names its authorizer. */
export type DefaultAuthorizer = AwsResult<Pick<Authorizer, "name">> | undefined;

interface AuthorizerDescription {
	readonly authorizerName?: string | undefined;
	readonly authorizerArn?: string | undefined;
	readonly authorizerFunctionArn?: string | undefined;
	readonly tokenKeyName?: string | undefined;
	readonly tokenSigningPublicKeys?: Readonly<Record<string, string>> | undefined;
	readonly status?: string | undefined;
	readonly signingDisabled?: boolean | undefined;
}

/** An authorizer as this side judges with it, from DescribeAuthorizer's answer. */
export function describedAuthorizer(description: AuthorizerDescription): Authorizer {
	const { authorizerName, authorizerArn, authorizerFunctionArn, tokenKeyName } = description;
	return {
		name: authorizerName ?? "",
		arn: authorizerArn ?? "",
		functionArn: authorizerFunctionArn ?? "",
		...(tokenKeyName === undefined ? {} : { tokenKeyName }),
		tokenSigningPublicKeys: description.tokenSigningPublicKeys ?? {},
		signingDisabled: description.signingDisabled ?? false,
		status: description.status === "ACTIVE" ? "ACTIVE" : "INACTIVE",
	};
}
