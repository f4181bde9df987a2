/**
 * Operations on custom authorizers and the account's default one (AWS IoT API Reference, "CreateAuthorizer" and its
 * neighbours).
 * @module
 */
import type { AuthorizerRecord } from "../../account/index.js";
import { operation } from "../operation.js";
import { page } from "../paging.js";
import { boolean, query, structure, uri } from "../shape.js";
import { epochSeconds, type IotContext } from "./context.js";
import {
	ASCENDING_ORDER,
	AUTHORIZER_FUNCTION_ARN,
	AUTHORIZER_NAME,
	AUTHORIZER_STATUS,
	LARGEST_PAGE,
	PAGE,
	PUBLIC_KEY_MAP,
	TAGS,
	TOKEN_KEY_NAME,
} from "./shapes.js";

const service = "iot";
const BY_NAME = structure({ authorizerName: uri(AUTHORIZER_NAME) });

export const authorizerOperations = [
	operation({
		service,
		name: "CreateAuthorizer",
		method: "POST",
		path: "/authorizer/{authorizerName}",
		errors: ["ResourceAlreadyExistsException", "InvalidRequestException", "LimitExceededException"],
		input: structure(
			{
				authorizerName: uri(AUTHORIZER_NAME),
				authorizerFunctionArn: AUTHORIZER_FUNCTION_ARN,
				tokenKeyName: TOKEN_KEY_NAME,
				tokenSigningPublicKeys: PUBLIC_KEY_MAP,
				status: AUTHORIZER_STATUS,
				tags: TAGS,
				signingDisabled: boolean(),
				enableCachingForHttp: boolean(),
			},
			["authorizerFunctionArn"],
		),
		run: (input, { account }: IotContext) => nameAndArn(account.authorizers.create(input)),
	}),
	operation({
		service,
		name: "UpdateAuthorizer",
		method: "PUT",
		path: "/authorizer/{authorizerName}",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "LimitExceededException"],
		input: structure({
			authorizerName: uri(AUTHORIZER_NAME),
			authorizerFunctionArn: AUTHORIZER_FUNCTION_ARN,
			tokenKeyName: TOKEN_KEY_NAME,
			tokenSigningPublicKeys: PUBLIC_KEY_MAP,
			status: AUTHORIZER_STATUS,
			enableCachingForHttp: boolean(),
		}),
		run: ({ authorizerName, ...update }, { account }: IotContext) =>
			nameAndArn(account.authorizers.update(authorizerName, update)),
	}),
	operation({
		service,
		name: "DescribeAuthorizer",
		method: "GET",
		path: "/authorizer/{authorizerName}",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		input: BY_NAME,
		run: ({ authorizerName }, { account }: IotContext) => description(account.authorizers.describe(authorizerName)),
	}),
	operation({
		service,
		name: "ListAuthorizers",
		method: "GET",
		path: "/authorizers/",
		errors: ["InvalidRequestException"],
		input: structure({ ...PAGE, ascendingOrder: ASCENDING_ORDER, status: query(AUTHORIZER_STATUS) }),
		run: ({ marker, pageSize = LARGEST_PAGE, ascendingOrder, status }, { account }: IotContext) => {
			const { items, nextMarker } = page({
				operation: "listAuthorizers",
				items: account.authorizers.list({ status }),
				place: ({ creationDate, name }) => [creationDate, name],
				descending: ascendingOrder !== true,
				size: pageSize,
				marker,
			});
			return { authorizers: items.map(nameAndArn), nextMarker };
		},
	}),
	operation({
		service,
		name: "DeleteAuthorizer",
		method: "DELETE",
		path: "/authorizer/{authorizerName}",
		errors: ["DeleteConflictException", "ResourceNotFoundException", "InvalidRequestException"],
		input: BY_NAME,
		run: ({ authorizerName }, { account }: IotContext) => account.authorizers.delete(authorizerName),
	}),
	operation({
		service,
		name: "SetDefaultAuthorizer",
		method: "POST",
		path: "/default-authorizer",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "ResourceAlreadyExistsException"],
		input: structure({ authorizerName: AUTHORIZER_NAME }, ["authorizerName"]),
		run: ({ authorizerName }, { account }: IotContext) => nameAndArn(account.authorizers.setDefault(authorizerName)),
	}),
	operation({
		service,
		name: "DescribeDefaultAuthorizer",
		method: "GET",
		path: "/default-authorizer",
		errors: ["InvalidRequestException", "ResourceNotFoundException"],
		input: structure({}),
		run: (_, { account }: IotContext) => description(account.authorizers.describeDefault()),
	}),
	operation({
		service,
		name: "ClearDefaultAuthorizer",
		method: "DELETE",
		path: "/default-authorizer",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		input: structure({}),
		run: (_, { account }: IotContext) => account.authorizers.clearDefault(),
	}),
];

function nameAndArn({ name, arn }: AuthorizerRecord) {
	return { authorizerName: name, authorizerArn: arn };
}

/** What was not set comes back as null, as AWS does it. */
function description(record: AuthorizerRecord) {
	const { tokenKeyName = null, tokenSigningPublicKeys } = record;
	return {
		authorizerDescription: {
			...nameAndArn(record),
			authorizerFunctionArn: record.functionArn,
			tokenKeyName,
			tokenSigningPublicKeys: Object.keys(tokenSigningPublicKeys).length === 0 ? null : tokenSigningPublicKeys,
			status: record.status,
			creationDate: epochSeconds(record.creationDate),
			lastModifiedDate: epochSeconds(record.lastModifiedDate),
			signingDisabled: record.signingDisabled,
			enableCachingForHttp: record.enableCachingForHttp,
		},
	};
}
