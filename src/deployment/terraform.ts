/**
 * A deployment as a Terraform configuration in JSON (Terraform language documentation, "JSON Configuration Syntax"), for the
 * provider hashicorp/aws.
 * @module
 */
import type { AuthorizerRecord, DomainConfigurationRecord } from "../account/index.js";
import type {
	DeployedFunction,
	DeployedPermission,
	DeployedPolicy,
	Deployment,
	ForeignFunction,
} from "./deployment.js";
import { LogicalNames, snakeCase } from "./logical-names.js";
import { mapTexts, type PseudoPart, textParts } from "./own-arns.js";

type Block = Readonly<Record<string, unknown>>;

export interface TerraformConfiguration {
	readonly terraform: Block;
	readonly variable?: Readonly<Record<string, Block>> | undefined;
	readonly data: Readonly<Record<string, Readonly<Record<string, Block>>>>;
	readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

const EXECUTION_ROLE = "service-role/AWSLambdaBasicExecutionRole";

/** The configuration of a deployment; names of resources are those of the account. */
export function terraformConfiguration(deployment: Deployment): TerraformConfiguration {
	const configuration = new Configuration(deployment);
	for (const planned of deployment.functions) configuration.addFunction(planned);
	for (const authorizer of deployment.authorizers) configuration.addAuthorizer(authorizer);
	for (const permission of deployment.permissions) configuration.addPermission(permission);
	if (deployment.defaultAuthorizer !== undefined) configuration.addDefaultAuthorizer(deployment.defaultAuthorizer);
	for (const domain of deployment.domainConfigurations) configuration.addDomainConfiguration(domain);
	for (const policy of deployment.policies) configuration.addPolicy(policy);
	return configuration.finish();
}

class Configuration {
	private readonly names = new LogicalNames(snakeCase);
	private readonly variables: Record<string, Block> = {};
	private readonly data: Record<string, Record<string, Block>> = {
		aws_caller_identity: { current: {} },
		aws_partition: { current: {} },
		aws_region: { current: {} },
	};
	private readonly resources: Record<string, Record<string, Block>> = {};
	/** Expressions for the ARNs of functions, by their ARN here. */
	private readonly functionArns = new Map<string, string>();
	/** Expressions for the ARNs of authorizers, by their ARN here. */
	private readonly authorizerArns = new Map<string, string>();
	private readonly deployment: Deployment;

	constructor(deployment: Deployment) {
		this.deployment = deployment;
	}

	addFunction(planned: DeployedFunction | ForeignFunction): void {
		const { functionArn, functionName } = planned;
		const name = this.names.get("function", functionName);
		if (planned.kind === "foreign") {
			const description = `ARN of the function ${functionName}, which is not part of this configuration`;
			this.functionArns.set(functionArn, this.variable(`${name}_arn`, { description: literal(description) }));
			return;
		}
		this.put(this.data, "archive_file", name, {
			type: "zip",
			output_path: reference(`path.module`, `/${name}.zip`),
			source: [{ filename: "index.js", content: literal(planned.code) }],
		});
		this.put(this.resources, "aws_iam_role", name, {
			name_prefix: "latchkey-",
			assume_role_policy: literal(
				JSON.stringify({
					Version: "2012-10-17",
					Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
				}),
			),
		});
		this.put(this.resources, "aws_iam_role_policy_attachment", name, {
			role: reference(`aws_iam_role.${name}.name`),
			policy_arn: `arn:${reference("data.aws_partition.current.partition")}:iam::aws:policy/${EXECUTION_ROLE}`,
		});
		this.put(this.resources, "aws_lambda_function", name, {
			function_name: literal(functionName),
			description: planned.description === undefined ? undefined : literal(planned.description),
			role: reference(`aws_iam_role.${name}.arn`),
			runtime: planned.runtime,
			handler: "index.handler",
			timeout: planned.timeout,
			memory_size: planned.memorySize,
			filename: reference(`data.archive_file.${name}.output_path`),
			source_code_hash: reference(`data.archive_file.${name}.output_base64sha256`),
			environment: this.environmentOf(planned),
			tags: this.tagsOf(functionArn),
		});
		this.functionArns.set(functionArn, reference(`aws_lambda_function.${name}.arn`));
	}

