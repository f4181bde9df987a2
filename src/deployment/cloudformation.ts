/**
 * A deployment as an AWS CloudFormation template (AWS CloudFormation Template Reference, "AWS::IoT::Authorizer" and its
 * neighbours).
 * @module
 */
import type { AuthorizerRecord, DomainConfigurationRecord } from "../account/index.js";
import { DEFAULT_RUNTIME } from "./bundle.js";
import { DEFAULT_AUTHORIZER_HANDLER } from "./default-authorizer-handler.js";
import type {
	DeployedFunction,
	DeployedPermission,
	DeployedPolicy,
	Deployment,
	ForeignFunction,
} from "./deployment.js";
import { LogicalNames, pascalCase } from "./logical-names.js";
import { mapTexts, type PseudoPart, textParts } from "./own-arns.js";

type Properties = Readonly<Record<string, unknown>>;

export interface TemplateResource {
	readonly Type: string;
	readonly DependsOn?: readonly string[] | undefined;
	readonly Properties: Properties;
}

export interface CloudFormationTemplate {
	readonly AWSTemplateFormatVersion: "2010-09-09";
	readonly Description: string;
	readonly Parameters?: Readonly<Record<string, Properties>> | undefined;
	readonly Resources: Readonly<Record<string, TemplateResource>>;
	readonly Outputs: Readonly<Record<string, Properties>>;
}

/** The template of a deployment; names of resources are those of the account. */
export function cloudFormationTemplate(deployment: Deployment): CloudFormationTemplate {
	const template = new Template(deployment);
	for (const planned of deployment.functions) template.addFunction(planned);
	for (const authorizer of deployment.authorizers) template.addAuthorizer(authorizer);
	for (const permission of deployment.permissions) template.addPermission(permission);
	if (deployment.defaultAuthorizer !== undefined) template.addDefaultAuthorizer(deployment.defaultAuthorizer);
	for (const configuration of deployment.domainConfigurations) template.addDomainConfiguration(configuration);
	for (const policy of deployment.policies) template.addPolicy(policy);
	return template.finish();
}

class Template {
	private readonly names = new LogicalNames(pascalCase);
	private readonly parameters: Record<string, Properties> = {};
	private readonly resources: Record<string, TemplateResource> = {};
	private readonly outputs: Record<string, Properties> = {};
	/** What stands for the ARN of an authorizer, by that ARN here. */
	private readonly authorizerArns = new Map<string, unknown>();
	/** What stands for the ARN of a function, by that ARN here. */
	private readonly functionArns = new Map<string, unknown>();
	private readonly deployment: Deployment;

	constructor(deployment: Deployment) {
		this.deployment = deployment;
	}

	addFunction(planned: DeployedFunction | ForeignFunction): void {
		const { functionArn, functionName } = planned;
		if (planned.kind === "foreign") {
			const parameter = this.names.get("FunctionArn", functionName);
			this.parameters[parameter] = {
				Type: "String",
				Description: `ARN of the function ${functionName}, which is not part of this template`,
			};
			this.functionArns.set(functionArn, { Ref: parameter });
			return;
		}
		const resource = this.names.get("Function", functionName);
		this.resources[resource] = {
			Type: "AWS::Lambda::Function",
			Properties: {
				FunctionName: functionName,
				Description: planned.description,
				Runtime: planned.runtime,
				Handler: "index.handler",
				Role: getAtt(this.addRole(functionName, []), "Arn"),
				Timeout: planned.timeout,
				MemorySize: planned.memorySize,
				Environment: this.environmentOf(planned),
				Code: { ZipFile: planned.code },
				Tags: this.tagsOf(functionArn),
			},
		};
		this.functionArns.set(functionArn, getAtt(resource, "Arn"));
	}

