/**
 * The two test operations of AWS IoT (API Reference, TestInvokeAuthorizer and TestAuthorization), as the AWS CLI knows them.
 * @module
 */
import type { ListShape, Member, Operation, Shape, StringShape, StructureShape } from "./shape.js";

const text = (name: string, more: Partial<StringShape> = {}): StringShape => ({ type: "string", name, ...more });
const list = (member: Shape, minimum?: number): ListShape => ({
	type: "list",
	member,
	...(minimum === undefined ? {} : { minimum }),
});
const structure = (members: Readonly<Record<string, Member>>): StructureShape => ({ type: "structure", members });

const SECRET = { minimum: 1, secret: true } as const;

export const TEST_INVOKE_AUTHORIZER: Operation = {
	name: "TestInvokeAuthorizer",
	input: structure({
		authorizerName: {
			shape: text("AuthorizerName", { minimum: 1 }),
			required: true,
			about: "The custom authorizer name.",
		},
		token: { shape: text("Token", SECRET), about: "The token returned by your custom authentication service." },
		tokenSignature: {
			shape: text("TokenSignature", SECRET),
			about: "The signature made with the token and your custom authentication service's private key.",
		},
		httpContext: {
			about: "Specifies a test HTTP authorization request.",
			shape: structure({
				headers: {
					shape: { type: "map", key: text("HttpHeaderName", { minimum: 1 }), value: text("HttpHeaderValue", SECRET) },
					about: "The header keys and values in an HTTP authorization request.",
				},
				queryString: {
					shape: text("HttpQueryString", SECRET),
					about: "The query string keys and values in an HTTP authorization request.",
				},
			}),
		},
		mqttContext: {
			about: "Specifies a test MQTT authorization request.",
			shape: structure({
				username: {
					shape: text("MqttUsername", SECRET),
					about: "The value of the username key in an MQTT authorization request.",
				},
				password: {
					shape: { type: "blob", secret: true },
					about: "The value of the password key in an MQTT authorization request.",
				},
				clientId: {
					shape: text("MqttClientId", { minimum: 1 }),
					about: "The value of the clientId key in an MQTT authorization request.",
				},
			}),
		},
		tlsContext: {
			about: "Specifies a test TLS authorization request.",
			shape: structure({
				serverName: {
					shape: text("ServerName", { minimum: 1 }),
					about: "The value of the serverName key in a TLS authorization request.",
				},
			}),
		},
	}),
	output: structure({
		isAuthenticated: { shape: { type: "boolean" } },
		principalId: { shape: text("PrincipalId") },
		policyDocuments: { shape: list(text("PolicyDocument")) },
		refreshAfterInSeconds: { shape: { type: "integer" } },
		disconnectAfterInSeconds: { shape: { type: "integer" } },
	}),
};

const AUTH_INFO = structure({
	actionType: {
		shape: text("ActionType", { values: ["PUBLISH", "SUBSCRIBE", "RECEIVE", "CONNECT"] }),
		about: "The type of action for which the principal is being authorized.",
	},
	resources: {
		shape: list(text("Resource")),
		required: true,
		about: "The resources for which the principal is being authorized to perform the specified action.",
	},
});

const POLICIES: Member = {
	shape: list(structure({ policyName: { shape: text("PolicyName") }, policyArn: { shape: text("PolicyArn") } })),
};

const POLICY_NAMES = list(text("PolicyName", { minimum: 1 }));

export const TEST_AUTHORIZATION: Operation = {
	name: "TestAuthorization",
	input: structure({
		principal: { shape: text("Principal"), about: "The principal." },
		cognitoIdentityPoolId: { shape: text("CognitoIdentityPoolId"), about: "The Cognito identity pool ID." },
		authInfos: { shape: list(AUTH_INFO, 1), required: true, about: "A list of authorization info objects." },
		clientId: { shape: text("ClientId"), about: "The MQTT client ID." },
		policyNamesToAdd: {
			shape: POLICY_NAMES,
			about:
				"When testing custom authorization, the policies specified here are treated as if they are attached to the principal being authorized.",
		},
		policyNamesToSkip: {
			shape: POLICY_NAMES,
			about:
				"When testing custom authorization, the policies specified here are treated as if they are not attached to the principal being authorized.",
		},
	}),
	output: structure({
		authResults: {
			shape: list(
				structure({
					authInfo: { shape: AUTH_INFO },
					allowed: { shape: structure({ policies: POLICIES }) },
					denied: {
						shape: structure({
							implicitDeny: { shape: structure({ policies: POLICIES }) },
							explicitDeny: { shape: structure({ policies: POLICIES }) },
						}),
					},
					authDecision: { shape: text("AuthDecision") },
					missingContextValues: { shape: list(text("MissingContextValue")) },
				}),
			),
		},
	}),
};
