/**
 * Operations on AWS IoT policies, their versions and what they are attached to (AWS IoT API Reference, "CreatePolicy" and
 * its neighbours).
 * @module
 */
import type { Account, PolicyRecord, PolicyVersion } from "../../account/index.js";
import { ApiError } from "../errors.js";
import { operation } from "../operation.js";
import { page } from "../paging.js";
import { boolean, query, structure, uri } from "../shape.js";
import { epochSeconds, type IotContext } from "./context.js";
import { customPrincipalOf, type PrincipalReference, policiesOfPrincipal, returnedPolicies } from "./principals.js";
import {
	ASCENDING_ORDER,
	COGNITO_IDENTITY_POOL_ID,
	LARGEST_PAGE,
	PAGE,
	POLICY_DOCUMENT,
	POLICY_NAME,
	POLICY_TARGET,
	POLICY_VERSION_ID,
	PRINCIPAL,
	TAGS,
	THING_NAME,
} from "./shapes.js";

const service = "iot";
const BY_NAME = structure({ policyName: uri(POLICY_NAME) });
const BY_VERSION = structure({ policyName: uri(POLICY_NAME), policyVersionId: uri(POLICY_VERSION_ID) });

export const policyOperations = [
	operation({
		service,
		name: "CreatePolicy",
		method: "POST",
		path: "/policies/{policyName}",
		errors: ["ResourceAlreadyExistsException", "MalformedPolicyException", "InvalidRequestException"],
		input: structure({ policyName: uri(POLICY_NAME), policyDocument: POLICY_DOCUMENT, tags: TAGS }, ["policyDocument"]),
		run: (input, { account }: IotContext) => {
			const record = account.policies.create(input);
			return {
				...nameAndArn(record),
				policyDocument: input.policyDocument,
				policyVersionId: record.defaultVersionId,
			};
		},
	}),
	operation({
		service,
		name: "GetPolicy",
		method: "GET",
		path: "/policies/{policyName}",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		input: BY_NAME,
		run: ({ policyName }, { account }: IotContext) => {
			const record = account.policies.describe(policyName);
			const { policyDocument } = account.policies.getVersion(policyName, record.defaultVersionId);
			return {
				...nameAndArn(record),
				policyDocument,
				defaultVersionId: record.defaultVersionId,
				...datesOf(record),
			};
		},
	}),
	operation({
		service,
		name: "ListPolicies",
		method: "GET",
		path: "/policies",
		errors: ["InvalidRequestException"],
		input: structure({ ...PAGE, ascendingOrder: ASCENDING_ORDER }),
		run: ({ marker, pageSize = LARGEST_PAGE, ascendingOrder }, { account }: IotContext) => {
			const { items, nextMarker } = page({
				operation: "listPolicies",
				items: account.policies.list(),
				place: ({ creationDate, policyName }) => [creationDate, policyName],
				descending: ascendingOrder !== true,
				size: pageSize,
				marker,
			});
			return { policies: items.map(nameAndArn), nextMarker };
		},
	}),
	operation({
		service,
		name: "DeletePolicy",
		method: "DELETE",
		path: "/policies/{policyName}",
		errors: ["DeleteConflictException", "ResourceNotFoundException", "InvalidRequestException"],
		input: BY_NAME,
		run: ({ policyName }, { account }: IotContext) => account.policies.delete(policyName),
	}),
	operation({
		service,
		name: "CreatePolicyVersion",
		method: "POST",
		path: "/policies/{policyName}/version",
		errors: [
			"ResourceNotFoundException",
			"MalformedPolicyException",
			"VersionsLimitExceededException",
			"InvalidRequestException",
		],
		input: structure(
			{ policyName: uri(POLICY_NAME), policyDocument: POLICY_DOCUMENT, setAsDefault: query(boolean()) },
			["policyDocument"],
		),
		run: ({ policyName, policyDocument, setAsDefault }, { account }: IotContext) => {
			const version = account.policies.createVersion(policyName, policyDocument, setAsDefault);
			return {
				policyArn: account.policies.describe(policyName).policyArn,
				policyDocument: version.policyDocument,
				policyVersionId: version.policyVersionId,
				isDefaultVersion: version.isDefaultVersion,
			};
		},
	}),
	operation({
		service,
		name: "GetPolicyVersion",
		method: "GET",
		path: "/policies/{policyName}/version/{policyVersionId}",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		input: BY_VERSION,
		run: ({ policyName, policyVersionId }, { account }: IotContext) => {
			const { policyDocument, isDefaultVersion, createDate } = account.policies.getVersion(policyName, policyVersionId);
			const record = account.policies.describe(policyName);
			return {
				...nameAndArn(record),
				policyDocument,
				policyVersionId,
				isDefaultVersion,
				...datesOf(record),
				creationDate: epochSeconds(createDate),
			};
		},
	}),
	operation({
		service,
		name: "ListPolicyVersions",
		method: "GET",
		path: "/policies/{policyName}/version",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		input: BY_NAME,
		run: ({ policyName }, { account }: IotContext) => ({
			policyVersions: account.policies.listVersions(policyName).map(versionSummary),
		}),
	}),
	operation({
		service,
		name: "DeletePolicyVersion",
		method: "DELETE",
		path: "/policies/{policyName}/version/{policyVersionId}",
		errors: ["DeleteConflictException", "ResourceNotFoundException", "InvalidRequestException"],
		input: BY_VERSION,
		run: ({ policyName, policyVersionId }, { account }: IotContext) =>
			account.policies.deleteVersion(policyName, policyVersionId),
	}),
	operation({
		service,
		name: "SetDefaultPolicyVersion",
		method: "PATCH",
		path: "/policies/{policyName}/version/{policyVersionId}",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		input: BY_VERSION,
		run: ({ policyName, policyVersionId }, { account }: IotContext) =>
			account.policies.setDefaultVersion(policyName, policyVersionId),
	}),
	operation({
		service,
		name: "AttachPolicy",
		method: "PUT",
		path: "/target-policies/{policyName}",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "LimitExceededException"],
		differences: "certificates, thing groups and Cognito identities need not exist: there is no registry of them",
		input: structure({ policyName: uri(POLICY_NAME), target: POLICY_TARGET }, ["target"]),
		run: ({ policyName, target }, { account }: IotContext) => account.policies.attach(policyName, target),
	}),
	operation({
		service,
		name: "DetachPolicy",
		method: "POST",
		path: "/target-policies/{policyName}",
		errors: ["InvalidRequestException", "LimitExceededException"],
		input: structure({ policyName: uri(POLICY_NAME), target: POLICY_TARGET }, ["target"]),
		run: ({ policyName, target }, { account }: IotContext) => account.policies.detach(policyName, target),
	}),
	operation({
		service,
		name: "ListAttachedPolicies",
		method: "POST",
		path: "/attached-policies/{target}",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "LimitExceededException"],
		differences: "`recursive` changes nothing: there is no registry of thing groups",
		input: structure({ target: uri(POLICY_TARGET), recursive: query(boolean()), ...PAGE }),
		run: ({ target, marker, pageSize = LARGEST_PAGE }, { account }: IotContext) => {
			const { items, nextMarker } = page({
				operation: "listAttachedPolicies",
				items: account.policies.attachedTo(target),
				place: ({ policyName }) => [policyName],
				size: pageSize,
				marker,
			});
			return { policies: items.map(nameAndArn), nextMarker };
		},
	}),
	operation({
		service,
		name: "ListTargetsForPolicy",
		method: "POST",
		path: "/policy-targets/{policyName}",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "LimitExceededException"],
		input: structure({ policyName: uri(POLICY_NAME), ...PAGE }),
		run: ({ policyName, marker, pageSize = LARGEST_PAGE }, { account }: IotContext) => {
			const { items, nextMarker } = page({
				operation: "listTargetsForPolicy",
				items: account.policies.targetsOf(policyName),
				place: (target) => [target],
				size: pageSize,
				marker,
			});
			return { targets: items, nextMarker };
		},
	}),
	operation({
		service,
		name: "GetEffectivePolicies",
		method: "POST",
		path: "/effective-policies",
		errors: ["ResourceNotFoundException", "InvalidRequestException", "LimitExceededException"],
		differences:
			"every `thingName` is unknown: there is no registry of things; **extension**: the principal `latchkey:custom-authorizer/<authorizer name>/<principal id>` has the policies that its custom authorizer returned",
		input: structure({
			principal: PRINCIPAL,
			cognitoIdentityPoolId: COGNITO_IDENTITY_POOL_ID,
			thingName: query(THING_NAME),
		}),
		run: (input, { account }: IotContext) => {
			if (input.thingName !== undefined) {
				throw new ApiError("ResourceNotFoundException", `Thing ${input.thingName} not found`);
			}
			return { effectivePolicies: effectivePolicies(account, input) };
		},
	}),
];

function nameAndArn({ policyName, policyArn }: PolicyRecord) {
	return { policyName, policyArn };
}

function datesOf({ creationDate, lastModifiedDate, generationId }: PolicyRecord) {
	return {
		creationDate: epochSeconds(creationDate),
		lastModifiedDate: epochSeconds(lastModifiedDate),
		generationId,
	};
}

function versionSummary({ policyVersionId, isDefaultVersion, createDate }: PolicyVersion) {
	return { versionId: policyVersionId, isDefaultVersion, createDate: epochSeconds(createDate) };
}

function effectivePolicies(account: Account, reference: PrincipalReference) {
	const custom = customPrincipalOf(account, reference);
	if (custom === undefined) {
		return policiesOfPrincipal(account, reference).map((record) => {
			const { policyDocument } = account.policies.getVersion(record.policyName, record.defaultVersionId);
			return { ...nameAndArn(record), policyDocument };
		});
	}
	return returnedPolicies(custom).map(({ policyName, policyArn, policyDocument }) => ({
		policyName,
		policyArn,
		policyDocument,
	}));
}
