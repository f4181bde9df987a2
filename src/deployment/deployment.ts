/**
 * What of an account goes to AWS: its authorizers, the functions they name, policies, domain configurations and the
 * default authorizer, with the functions' code bundled.
 * @module
 */
import { resolve } from "node:path";
import type {
	Account,
	AccountScope,
	AuthorizerRecord,
	DomainConfigurationRecord,
	FunctionConfiguration,
	Permission,
	PermissionStatement,
} from "../account/index.js";
import { bundleFunction, type CodeSource, DEFAULT_RUNTIME } from "./bundle.js";

/** A function whose code goes along. */
export interface DeployedFunction {
	readonly kind: "code";
	readonly functionName: string;
	readonly functionArn: string;
	/** A CommonJS module that exports `handler` and needs nothing but Node.js and the AWS SDK for JavaScript v3. */
	readonly code: string;
	/** Such as `nodejs22.x`: the function's own if it is one of Node.js. */
	readonly runtime: string;
	readonly description: string | undefined;
	/** Seconds. */
	readonly timeout: number;
	/** MB. */
	readonly memorySize: number;
	/** Names of its environment variables; the values are the account's own affair. */
	readonly environment: readonly string[];
}

/** A function that is somewhere else; whoever deploys says where. */
export interface ForeignFunction {
	readonly kind: "foreign";
	readonly functionName: string;
	readonly functionArn: string;
}

/** A statement of a function's policy, as AddPermission takes it. */
export interface DeployedPermission extends Permission {
	/** As its authorizers name it. */
	readonly functionArn: string;
	readonly functionName: string;
}

export interface DeployedPolicy {
	readonly policyName: string;
	readonly policyArn: string;
	/** JSON text. */
	readonly policyDocument: string;
	/** Thing groups and Cognito identities that it is attached to; certificates of the account do not exist on AWS. */
	readonly targets: readonly string[];
}

export interface Deployment {
	/** Whose ARNs the others are. */
	readonly scope: AccountScope;
	readonly functions: readonly (DeployedFunction | ForeignFunction)[];
	/** Who may invoke the functions. */
	readonly permissions: readonly DeployedPermission[];
	readonly authorizers: readonly AuthorizerRecord[];
	/** Name of the account's default authorizer. */
	readonly defaultAuthorizer: string | undefined;
	readonly policies: readonly DeployedPolicy[];
	readonly domainConfigurations: readonly DomainConfigurationRecord[];
	/** Tags of a resource by its ARN. */
	readonly tagsOf: (arn: string) => Readonly<Record<string, string>>;
	/** What may go otherwise on AWS than here, a sentence each. */
	readonly warnings: readonly string[];
}

/** A default that names no authorizer of the account: AWS would refuse it halfway through the deployment. */
export class MissingAuthorizerError extends Error {
	override readonly name = "MissingAuthorizerError";
	readonly code = "authorizer-missing";
	readonly remedy = "create that authorizer or name another default";
}

/**
 * Collects what an account deploys.
 * @param packages folder that the directories of deployment packages are below.
 * @throws {BundleError} for a function whose code cannot be bundled.
 * @throws {MissingAuthorizerError} for a default that does not exist.
 */
export async function planDeployment(account: Account, packages = ""): Promise<Deployment> {
	checkDefaults(account);
	const authorizers = account.listAuthorizers();
	const arns = [...new Set(authorizers.map(({ functionArn }) => functionArn))];
	const planned = await Promise.all(arns.map((arn) => planFunction(arn, account.functions.get(arn), packages)));
	const attachments = planAttachments(account);
	const { accountId, region, partition } = account;
	return {
		scope: { accountId, region, partition },
		functions: planned.map(({ plan }) => plan),
		permissions: arns.flatMap((arn) =>
			account.functions.statements(arn).map((statement) => permissionOf(arn, statement)),
		),
		warnings: [
			...planned.flatMap(({ warnings }) => warnings),
			...authorizers.flatMap((authorizer) => permissionWarnings(account, authorizer)),
			...attachments.flatMap(attachmentWarnings),
		],
		authorizers,
		defaultAuthorizer: account.authorizers.defaultName,
		policies: account.policies.list({ ascending: true }).map(({ policyName, policyArn, defaultVersionId }) => ({
			policyName,
			policyArn,
			policyDocument: account.policies.getVersion(policyName, defaultVersionId).policyDocument,
			targets: attachments
				.filter((attachment) => attachment.policyName === policyName && attachment.kind !== "certificate")
				.map(({ target }) => target),
		})),
		domainConfigurations: account.domainConfigurations.list(),
		tagsOf: (arn) => Object.fromEntries(account.tags.list(arn).map(({ Key, Value }) => [Key, Value ?? ""])),
	};
}

