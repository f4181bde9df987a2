/**
 * What of an account goes to AWS: its authorizers, the functions they name, policies, domain configurations and the
 * default authorizer, with the functions' code bundled.
 * @module
 */
import type { Account, AuthorizerRecord, DomainConfigurationRecord, FunctionConfiguration } from "../account/index.js";
import { bundleFunction } from "./bundle.js";

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
}

/** Seconds of an authorizer's call; AWS ends it then whatever the function's own limit is. */
const LONGEST_CALL = 5;

/**
 * Collects what an account deploys.
 * @throws {BundleError} for a function whose code cannot be bundled.
 */
export async function planDeployment(account: Account): Promise<Deployment> {
	const authorizers = account.listAuthorizers();
	const arns = [...new Set(authorizers.map(({ functionArn }) => functionArn))];
	return {
		functions: await Promise.all(arns.map((arn) => planFunction(arn, account.functions.get(arn)))),
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

async function planFunction(
	functionArn: string,
	configuration: FunctionConfiguration | undefined,
): Promise<DeployedFunction | ForeignFunction> {
	const functionName = configuration?.functionName ?? functionArn.split(":")[6] ?? functionArn;
	if (configuration === undefined || "endpoint" in configuration.source) {
		return { kind: "foreign", functionName, functionArn };
	}
	const { description, timeout, memorySize, environment = {} } = configuration;
	return {
		kind: "code",
		functionName,
		functionArn,
		code: await bundleFunction(functionName, configuration.source),
		description,
		timeout: Math.max(timeout, LONGEST_CALL),
		memorySize,
		environment: Object.keys(environment),
	};
}
