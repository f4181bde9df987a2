/**
 * The Lambda functions of an account: their configurations, who may invoke them, and the running functions themselves.
 *
 * AWS's texts are used where they are known from its answers; the others are worded alike.
 * @module
 */
import type { AuthorizerFunction } from "../authorizer/index.js";
import { type AccountScope, functionArnOf } from "./account-scope.js";
import { derivedId } from "./derived-id.js";
import type {
	FunctionConfiguration,
	FunctionCreation,
	FunctionSource,
	FunctionUpdate,
} from "./function-configuration.js";
import { FUNCTION_NAME, functionNameOf, soughtFunctionArn } from "./function-name.js";
import { type Permission, type PermissionStatement, permitsAuthorizer, statementOf } from "./function-permissions.js";
import type { Ledger, Table } from "./ledger.js";
import type { OpenFunctions } from "./open-functions.js";
import { ServiceError } from "./service-error.js";
import type { Tag, TagRegistry } from "./tag-registry.js";

/** AWS Lambda API, "GetPolicy". */
export interface FunctionPolicy {
	/** JSON text. */
	readonly policy: string;
	/** Another one after each change. */
	readonly revisionId: string;
}

/** Characters of a function's policy (AWS Lambda Developer Guide, "Lambda quotas": 20 KB). */
const LONGEST_POLICY = 20_480;
/** Bytes of all environment variables (same page). */
const MOST_ENVIRONMENT = 4096;
/** Milliseconds; AWS waits no longer for an authorizer's function, whatever the function's own limit. */
const LONGEST_CALL = 5000;
const STATEMENT_ID = /^[\w-]{1,100}$/;

export class FunctionRegistry {
	private readonly scope: AccountScope;
	private readonly ledger: Ledger;
	private readonly tags: TagRegistry;
	private readonly running: OpenFunctions;
	private readonly records: Table<FunctionConfiguration>;
	/** By function name. */
	private readonly permissions: Table<readonly PermissionStatement[]>;

	constructor(scope: AccountScope, ledger: Ledger, tags: TagRegistry, running: OpenFunctions) {
		this.scope = scope;
		this.ledger = ledger;
		this.tags = tags;
		this.running = running;
		this.records = ledger.table("functions");
		this.permissions = ledger.table("permissions");
	}

	/**
	 * @throws {ServiceError} InvalidParameterValueException; ResourceConflictException where there is one of that name;
	 * what tags break.
	 */
	create({
		tags = [],
		...creation
	}: FunctionCreation & { readonly tags?: readonly Tag[] | undefined }): FunctionConfiguration {
		const record = newFunction(this.scope, creation, this.ledger.instant());
		const { functionName, functionArn } = record;
		if (this.records.has(functionName)) {
			throw new ServiceError("ResourceConflictException", `Function already exist: ${functionName}`);
		}
		this.ledger.commit(this.records.put(functionName, record), ...this.tags.changesFor(functionArn, tags));
		return this.describe(functionName);
	}

	/**
	 * Changes what is given; the next call starts the function as it is then, calls under way finish as it was.
	 * @throws {ServiceError} ResourceNotFoundException, InvalidParameterValueException.
	 */
	update(reference: string, update: FunctionUpdate): FunctionConfiguration {
		const former = this.describe(reference);
		const given = Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
		const record = { ...former, ...given, lastModified: this.ledger.instant() };
		checkFunction(record);
		this.ledger.commit(this.records.put(former.functionName, record));
		this.running.retire(former.functionArn);
		return this.describe(former.functionName);
	}

	/**
	 * Deletes a function with its policy and tags; calls under way finish.
	 * @throws {ServiceError} ResourceNotFoundException.
	 */
	delete(reference: string): void {
		const { functionName, functionArn } = this.describe(reference);
		const permissions = this.permissions.has(functionName) ? [this.permissions.drop(functionName)] : [];
		this.ledger.commit(this.records.drop(functionName), ...permissions, ...this.tags.removalOf(functionArn));
		this.running.retire(functionArn);
	}

	/**
	 * Settles when nothing runs any more of a function as it was before its changes or its deletion: only then may the code
	 * that it had go. It need not exist.
	 */
	async whenRetired(reference: string): Promise<void> {
		const name = functionNameOf(this.scope, reference);
		if (name !== undefined) await this.running.whenRetired(functionArnOf(this.scope, name));
	}

	/** @param reference name, partial ARN or ARN; a qualifier only if it is `$LATEST`. */
	get(reference: string): FunctionConfiguration | undefined {
		const name = functionNameOf(this.scope, reference);
		return name === undefined ? undefined : this.records.get(name);
	}

	/** @throws {ServiceError} ResourceNotFoundException. */
	describe(reference: string): FunctionConfiguration {
		const record = this.get(reference);
		if (record !== undefined) return record;
		const arn = soughtFunctionArn(this.scope, reference);
		throw new ServiceError("ResourceNotFoundException", `Function not found: ${arn}`);
	}

	/** In alphabetical order. */
	list(): readonly FunctionConfiguration[] {
		return this.records.values().toSorted((one, other) => (one.functionName < other.functionName ? -1 : 1));
	}

	/** The function itself, opened at its first use; undefined where nothing is registered under the ARN. */
	open(reference: string): AuthorizerFunction | undefined {
		const name = functionNameOf(this.scope, reference);
		if (name === undefined) return undefined;
		const arn = functionArnOf(this.scope, name);
		return this.running.embedded(arn) ?? this.running.open(arn, this.records.get(name));
	}

