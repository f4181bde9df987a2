import { fileURLToPath } from "node:url";
import test from "ava";
import { Account } from "../../src/account/index.js";
import { MissingAuthorizerError } from "../../src/deployment/deployment.js";
import { cloudFormationTemplate, planDeployment, terraformConfiguration } from "../../src/deployment/index.js";

const module = fileURLToPath(new URL("../../examples/authorizer.ts", import.meta.url));

/** An account with a function of this many seconds and an authorizer A. */
function createAccount(timeout?: number): Account {
	const account = new Account();
	account.functions.create({ functionName: "F", source: { module }, timeout });
	account.authorizers.create({
		authorizerName: "A",
		authorizerFunctionArn: account.functionArn("F"),
		signingDisabled: true,
	});
	return account;
}

for (const [configured, seconds] of [
	[undefined, 3],
	[1, 1],
	[900, 900],
] as const) {
	test(`a function of ${seconds} seconds here has them on AWS`, async (t) => {
		const plan = await planDeployment(createAccount(configured));
		const { Resources } = cloudFormationTemplate(plan);
		const { resource } = terraformConfiguration(plan);
		t.is(Resources["FunctionF"]?.Properties["Timeout"], seconds);
		t.is(resource["aws_lambda_function"]?.["function_f"]?.["timeout"], seconds);
	});
}

test("a default of the account that does not exist is an error that names it", async (t) => {
	const account = createAccount();
	account.setDefaultAuthorizer("Gone");
	const error = await t.throwsAsync(planDeployment(account), { instanceOf: MissingAuthorizerError });
	t.is(error.message, "The account has the default authorizer Gone, which does not exist");
	t.is(error.code, "authorizer-missing");
});

test("a default of a domain configuration that does not exist is an error that names both", async (t) => {
	const account = createAccount();
	account.putDomainConfiguration({
		name: "devices",
		serverName: "devices.test",
		defaultAuthorizer: "Gone",
		allowAuthorizerOverride: true,
		authenticationType: "CUSTOM_AUTH",
		applicationProtocol: "SECURE_MQTT",
	});
	const error = await t.throwsAsync(planDeployment(account), { instanceOf: MissingAuthorizerError });
	t.is(error.message, "The domain configuration devices has the default authorizer Gone, which does not exist");
});