	addAuthorizer(authorizer: AuthorizerRecord): void {
		const { name, functionArn, tokenSigningPublicKeys, signingDisabled } = authorizer;
		const resource = this.names.get("Authorizer", name);
		const arn = this.functionArns.get(functionArn);
		this.resources[resource] = {
			Type: "AWS::IoT::Authorizer",
			Properties: {
				AuthorizerName: name,
				AuthorizerFunctionArn: arn,
				Status: authorizer.status,
				TokenKeyName: authorizer.tokenKeyName,
				TokenSigningPublicKeys: signingDisabled ? undefined : tokenSigningPublicKeys,
				SigningDisabled: signingDisabled,
				EnableCachingForHttp: authorizer.enableCachingForHttp,
				Tags: this.tagsOf(authorizer.arn),
			},
		};
		this.authorizerArns.set(authorizer.arn, getAtt(resource, "Arn"));
		this.outputs[`${resource}Arn`] = { Description: `ARN of the authorizer ${name}`, Value: getAtt(resource, "Arn") };
	}

	addPermission(permission: DeployedPermission): void {
		const { functionName, statementId, action, sourceArn, sourceAccount } = permission;
		this.resources[this.names.get("Permission", `${functionName} ${statementId}`)] = {
			Type: "AWS::Lambda::Permission",
			Properties: {
				Action: action,
				FunctionName: this.functionArns.get(permission.functionArn),
				Principal: this.located(permission.principal),
				SourceArn:
					sourceArn === undefined ? undefined : (this.authorizerArns.get(sourceArn) ?? this.located(sourceArn)),
				SourceAccount: sourceAccount === this.deployment.scope.accountId ? OWN_ACCOUNT : sourceAccount,
			},
		};
	}

	/** CloudFormation has no resource for it: a function of the template's own calls SetDefaultAuthorizer. */
	addDefaultAuthorizer(name: string): void {
		const handler = this.names.get("Function", "default authorizer");
		this.resources[handler] = {
			Type: "AWS::Lambda::Function",
			Properties: {
				Description: "Sets the default authorizer of AWS IoT Core",
				Runtime: DEFAULT_RUNTIME,
				Handler: "index.handler",
				Role: getAtt(this.addRole("default authorizer", DEFAULT_AUTHORIZER_ACTIONS), "Arn"),
				Timeout: 60,
				Code: { ZipFile: DEFAULT_AUTHORIZER_HANDLER },
			},
		};
		this.resources["DefaultAuthorizer"] = {
			Type: "Custom::DefaultAuthorizer",
			Properties: {
				ServiceToken: getAtt(handler, "Arn"),
				AuthorizerName: { Ref: this.names.get("Authorizer", name) },
			},
		};
	}

	addDomainConfiguration(configuration: DomainConfigurationRecord): void {
		const { name, domainType, serverName, authorizerConfig, serverCertificateArns } = configuration;
		const isOwn = domainType === "CUSTOMER_MANAGED";
		const given = serverCertificateArns.length > 0 ? serverCertificateArns : undefined;
		this.resources[this.names.get("DomainConfiguration", name)] = {
			Type: "AWS::IoT::DomainConfiguration",
			Properties: {
				DomainConfigurationName: name,
				DomainName: isOwn ? serverName : undefined,
				ServerCertificateArns: isOwn ? (given ?? [{ Ref: this.addCertificate(name, serverName) }]) : undefined,
				ValidationCertificateArn: configuration.validationCertificateArn,
				ServiceType: configuration.serviceType,
				DomainConfigurationStatus: configuration.status,
				AuthorizerConfig: this.authorizerConfigOf(authorizerConfig),
				AuthenticationType: configuration.authenticationType,
				ApplicationProtocol: configuration.applicationProtocol,
				TlsConfig: tlsConfigOf(configuration),
				Tags: this.tagsOf(configuration.arn),
			},
		};
	}

	addPolicy({ policyName, policyArn, policyDocument, targets }: DeployedPolicy): void {
		const resource = this.names.get("Policy", policyName);
		this.resources[resource] = {
			Type: "AWS::IoT::Policy",
			Properties: {
				PolicyName: policyName,
				PolicyDocument: mapTexts(JSON.parse(policyDocument), (text) => this.located(text)),
				Tags: this.tagsOf(policyArn),
			},
		};
		for (const target of targets) {
			this.resources[this.names.get("Attachment", `${policyName} ${target}`)] = {
				Type: "AWS::IoT::PolicyPrincipalAttachment",
				DependsOn: [resource],
				Properties: { PolicyName: policyName, Principal: this.located(target) },
			};
		}
	}

