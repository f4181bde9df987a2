/**
 * The AWS IoT policies of an account with their versions, and what they are attached to.
 *
 * AWS's texts are used where they are known from its answers; the others are worded alike.
 * @module
 */
import { type NamedPolicy, parsePolicyDocument } from "../policy/index.js";
import type { AccountScope } from "./account-scope.js";
import { byCreation, type ListOrder } from "./authorizer-registry.js";
import type { Ledger, Table } from "./ledger.js";
import {
	checkPolicyDocument,
	defaultDocument,
	generationOf,
	newPolicy,
	type PolicyRecord,
	type PolicyVersion,
} from "./policy-record.js";
import { checkPolicyTarget } from "./policy-targets.js";
import { ServiceError } from "./service-error.js";
import type { Tag, TagRegistry } from "./tag-registry.js";

/** AWS IoT API, "CreatePolicy". */
export interface PolicyCreation {
	readonly policyName: string;
	readonly policyDocument: string;
	readonly tags?: readonly Tag[] | undefined;
}

/** Versions of one policy (AWS General Reference, "AWS IoT Core endpoints and quotas"). */
const MOST_VERSIONS = 5;
/** Policies of one target, same page. */
export const MOST_POLICIES_OF_A_TARGET = 10;

export class PolicyRegistry {
	private readonly scope: AccountScope;
	private readonly ledger: Ledger;
	private readonly tags: TagRegistry;
	private readonly records: Table<PolicyRecord>;
	/** Names of policies by target, in the order in which they were attached. */
	private readonly attachments: Table<readonly string[]>;
	/** A record is replaced whenever it changes, so what was read of it stays true. */
	private readonly read = new WeakMap<PolicyRecord, NamedPolicy>();

	constructor(scope: AccountScope, ledger: Ledger, tags: TagRegistry) {
		this.scope = scope;
		this.ledger = ledger;
		this.tags = tags;
		this.records = ledger.table("policies");
		this.attachments = ledger.table("attachments");
	}

	/**
	 * @throws {ServiceError} InvalidRequestException, MalformedPolicyException, ResourceAlreadyExistsException;
	 * LimitExceededException for more than 50 tags.
	 */
	create({ policyName, policyDocument, tags = [] }: PolicyCreation): PolicyRecord {
		const record = newPolicy(this.scope, policyName, policyDocument, this.ledger.instant());
		if (this.records.has(policyName)) {
			const message = `Policy cannot be created - name already exists (name=${policyName})`;
			throw new ServiceError("ResourceAlreadyExistsException", message, {
				resourceId: policyName,
				resourceArn: record.policyArn,
			});
		}
		this.ledger.commit(this.records.put(policyName, record), ...this.tags.changesFor(record.policyArn, tags));
		return this.describe(policyName);
	}

	get(name: string): PolicyRecord | undefined {
		return this.records.get(name);
	}

	/** @throws {ServiceError} ResourceNotFoundException. */
	describe(name: string): PolicyRecord {
		const record = this.records.get(name);
		if (record !== undefined) return record;
		throw new ServiceError("ResourceNotFoundException", notFound(name));
	}

	/** Newest first unless `ascending`. */
	list({ ascending = false }: ListOrder = {}): readonly PolicyRecord[] {
		return byCreation(this.records.values(), ascending);
	}

	/**
	 * Deletes a policy that is attached to nothing and has no version but the default one, and its tags.
	 * @throws {ServiceError} ResourceNotFoundException, DeleteConflictException.
	 */
	delete(name: string): void {
		const { policyArn, versions } = this.describe(name);
		if (this.targetsOf(name).length > 0) {
			throw conflict(`The policy cannot be deleted as the policy is attached to one or more principals (name=${name})`);
		}
		if (versions.length > 1) {
			throw conflict(
				`Cannot delete the policy because it has one or more policy versions attached to it (name=${name})`,
			);
		}
		this.ledger.commit(this.records.drop(name), ...this.tags.removalOf(policyArn));
	}

	/**
	 * Adds a version, in force at once where `setAsDefault`.
	 * @throws {ServiceError} ResourceNotFoundException, MalformedPolicyException, VersionsLimitExceededException.
	 */
	createVersion(name: string, policyDocument: string, setAsDefault = false): PolicyVersion {
		const former = this.describe(name);
		checkPolicyDocument(policyDocument);
		if (former.versions.length >= MOST_VERSIONS) {
			const message = `The policy ${name} already has the maximum number of versions (${MOST_VERSIONS})`;
			throw new ServiceError("VersionsLimitExceededException", message);
		}
		const latestVersion = former.latestVersion + 1;
		const policyVersionId = String(latestVersion);
		const createDate = this.ledger.instant();
		const version = { policyVersionId, policyDocument, isDefaultVersion: false, createDate };
		const versions = [...former.versions, version];
		const defaultVersionId = setAsDefault ? policyVersionId : former.defaultVersionId;
		this.save({ ...former, versions, latestVersion, defaultVersionId }, createDate);
		return this.getVersion(name, policyVersionId);
	}

