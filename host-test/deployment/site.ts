/**
 * One of everything that is deployed.
 * @module
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Account, type Permission } from "../../src/account/index.js";
import { type Deployment, planDeployment } from "../../src/deployment/index.js";
import { createKeyPair } from "../authorizer/keys.js";

const EXAMPLE = fileURLToPath(new URL("../../examples/authorizer.ts", import.meta.url));
const CERTIFICATE = `arn:aws:iot:eu-west-1:123456789012:cert/${"ab".repeat(32)}`;

/** A policy with everything that a template language could take for its own. */
export const POLICY = {
	Version: "2012-10-17",
	Statement: [
		{
			Effect: "Allow",
			Action: "iot:Connect",
			// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
			Resource: "arn:aws:iot:eu-west-1:123456789012:client/${iot:ClientId}",
		},
		{ Effect: "Deny", Action: "iot:Publish", Resource: "arn:aws:iot:eu-west-1:123456789012:topic/%{if}/secret" },
	],
};

/** The policy as CloudFormation takes it: the account and the region are those of the deployment. */
export const SUBSTITUTED_POLICY = {
	Version: "2012-10-17",
	Statement: [
		{
			Effect: "Allow",
			Action: "iot:Connect",
			Resource: {
				// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
				"Fn::Sub": "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:client/${!iot:ClientId}",
			},
		},
		{
			Effect: "Deny",
			Action: "iot:Publish",
			Resource: {
				// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
				"Fn::Sub": "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:topic/%{if}/secret",
			},
		},
	],
};

/** The plan of an account with one of everything. */
export async function fullPlan(): Promise<Deployment> {
	const packages = await mkdtemp(join(tmpdir(), "latchkey-deployment-"));
	try {
		return await planDeployment(await fullAccount(packages), packages);
	} finally {
		// The plan holds the functions' code.
		await rm(packages, { recursive: true });
	}
}

/** @param packages folder in which the code of its packages is put. */
async function fullAccount(packages: string): Promise<Account> {
	const directory = "Packaged/one";
	await mkdir(join(packages, directory), { recursive: true });
	await writeFile(join(packages, directory, "index.js"), "exports.judge = async () => ({ isAuthenticated: false });\n");
	const account = new Account({});
	const { functions, authorizers, policies, domainConfigurations } = account;
	functions.create({ functionName: "Example", source: { module: EXAMPLE }, environment: { SECRET: "s3cr3t" } });
	functions.create({ functionName: "Packaged", source: { directory, handler: "index.judge" } });
	functions.create({ functionName: "Elsewhere", source: { endpoint: "http://127.0.0.1:3001" } });
	authorizers.create({
		authorizerName: "My=Devices",
		authorizerFunctionArn: account.functionArn("Example"),
		tokenKeyName: "token",
		tokenSigningPublicKeys: { K1: createKeyPair().publicKey },
		status: "ACTIVE",
	});
	authorizers.create({
		authorizerName: "My-Devices",
		authorizerFunctionArn: account.functionArn("Packaged"),
		signingDisabled: true,
		enableCachingForHttp: true,
		tags: [{ Key: "team", Value: "devices" }],
	});
	authorizers.create({
		authorizerName: "Far",
		authorizerFunctionArn: account.functionArn("Elsewhere"),
		signingDisabled: true,
	});
	const permit = (functionName: string, statementId: string, more: Partial<Permission> = {}) =>
		functions.addPermission(functionName, {
			statementId,
			action: "lambda:InvokeFunction",
			principal: "iot.amazonaws.com",
			...more,
		});
	const ofIot = "arn:aws:iot:eu-west-1:123456789012:";
	permit("Example", "mine", { sourceArn: `${ofIot}authorizer/My=Devices`, sourceAccount: "123456789012" });
	permit("Example", "others", { principal: "123456789012", action: "lambda:GetFunction" });
	permit("Packaged", "any", { sourceArn: `${ofIot}authorizer/*` });
	authorizers.setDefault("My=Devices");
	policies.create({
		policyName: "Own.Topics",
		policyDocument: JSON.stringify(POLICY),
		// biome-ignore lint/suspicious/noTemplateCurlyInString: a tag that looks like a template
		tags: [{ Key: "kind", Value: "${if}%{x}" }],
	});
	policies.attach("Own.Topics", "eu-west-1:01234567-89ab-cdef-0123-456789abcdef");
	policies.attach("Own.Topics", CERTIFICATE);
	domainConfigurations.create({
		domainConfigurationName: "devices",
		authorizerConfig: { defaultAuthorizerName: "My=Devices", allowAuthorizerOverride: false },
		tags: [{ Key: "stage" }],
	});
	domainConfigurations.create({
		domainConfigurationName: "own.name",
		domainName: "iot.example.com",
		authenticationType: "CUSTOM_AUTH",
		applicationProtocol: "SECURE_MQTT",
	});
	return account;
}