	finish(): CloudFormationTemplate {
		return {
			AWSTemplateFormatVersion: "2010-09-09",
			Description: "Custom authentication of AWS IoT Core: authorizers, their functions, permissions and policies",
			...(Object.keys(this.parameters).length === 0 ? {} : { Parameters: this.parameters }),
			Resources: this.resources,
			Outputs: this.outputs,
		};
	}

	/** A text with the account and the region that it is deployed to in place of the account's own. */
	private located(text: string): unknown {
		const parts = textParts(text, this.deployment.scope);
		if (parts.every((part) => typeof part === "string")) return text;
		const template = parts.map((part) => (typeof part === "string" ? substitutionText(part) : PSEUDO[part.pseudo]));
		return { "Fn::Sub": template.join("") };
	}

	private tagsOf(arn: string): readonly Properties[] | undefined {
		const tags = Object.entries(this.deployment.tagsOf(arn));
		return tags.length === 0 ? undefined : tags.map(([Key, Value]) => ({ Key, Value }));
	}

	private addRole(functionName: string, actions: readonly string[]): string {
		const role = this.names.get("Role", functionName);
		this.resources[role] = {
			Type: "AWS::IAM::Role",
			Properties: {
				AssumeRolePolicyDocument: policyDocument({
					Effect: "Allow",
					Principal: { Service: "lambda.amazonaws.com" },
					Action: "sts:AssumeRole",
				}),
				ManagedPolicyArns: [
					// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
					{ "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" },
				],
				Policies:
					actions.length === 0
						? undefined
						: [
								{
									PolicyName: "authorizers",
									PolicyDocument: policyDocument({ Effect: "Allow", Action: actions, Resource: "*" }),
								},
							],
			},
		};
		return role;
	}

	/** Values may be secrets: they are asked for and not shown. */
	private environmentOf({ functionName, environment }: DeployedFunction): Properties | undefined {
		if (environment.length === 0) return undefined;
		const variables = environment.map((variable) => {
			const parameter = this.names.get("Environment", `${functionName} ${variable}`);
			this.parameters[parameter] = {
				Type: "String",
				NoEcho: true,
				Description: `Environment variable ${variable} of the function ${functionName}`,
			};
			return [variable, { Ref: parameter }];
		});
		return { Variables: Object.fromEntries(variables) };
	}

	private addCertificate(name: string, serverName: string): string {
		const parameter = this.names.get("CertificateArn", name);
		this.parameters[parameter] = {
			Type: "String",
			Description: `ARN of the certificate for ${serverName} in AWS Certificate Manager`,
		};
		return parameter;
	}

	private authorizerConfigOf(config: DomainConfigurationRecord["authorizerConfig"]): Properties | undefined {
		if (config === undefined) return undefined;
		const { defaultAuthorizerName: name, allowAuthorizerOverride } = config;
		return {
			DefaultAuthorizerName: name === undefined ? undefined : { Ref: this.names.get("Authorizer", name) },
			AllowAuthorizerOverride: allowAuthorizerOverride,
		};
	}
}

/** Pseudo parameters as Fn::Sub takes them. */
const PSEUDO: Readonly<Record<PseudoPart, string>> = {
	partition: pseudoParameter("Partition"),
	region: pseudoParameter("Region"),
	account: pseudoParameter("AccountId"),
};
const OWN_ACCOUNT = { Ref: "AWS::AccountId" };

function pseudoParameter(name: string): string {
	return `\${AWS::${name}}`;
}

/** Text that Fn::Sub leaves as it is: it writes `${!Name}` as `${Name}`. */
function substitutionText(text: string): string {
	return text.replace(/\$\{(?=[^}]*\})/g, "${!");
}

const DEFAULT_AUTHORIZER_ACTIONS = [
	"iot:SetDefaultAuthorizer",
	"iot:ClearDefaultAuthorizer",
	"iot:DescribeDefaultAuthorizer",
];

function tlsConfigOf({ tlsConfig }: DomainConfigurationRecord): Properties | undefined {
	return tlsConfig?.securityPolicy === undefined ? undefined : { SecurityPolicy: tlsConfig.securityPolicy };
}

function getAtt(resource: string, attribute: string) {
	return { "Fn::GetAtt": [resource, attribute] };
}

function policyDocument(statement: Properties): Properties {
	return { Version: "2012-10-17", Statement: [statement] };
}