interface Attachment {
	readonly policyName: string;
	readonly target: string;
	readonly kind: "certificate" | "thing-group" | "cognito-identity";
}

function planAttachments({ policies }: Account): readonly Attachment[] {
	return policies
		.list({ ascending: true })
		.flatMap(({ policyName }) =>
			policies.targetsOf(policyName).map((target) => ({ policyName, target, kind: kindOf(target) })),
		);
}

function kindOf(target: string): Attachment["kind"] {
	if (!target.startsWith("arn:")) return "cognito-identity";
	return target.includes(":cert/") ? "certificate" : "thing-group";
}

function attachmentWarnings({ policyName, target, kind }: Attachment): readonly string[] {
	switch (kind) {
		case "certificate": {
			const remedy = `aws iot attach-policy --policy-name ${policyName} --target <ARN of a certificate on AWS>`;
			return [
				`The policy ${policyName} is attached to ${target} here, a certificate that AWS does not have; attach it there: ${remedy}`,
			];
		}
		case "thing-group":
			return [`The policy ${policyName} is attached to ${target}: that thing group has to be on AWS before`];
		case "cognito-identity":
			return [];
	}
}

function permissionWarnings({ functions }: Account, { name, arn, functionArn }: AuthorizerRecord): readonly string[] {
	if (functions.permits(functionArn, arn)) return [];
	const functionName = functions.get(functionArn)?.functionName ?? functionArn;
	return [
		`The function ${functionName} does not let AWS IoT invoke it for the authorizer ${name}, and will not on AWS`,
	];
}

interface PlannedFunction {
	readonly plan: DeployedFunction | ForeignFunction;
	readonly warnings: readonly string[];
}

async function planFunction(
	functionArn: string,
	configuration: FunctionConfiguration | undefined,
	packages: string,
): Promise<PlannedFunction> {
	const functionName = configuration?.functionName ?? nameIn(functionArn);
	if (configuration === undefined || "endpoint" in configuration.source) {
		return { plan: { kind: "foreign", functionName, functionArn }, warnings: [] };
	}
	const { source, description, timeout, memorySize, environment = {} } = configuration;
	const place: CodeSource = "module" in source ? source : { ...source, directory: resolve(packages, source.directory) };
	const runtime = configuration.runtime?.startsWith("nodejs") ? configuration.runtime : DEFAULT_RUNTIME;
	const { code, warnings } = await bundleFunction(functionName, place, runtime);
	const plan: DeployedFunction = {
		kind: "code",
		functionName,
		functionArn,
		code,
		runtime,
		description,
		timeout,
		memorySize,
		environment: Object.keys(environment),
	};
	return { plan, warnings };
}

function permissionOf(functionArn: string, statement: PermissionStatement): DeployedPermission {
	const { Sid, Action, Resource, Principal, Condition } = statement;
	return {
		functionArn,
		functionName: nameIn(Resource),
		statementId: Sid,
		action: Action,
		principal: typeof Principal === "string" ? Principal : "Service" in Principal ? Principal.Service : Principal.AWS,
		sourceArn: Condition?.ArnLike?.["AWS:SourceArn"],
		sourceAccount: Condition?.StringEquals?.["AWS:SourceAccount"],
	};
}

function nameIn(functionArn: string): string {
	return functionArn.split(":")[6] ?? functionArn;
}

function checkDefaults({ authorizers, domainConfigurations }: Account): void {
	const defaults = [
		{ of: "The account", name: authorizers.defaultName },
		...domainConfigurations
			.list()
			.map(({ name, defaultAuthorizer }) => ({ of: `The domain configuration ${name}`, name: defaultAuthorizer })),
	];
	for (const { of, name } of defaults) {
		if (name === undefined || authorizers.get(name) !== undefined) continue;
		throw new MissingAuthorizerError(`${of} has the default authorizer ${name}, which does not exist`);
	}
}
