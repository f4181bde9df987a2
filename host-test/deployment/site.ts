/**
 * One of everything that is deployed.
 * @module
 */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Account } from "../../src/account/index.js";
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

/** The plan of an account with one of everything. */
export async function fullPlan(): Promise<Deployment> {
	const packages = await mkdtemp(join(tmpdir(), "latchkey-deployment-"));
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
	});
	authorizers.create({
		authorizerName: "Far",
		authorizerFunctionArn: account.functionArn("Elsewhere"),
		signingDisabled: true,
	});
	authorizers.setDefault("My=Devices");
	policies.create({ policyName: "Own.Topics", policyDocument: JSON.stringify(POLICY) });
	policies.attach("Own.Topics", CERTIFICATE);
	domainConfigurations.create({
		domainConfigurationName: "devices",
		authorizerConfig: { defaultAuthorizerName: "My=Devices", allowAuthorizerOverride: false },
	});
	domainConfigurations.create({
		domainConfigurationName: "own.name",
		domainName: "iot.example.com",
		authenticationType: "CUSTOM_AUTH",
		applicationProtocol: "SECURE_MQTT",
	});
	return planDeployment(account, packages);
}