	/** @throws {ServiceError} ResourceNotFoundException. */
	getVersion(name: string, policyVersionId: string): PolicyVersion {
		const found = this.describe(name).versions.find((version) => version.policyVersionId === policyVersionId);
		if (found !== undefined) return found;
		const message = `Policy version cannot be found (name=${name}, versionId=${policyVersionId})`;
		throw new ServiceError("ResourceNotFoundException", message);
	}

	/** Newest first. @throws {ServiceError} ResourceNotFoundException. */
	listVersions(name: string): readonly PolicyVersion[] {
		return [...this.describe(name).versions].reverse();
	}

	/** @throws {ServiceError} ResourceNotFoundException; DeleteConflictException for the default version. */
	deleteVersion(name: string, policyVersionId: string): void {
		const { isDefaultVersion } = this.getVersion(name, policyVersionId);
		if (isDefaultVersion) throw conflict("Cannot delete the default version of a policy");
		const former = this.describe(name);
		const versions = former.versions.filter((version) => version.policyVersionId !== policyVersionId);
		this.save({ ...former, versions }, this.ledger.instant());
	}

	/** @throws {ServiceError} ResourceNotFoundException. */
	setDefaultVersion(name: string, policyVersionId: string): void {
		if (this.getVersion(name, policyVersionId).isDefaultVersion) return;
		this.save({ ...this.describe(name), defaultVersionId: policyVersionId }, this.ledger.instant());
	}

	/**
	 * Attaches a policy; one that is attached already stays so.
	 * @param target ARN of a certificate or a thing group of the account, or a Cognito identity id.
	 * @throws {ServiceError} ResourceNotFoundException; InvalidRequestException for another target;
	 * LimitExceededException beyond ten policies of one target.
	 */
	attach(name: string, target: string): void {
		checkPolicyTarget(this.scope, target);
		this.describe(name);
		const names = this.attachments.get(target) ?? [];
		if (names.includes(name)) return;
		if (names.length >= MOST_POLICIES_OF_A_TARGET) {
			const message = `A target can have at most ${MOST_POLICIES_OF_A_TARGET} policies attached`;
			throw new ServiceError("LimitExceededException", message);
		}
		this.ledger.commit(this.attachments.put(target, [...names, name]));
	}

	/**
	 * Detaches a policy; one that is not attached stays so.
	 * @throws {ServiceError} InvalidRequestException, for an unknown policy too: AWS's model has no other type for it.
	 */
	detach(name: string, target: string): void {
		checkPolicyTarget(this.scope, target);
		if (!this.records.has(name)) throw new ServiceError("InvalidRequestException", notFound(name));
		const names = this.attachments.get(target) ?? [];
		if (!names.includes(name)) return;
		const left = names.filter((other) => other !== name);
		this.ledger.commit(left.length === 0 ? this.attachments.drop(target) : this.attachments.put(target, left));
	}

	/** Policies of a target, in the order in which they were attached. @throws {ServiceError} InvalidRequestException. */
	attachedTo(target: string): readonly PolicyRecord[] {
		checkPolicyTarget(this.scope, target);
		return (this.attachments.get(target) ?? []).map((name) => this.describe(name));
	}

	/** What a policy is attached to, in alphabetical order. @throws {ServiceError} ResourceNotFoundException. */
	targetsOf(name: string): readonly string[] {
		this.describe(name);
		const targets = this.attachments.keys().filter((target) => this.attachments.get(target)?.includes(name));
		return targets.toSorted();
	}

	/** The default versions of policies as the evaluator takes them; read once for each change. */
	named(...records: readonly PolicyRecord[]): readonly NamedPolicy[] {
		return records.map((record) => {
			const known = this.read.get(record);
			if (known !== undefined) return known;
			const policy = { name: record.policyName, document: parsePolicyDocument(defaultDocument(record)) };
			this.read.set(record, policy);
			return policy;
		});
	}

	private save(record: PolicyRecord, now: number): void {
		const { policyName, policyArn, defaultVersionId } = record;
		const versions = record.versions.map((version) => ({
			...version,
			isDefaultVersion: version.policyVersionId === defaultVersionId,
		}));
		const generationId = generationOf(policyArn, now);
		this.ledger.commit(this.records.put(policyName, { ...record, versions, lastModifiedDate: now, generationId }));
	}
}

function conflict(message: string): ServiceError {
	return new ServiceError("DeleteConflictException", message);
}

function notFound(name: string): string {
	return `Policy cannot be found (name=${name})`;
}
