/**
 * What of an account goes to AWS: its authorizers, the functions they name, policies, domain configurations and the
 * default authorizer, with the functions' code bundled.
 * @module
 */
import { resolve } from "node:path";
import type { Account, AuthorizerRecord, DomainConfigurationRecord, FunctionConfiguration } from "../account/index.js";
import { bundleFunction, type CodeSource } from "./bundle.js";

/** A function whose code goes along. */
export interface DeployedFunction {
	readonly kind: "code";
	readonly functionName: string;
	readonly functionArn: string;
	/** A CommonJS module that exports `handler` and needs nothing but Node.js and the AWS SDK for JavaScript v3. */
	readonly code: string;
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

export interface DeployedPolicy {
	readonly policyName: string;
	/** JSON text. */
	readonly policyDocument: string;
	/** Certificates and Cognito identities that it is attached to. */
	readonly targets: readonly string[];
}

export interface Deployment {
	readonly functions: readonly (DeployedFunction | ForeignFunction)[];
	readonly authorizers: readonly AuthorizerRecord[];
	/** Name of the account's default authorizer. */
	readonly defaultAuthorizer: string | undefined;
	readonly policies: readonly DeployedPolicy[];
	readonly domainConfigurations: readonly DomainConfigurationRecord[];
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
	return {
		functions: planned.map(({ plan }) => plan),
		warnings: planned.flatMap(({ warnings }) => warnings),
		authorizers,
		defaultAuthorizer: account.authorizers.defaultName,
		policies: account.policies.list({ ascending: true }).map(({ policyName, defaultVersionId }) => ({
			policyName,
			policyDocument: account.policies.getVersion(policyName, defaultVersionId).policyDocument,
			targets: account.policies.targetsOf(policyName),
		})),
		domainConfigurations: account.domainConfigurations.list(),
	};
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
	const functionName = configuration?.functionName ?? functionArn.split(":")[6] ?? functionArn;
	if (configuration === undefined || "endpoint" in configuration.source) {
		return { plan: { kind: "foreign", functionName, functionArn }, warnings: [] };
	}
	const { source, description, timeout, memorySize, environment = {} } = configuration;
	const place: CodeSource = "module" in source ? source : { ...source, directory: resolve(packages, source.directory) };
	const { code, warnings } = await bundleFunction(functionName, place);
	const plan: DeployedFunction = {
		kind: "code",
		functionName,
		functionArn,
		code,
		description,
		timeout,
		memorySize,
		environment: Object.keys(environment),
	};
	return { plan, warnings };
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
