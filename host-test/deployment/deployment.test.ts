import { fileURLToPath } from "node:url";
import test from "ava";
import { Account, loadAccount } from "../../src/account/index.js";
import { MissingAuthorizerError } from "../../src/deployment/deployment.js";
import { cloudFormationTemplate, planDeployment, terraformConfiguration } from "../../src/deployment/index.js";
import { POLICY } from "./site.js";

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

test("a function keeps its own Node.js runtime, any other gets the default one", async (t) => {
	const account = createAccount();
	for (const [runtime, wanted] of [
		["nodejs20.x", "nodejs20.x"],
		["python3.12", "nodejs22.x"],
	] as const) {
		account.functions.update("F", { runtime });
		const plan = await planDeployment(account);
		t.is(cloudFormationTemplate(plan).Resources["FunctionF"]?.Properties["Runtime"], wanted);
		t.is(terraformConfiguration(plan).resource["aws_lambda_function"]?.["function_f"]?.["runtime"], wanted);
	}
});

test("a function that permits nobody permits nobody on AWS, and that is told", async (t) => {
	const plan = await planDeployment(createAccount());
	t.deepEqual(plan.permissions, []);
	t.deepEqual(plan.warnings, [
		"The function F does not let AWS IoT invoke it for the authorizer A, and will not on AWS",
	]);
	t.is(terraformConfiguration(plan).resource["aws_lambda_permission"], undefined);
});

test("the permissions that follow from a configuration go along", async (t) => {
	const config = { functions: { F: { module } }, authorizers: { A: { function: "F", signingDisabled: true } } };
	const openFunction = () => ({ invoke: async () => null, close: async () => {} });
	const plan = await planDeployment(loadAccount(JSON.stringify(config), { directory: "/", openFunction }));
	t.deepEqual(plan.warnings, []);
	t.like(Object.values(terraformConfiguration(plan).resource["aws_lambda_permission"] ?? {})[0], {
		statement_id: "1-A",
		principal: "iot.amazonaws.com",
	});
});

test("permissions of a function that its authorizer names by $LATEST are the function's", async (t) => {
	const account = createAccount();
	account.authorizers.update("A", { authorizerFunctionArn: `${account.functionArn("F")}:$LATEST` });
	account.functions.addPermission("F", { statementId: "all", action: "lambda:*", principal: "*" });
	const { Resources } = cloudFormationTemplate(await planDeployment(account));
	t.deepEqual(Resources["PermissionFAll"]?.Properties["FunctionName"], { "Fn::GetAtt": ["FunctionF", "Arn"] });
});

test("an attachment to a certificate is left out and told of, with the command that makes it on AWS", async (t) => {
	const account = new Account();
	const certificate = `arn:aws:iot:eu-west-1:123456789012:cert/${"ab".repeat(32)}`;
	const group = "arn:aws:iot:eu-west-1:123456789012:thinggroup/G";
	account.policies.create({ policyName: "P", policyDocument: JSON.stringify(POLICY) });
	for (const target of [certificate, group]) account.policies.attach("P", target);
	const plan = await planDeployment(account);
	t.deepEqual(plan.policies[0]?.targets, [group]);
	t.deepEqual(plan.warnings, [
		`The policy P is attached to ${certificate} here, a certificate that AWS does not have; attach it there: aws iot attach-policy --policy-name P --target <ARN of a certificate on AWS>`,
		`The policy P is attached to ${group}: that thing group has to be on AWS before`,
	]);
});