	addAuthorizer(authorizer: AuthorizerRecord): void {
		const { name: authorizerName, functionArn, tokenKeyName, tokenSigningPublicKeys, signingDisabled } = authorizer;
		const name = this.names.get("authorizer", authorizerName);
		const arn = this.functionArns.get(functionArn);
		const keys = Object.entries(tokenSigningPublicKeys).map(([key, pem]) => [literal(key), literal(pem)]);
		this.put(this.resources, "aws_iot_authorizer", name, {
			name: literal(authorizerName),
			authorizer_function_arn: arn,
			status: authorizer.status,
			token_key_name: tokenKeyName,
			token_signing_public_keys: signingDisabled ? undefined : Object.fromEntries(keys),
			signing_disabled: signingDisabled,
			enable_caching_for_http: authorizer.enableCachingForHttp,
			tags: this.tagsOf(authorizer.arn),
		});
		this.authorizerArns.set(authorizer.arn, reference(`aws_iot_authorizer.${name}.arn`));
	}

	addPermission(permission: DeployedPermission): void {
		const { functionName, statementId, action, sourceArn, sourceAccount } = permission;
		this.put(this.resources, "aws_lambda_permission", this.names.get("permission", `${functionName} ${statementId}`), {
			statement_id: statementId,
			action,
			function_name: this.functionArns.get(permission.functionArn),
			principal: this.located(permission.principal),
			source_arn: sourceArn === undefined ? undefined : (this.authorizerArns.get(sourceArn) ?? this.located(sourceArn)),
			source_account: sourceAccount === this.deployment.scope.accountId ? PSEUDO.account : sourceAccount,
		});
	}

	/**
	 * The provider has no resource for it: the AWS CLI sets it, on the machine that applies the configuration. AWS deletes no
	 * authorizer that is the default, so the CLI clears it before. A provisioner that destroys may refer to `self` alone.
	 */
	addDefaultAuthorizer(authorizerName: string): void {
		const name = reference(`aws_iot_authorizer.${this.names.get("authorizer", authorizerName)}.name`);
		this.put(this.resources, "terraform_data", "default_authorizer", {
			input: { authorizer: name, region: PSEUDO.region },
			triggers_replace: [name],
			provisioner: [
				{ "local-exec": { command: SET_DEFAULT_AUTHORIZER, environment: OF_DEFAULT_AUTHORIZER } },
				{ "local-exec": { when: "destroy", command: CLEAR_DEFAULT_AUTHORIZER, environment: OF_DEFAULT_AUTHORIZER } },
			],
		});
	}

	addDomainConfiguration(configuration: DomainConfigurationRecord): void {
		const { domainType, serverName, serverCertificateArns, authorizerConfig, tlsConfig } = configuration;
		const name = this.names.get("domain_configuration", configuration.name);
		const isOwn = domainType === "CUSTOMER_MANAGED";
		const certificate = () => {
			const description = `ARN of the certificate for ${serverName} in AWS Certificate Manager`;
			return this.variable(`${name}_certificate_arn`, { description: literal(description) });
		};
		this.put(this.resources, "aws_iot_domain_configuration", name, {
			name: literal(configuration.name),
			domain_name: isOwn ? literal(serverName) : undefined,
			server_certificate_arns: isOwn ? [serverCertificateArns[0] ?? certificate()] : undefined,
			validation_certificate_arn: configuration.validationCertificateArn,
			service_type: configuration.serviceType,
			status: configuration.status,
			authentication_type: configuration.authenticationType,
			application_protocol: configuration.applicationProtocol,
			authorizer_config: this.authorizerConfigOf(authorizerConfig),
			tls_config: tlsConfig?.securityPolicy === undefined ? undefined : [{ security_policy: tlsConfig.securityPolicy }],
			tags: this.tagsOf(configuration.arn),
		});
	}

