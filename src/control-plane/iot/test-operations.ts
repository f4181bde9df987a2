/**
 * The two operations that try things out: TestInvokeAuthorizer and TestAuthorization (AWS IoT API Reference).
 * @module
 */
import { randomUUID } from "node:crypto";
import { testInvokeAuthorizer } from "../../authorizer/index.js";
import { operation } from "../operation.js";
import { blob, list, map, query, string, structure, uri, word } from "../shape.js";
import { ACTION_TYPES } from "./authorization.js";
import type { IotContext } from "./context.js";
import { ANY, AUTHORIZER_NAME, CLIENT_ID, COGNITO_IDENTITY_POOL_ID, POLICY_NAME, PRINCIPAL } from "./shapes.js";
import { testAuthorization } from "./test-authorization.js";

const service = "iot";
const HEADER = string({ pattern: ANY, min: 1, max: 8192 });
const MQTT_FIELD = string({ pattern: ANY, min: 1, max: 65_535 });

export const testOperations = [
	operation({
		service,
		name: "TestInvokeAuthorizer",
		method: "POST",
		path: "/authorizer/{authorizerName}/test",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "InvalidResponseException"],
		input: structure({
			authorizerName: uri(AUTHORIZER_NAME),
			token: string({ pattern: ANY, min: 1, max: 6144 }),
			tokenSignature: string({ pattern: "[A-Za-z0-9+/]+={0,2}", min: 1, max: 2560 }),
			httpContext: structure({
				headers: map(HEADER, HEADER),
				queryString: string({ pattern: ANY, min: 1, max: 4096 }),
			}),
			mqttContext: structure({
				username: MQTT_FIELD,
				password: blob({ min: 1, max: 65_535 }),
				clientId: MQTT_FIELD,
			}),
			tlsContext: structure({ serverName: string({ pattern: ANY, min: 1, max: 253 }) }),
		}),
		run: async ({ authorizerName, ...request }, { account, observe, now }: IotContext) => {
			const authorizer = account.authorizers.describe(authorizerName);
			const answer = await testInvokeAuthorizer({
				...request,
				authorizer,
				function: account.functions.open(authorizer.functionArn),
				permitted: account.permits(authorizer),
				timeout: account.callTimeout(authorizer.functionArn),
				connectionId: randomUUID(),
				observe,
			});
			const { isAuthenticated, principalId, policyDocuments, policies } = answer;
			if (isAuthenticated) {
				account.customPrincipals.remember({ authorizerName, principalId, policyDocuments, policies, at: now() });
			}
			return {
				isAuthenticated,
				principalId,
				policyDocuments,
				refreshAfterInSeconds: answer.refreshAfterInSeconds,
				disconnectAfterInSeconds: answer.disconnectAfterInSeconds,
			};
		},
	}),
	operation({
		service,
		name: "TestAuthorization",
		method: "POST",
		path: "/test-authorization",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "LimitExceededException"],
		differences:
			"certificates and Cognito identities need not exist; **extension**: the principal `latchkey:custom-authorizer/<authorizer name>/<principal id>` has the policies that its custom authorizer returned; a call asks about 250,000 pairs of a different resource and a policy statement at most",
		input: structure(
			{
				principal: PRINCIPAL,
				cognitoIdentityPoolId: COGNITO_IDENTITY_POOL_ID,
				authInfos: list(
					structure(
						{
							actionType: word(ACTION_TYPES),
							resources: list(string({ pattern: ANY, max: 2048 })),
						},
						["resources"],
					),
					{ min: 1, max: 10 },
				),
				clientId: query(CLIENT_ID),
				policyNamesToAdd: list(POLICY_NAME),
				policyNamesToSkip: list(POLICY_NAME),
			},
			["authInfos"],
		),
		run: async (input, { account }: IotContext) => ({ authResults: await testAuthorization(account, input) }),
	}),
];
