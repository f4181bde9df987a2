/**
 * What an account keeps of an AWS IoT policy.
 * @module
 */
import { checkPolicySize, MalformedPolicyError, parsePolicyDocument } from "../policy/index.js";
import { type AccountScope, iotResourceArn } from "./account-scope.js";
import { constrain } from "./constraints.js";
import { derivedId } from "./derived-id.js";
import { ServiceError } from "./service-error.js";

export interface PolicyVersion {
	/** "1", "2" and so on; a number is never given twice. */
	readonly policyVersionId: string;
	/** JSON text, as it was given. */
	readonly policyDocument: string;
	readonly isDefaultVersion: boolean;
	/** Milliseconds since the epoch. */
	readonly createDate: number;
}

/** AWS IoT API, "GetPolicy". Dates in milliseconds since the epoch. */
export interface PolicyRecord {
	readonly policyName: string;
	readonly policyArn: string;
	/** The version in force. */
	readonly defaultVersionId: string;
	/** Oldest first; one to five. */
	readonly versions: readonly PolicyVersion[];
	/** The number that was given last. */
	readonly latestVersion: number;
	readonly creationDate: number;
	readonly lastModifiedDate: number;
	/** Another one after each change. */
	readonly generationId: string;
}

/**
 * A policy of one version.
 * @param now milliseconds since the epoch.
 * @throws {ServiceError} InvalidRequestException for its name, MalformedPolicyException for its document.
 */
export function newPolicy(scope: AccountScope, policyName: string, policyDocument: string, now: number): PolicyRecord {
	constrain("policyName", policyName);
	checkPolicyDocument(policyDocument);
	const policyArn = iotResourceArn(scope, `policy/${policyName}`);
	return {
		policyName,
		policyArn,
		defaultVersionId: "1",
		versions: [{ policyVersionId: "1", policyDocument, isDefaultVersion: true, createDate: now }],
		latestVersion: 1,
		creationDate: now,
		lastModifiedDate: now,
		generationId: generationOf(policyArn, now),
	};
}

/** JSON text of the version in force. */
export function defaultDocument({ versions, defaultVersionId }: PolicyRecord): string {
	return versions.find(({ policyVersionId }) => policyVersionId === defaultVersionId)?.policyDocument ?? "";
}

/** @throws {ServiceError} MalformedPolicyException for what AWS would not keep. */
export function checkPolicyDocument(policyDocument: string): void {
	try {
		checkPolicySize(policyDocument);
		parsePolicyDocument(policyDocument);
	} catch (error) {
		if (!(error instanceof MalformedPolicyError)) throw error;
		throw new ServiceError("MalformedPolicyException", error.message);
	}
}

/** The id of a policy as it is after a change. @param now milliseconds since the epoch. */
export function generationOf(policyArn: string, now: number): string {
	return derivedId(`${policyArn} ${now}`);
}