	/**
	 * Milliseconds that an authorizer's call of a function may take: its own timeout, and AWS's five seconds at most. They are
	 * those of a function that is embedded or not registered.
	 */
	callTimeout(reference: string): number {
		const name = functionNameOf(this.scope, reference);
		if (name === undefined || this.running.embedded(functionArnOf(this.scope, name)) !== undefined) return LONGEST_CALL;
		return Math.min(LONGEST_CALL, (this.records.get(name)?.timeout ?? Number.POSITIVE_INFINITY) * 1000);
	}

	/**
	 * Adds a statement to the function's policy, and answers with it.
	 * @throws {ServiceError} ResourceNotFoundException; InvalidParameterValueException; ResourceConflictException where
	 * the statement id is taken; PolicyLengthExceededException beyond 20 KB.
	 */
	addPermission(reference: string, permission: Permission): PermissionStatement {
		const { functionName, functionArn } = this.describe(reference);
		const { statementId } = permission;
		if (!STATEMENT_ID.test(statementId)) {
			throw invalid(`The statement id (${statementId}) must have 1 to 100 letters, digits, hyphens and underscores.`);
		}
		const former = this.permissions.get(functionName) ?? [];
		if (former.some(({ Sid }) => Sid === statementId)) {
			const remedy = "Please provide a new statement id, or remove the existing statement.";
			const message = `The statement id (${statementId}) provided already exists. ${remedy}`;
			throw new ServiceError("ResourceConflictException", message);
		}
		const statement = statementOf(permission, functionArn, this.scope.partition);
		const statements = [...former, statement];
		if (policyText(statements).length > LONGEST_POLICY) {
			const message = `The final policy size (${policyText(statements).length}) is bigger than the limit (${LONGEST_POLICY}).`;
			throw new ServiceError("PolicyLengthExceededException", message);
		}
		this.ledger.commit(this.permissions.put(functionName, statements));
		return statement;
	}

	/** @throws {ServiceError} ResourceNotFoundException for the function or the statement. */
	removePermission(reference: string, statementId: string): void {
		const { functionName } = this.describe(reference);
		const former = this.permissions.get(functionName);
		if (former === undefined) {
			throw new ServiceError("ResourceNotFoundException", "No policy is associated with the given resource.");
		}
		const left = former.filter(({ Sid }) => Sid !== statementId);
		if (left.length === former.length) {
			const message = `Statement ${statementId} is not found in resource policy.`;
			throw new ServiceError("ResourceNotFoundException", message);
		}
		const table = this.permissions;
		this.ledger.commit(left.length === 0 ? table.drop(functionName) : table.put(functionName, left));
	}

	/** The statements of a function's policy; none for a function that is not registered. */
	statements(reference: string): readonly PermissionStatement[] {
		const name = functionNameOf(this.scope, reference);
		return name === undefined ? [] : (this.permissions.get(name) ?? []);
	}

	/** @throws {ServiceError} ResourceNotFoundException for the function, and where it has no policy. */
	getPolicy(reference: string): FunctionPolicy {
		const { functionName, functionArn } = this.describe(reference);
		const statements = this.permissions.get(functionName);
		if (statements === undefined) {
			throw new ServiceError("ResourceNotFoundException", "The resource you requested does not exist.");
		}
		const policy = policyText(statements);
		return { policy, revisionId: derivedId(`${functionArn} ${policy}`) };
	}

	/** Whether AWS IoT may invoke a function for an authorizer. A function that is not registered permits nobody. */
	permits(functionArn: string, authorizerArn: string): boolean {
		const name = functionNameOf(this.scope, functionArn);
		if (name === undefined) return false;
		if (this.running.embedded(functionArnOf(this.scope, name)) !== undefined) return true;
		return this.statements(name).some((statement) => permitsAuthorizer(statement, authorizerArn, this.scope.accountId));
	}
}

/**
 * The record of a function.
 * @param now milliseconds since the epoch.
 * @throws {ServiceError} InvalidParameterValueException.
 */
export function newFunction(scope: AccountScope, creation: FunctionCreation, now: number): FunctionConfiguration {
	const { functionName, source, timeout = defaultTimeout(source), memorySize = 128 } = creation;
	const functionArn = functionArnOf(scope, functionName);
	const record = { ...creation, functionArn, timeout, memorySize, lastModified: now };
	checkFunction(record);
	return record;
}

/** Seconds. A function behind an endpoint has a timeout of its own there, which nobody here knows: AWS IoT's limit is all. */
function defaultTimeout(source: FunctionSource): number {
	return "endpoint" in source ? LONGEST_CALL / 1000 : 3;
}

function checkFunction({ functionName, timeout, memorySize, environment = {} }: FunctionConfiguration): void {
	if (!FUNCTION_NAME.test(functionName)) {
		throw invalid("The function name must have 1 to 64 letters, digits, hyphens and underscores.");
	}
	checkBounds("timeout", timeout, 1, 900);
	checkBounds("memorySize", memorySize, 128, 10_240);
	const size = Object.entries(environment).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
	if (size <= MOST_ENVIRONMENT) return;
	throw invalid(
		"Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
	);
}

function checkBounds(member: string, value: number, least: number, most: number): void {
	if (Number.isInteger(value) && value >= least && value <= most) return;
	const [rule, bound] = value > most ? ["less", most] : ["greater", least];
	const constraint = `Member must have value ${rule} than or equal to ${bound}`;
	throw invalid(
		`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
	);
}

function policyText(statements: readonly PermissionStatement[]): string {
	return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
}

function invalid(message: string): ServiceError {
	return new ServiceError("InvalidParameterValueException", message);
}