	addPolicy({ policyName, policyArn, policyDocument, targets }: DeployedPolicy): void {
		const name = this.names.get("policy", policyName);
		this.put(this.resources, "aws_iot_policy", name, {
			name: literal(policyName),
			policy: JSON.stringify(mapTexts(JSON.parse(policyDocument), (text) => this.located(text))),
			tags: this.tagsOf(policyArn),
		});
		for (const target of targets) {
			this.put(this.resources, "aws_iot_policy_attachment", this.names.get("attachment", `${policyName} ${target}`), {
				policy: reference(`aws_iot_policy.${name}.name`),
				target: this.located(target),
			});
		}
	}

	finish(): TerraformConfiguration {
		return {
			terraform: {
				required_version: ">= 1.4",
				required_providers: {
					aws: { source: "hashicorp/aws", version: ">= 5.80" },
					archive: { source: "hashicorp/archive", version: ">= 2.4" },
				},
			},
			...(Object.keys(this.variables).length === 0 ? {} : { variable: this.variables }),
			data: this.data,
			resource: this.resources,
		};
	}

	/** A text with the account and the region that it is deployed to in place of the account's own. */
	private located(text: string): string {
		const parts = textParts(text, this.deployment.scope);
		return parts.map((part) => (typeof part === "string" ? literal(part) : PSEUDO[part.pseudo])).join("");
	}

	private tagsOf(arn: string): Block | undefined {
		const tags = Object.entries(this.deployment.tagsOf(arn));
		if (tags.length === 0) return undefined;
		return Object.fromEntries(tags.map(([key, value]) => [literal(key), literal(value)]));
	}

	private put(section: Record<string, Record<string, Block>>, type: string, name: string, block: Block): void {
		const blocks = section[type] ?? {};
		section[type] = blocks;
		blocks[name] = block;
	}

	private variable(name: string, block: Block): string {
		this.variables[name] = { type: "string", ...block };
		return reference(`var.${name}`);
	}

	/** Values may be secrets: they are asked for and not shown. */
	private environmentOf({ functionName, environment }: DeployedFunction): Block | undefined {
		if (environment.length === 0) return undefined;
		const variables = environment.map((variable) => {
			const name = this.names.get("environment", `${functionName} ${variable}`);
			const description = literal(`Environment variable ${variable} of the function ${functionName}`);
			return [variable, this.variable(name, { description, sensitive: true })];
		});
		return { variables: Object.fromEntries(variables) };
	}

	private authorizerConfigOf(config: DomainConfigurationRecord["authorizerConfig"]): readonly Block[] | undefined {
		if (config === undefined) return undefined;
		const { defaultAuthorizerName: fallback, allowAuthorizerOverride } = config;
		return [
			{
				default_authorizer_name:
					fallback === undefined
						? undefined
						: reference(`aws_iot_authorizer.${this.names.get("authorizer", fallback)}.name`),
				allow_authorizer_override: allowAuthorizerOverride,
			},
		];
	}
}

const PSEUDO: Readonly<Record<PseudoPart, string>> = {
	partition: reference("data.aws_partition.current.partition"),
	region: reference("data.aws_region.current.id"),
	account: reference("data.aws_caller_identity.current.account_id"),
};

const SET_DEFAULT_AUTHORIZER = 'aws iot set-default-authorizer --region "$REGION" --authorizer-name "$AUTHORIZER_NAME"';
/** Another default, set since, stays. */
const CLEAR_DEFAULT_AUTHORIZER = [
	'name=$(aws iot describe-default-authorizer --region "$REGION"',
	"--query authorizerDescription.authorizerName --output text);",
	'[ "$name" != "$AUTHORIZER_NAME" ] || aws iot clear-default-authorizer --region "$REGION"',
].join(" ");
const OF_DEFAULT_AUTHORIZER = {
	AUTHORIZER_NAME: reference("self.input.authorizer"),
	REGION: reference("self.input.region"),
};

/** `${expression}rest`, which Terraform evaluates. */
function reference(expression: string, rest = ""): string {
	return `\${${expression}}${rest}`;
}

/** Text that Terraform takes as it is: every string of the JSON syntax is a template, where `${` and `%{` begin something. */
function literal(text: string): string {
	return text.replace(/([$%])\{/g, "$1$1{");
}
