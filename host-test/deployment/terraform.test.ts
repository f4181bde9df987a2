/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's references */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { Account } from "../../src/account/index.js";
import { planDeployment, terraformConfiguration } from "../../src/deployment/index.js";
import { fullPlan, POLICY } from "./site.js";

const configuration = terraformConfiguration(await fullPlan());
const text = JSON.stringify(configuration);

/** What Terraform makes of a string whose references are those to where it deploys. */
function evaluated(template: string): string {
	return template
		.replaceAll("${data.aws_partition.current.partition}", "aws")
		.replaceAll("${data.aws_region.current.id}", "eu-west-1")
		.replaceAll("${data.aws_caller_identity.current.account_id}", "123456789012")
		.replaceAll("$${", "${")
		.replaceAll("%%{", "%{");
}

/** `${...}` that Terraform would evaluate. */
function references(value: string): readonly string[] {
	return [...value.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, expression]) => expression ?? "");
}

test("every reference leads to a block of the configuration", (t) => {
	const strings: string[] = [];
	JSON.stringify(configuration, (_, value) => {
		if (typeof value === "string") strings.push(value);
		return value;
	});
	const expressions = strings.flatMap(references);
	t.true(expressions.length > 20);
	for (const expression of expressions) {
		const [first = "", second = "", third = ""] = expression.split(".");
		if (first === "path" || first === "self") continue;
		const known =
			first === "var"
				? configuration.variable?.[second]
				: first === "data"
					? configuration.data[second]?.[third]
					: configuration.resource[first]?.[second];
		t.truthy(known, expression);
	}
});

test("text that looks like a template stays text", (t) => {
	const [policy] = Object.values(configuration.resource["aws_iot_policy"] ?? {});
	t.deepEqual(JSON.parse(evaluated(String(policy?.["policy"]))), POLICY);
	t.deepEqual(evaluated(JSON.stringify(policy?.["tags"])), '{"kind":"${if}%{x}"}');
});

test("any policy comes back as it was", async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.stringMatching(/^[${}%a-z]{0,20}$/), async (name) => {
			const account = new Account({});
			const document = structuredClone(POLICY);
			for (const statement of document.Statement) statement.Resource += name.replaceAll("${", "$");
			account.policies.create({ policyName: "P", policyDocument: JSON.stringify(document) });
			const { resource } = terraformConfiguration(await planDeployment(account));
			const [policy] = Object.values(resource["aws_iot_policy"] ?? {});
			t.deepEqual(JSON.parse(evaluated(String(policy?.["policy"]))), document);
		}),
	);
});

test("nothing names the account that the configuration was made of", (t) => {
	t.false(text.includes("123456789012"));
});

test("functions have the permissions that they have here, and no others", (t) => {
	const permissions = configuration.resource["aws_lambda_permission"] ?? {};
	t.deepEqual(
		Object.values(permissions).map((permission) => permission["statement_id"]),
		["mine", "others", "any"],
	);
	t.deepEqual(permissions["permission_example_mine"], {
		statement_id: "mine",
		action: "lambda:InvokeFunction",
		function_name: "${aws_lambda_function.function_example.arn}",
		principal: "iot.amazonaws.com",
		source_arn: "${aws_iot_authorizer.authorizer_my_devices.arn}",
		source_account: "${data.aws_caller_identity.current.account_id}",
	});
	const { principal, source_arn } = permissions["permission_example_others"] ?? {};
	t.deepEqual([evaluated(String(principal)), source_arn], ["arn:aws:iam::123456789012:root", undefined]);
	t.is(
		evaluated(String(permissions["permission_packaged_any"]?.["source_arn"])),
		"arn:aws:iot:eu-west-1:123456789012:authorizer/*",
	);
});

/** Runs the provisioner at an index by a shell whose `aws` says that `current` is the default, and tells its calls. */
async function provision(t: ExecutionContext, index: number, current: string): Promise<readonly string[]> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-terraform-"));
	t.teardown(() => rmSync(folder, { recursive: true }));
	const script = `#!/bin/sh\necho "$*" >> "${folder}/calls"\ncase "$2" in describe-*) echo "${current}";; esac\n`;
	writeFileSync(join(folder, "aws"), script, { mode: 0o755 });
	const { provisioner } = configuration.resource["terraform_data"]?.["default_authorizer"] ?? {};
	const { command } = (provisioner as readonly { "local-exec": { command: string } }[])[index]?.["local-exec"] ?? {};
	const PATH = `${folder}:${process.env["PATH"]}`;
	const env = { PATH, AUTHORIZER_NAME: "My=Devices", REGION: "eu-west-1" };
	await promisify(execFile)("/bin/sh", ["-c", String(command)], { env });
	return readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
}

test("the default authorizer is set by the AWS CLI, in the region of the deployment", async (t) => {
	t.deepEqual(await provision(t, 0, ""), [
		"iot set-default-authorizer --region eu-west-1 --authorizer-name My=Devices",
	]);
});

test("a default authorizer that goes is cleared before, by what its block itself knows; another one stays", async (t) => {
	const { input, provisioner } = configuration.resource["terraform_data"]?.["default_authorizer"] ?? {};
	t.like(input, { authorizer: "${aws_iot_authorizer.authorizer_my_devices.name}" });
	const [, destroying] = provisioner as readonly { "local-exec": { when?: string } }[];
	t.is(destroying?.["local-exec"].when, "destroy");
	t.true(references(JSON.stringify(destroying)).every((expression) => expression.startsWith("self.input.")));
	const describe =
		"iot describe-default-authorizer --region eu-west-1 --query authorizerDescription.authorizerName --output text";
	t.deepEqual(await provision(t, 1, "My=Devices"), [describe, "iot clear-default-authorizer --region eu-west-1"]);
	t.deepEqual(await provision(t, 1, "Other"), [describe]);
});

test("values of environment variables are asked for, never written", (t) => {
	t.false(text.includes("s3cr3t"));
	const asked = Object.values(configuration.variable ?? {}).filter(({ sensitive }) => sensitive === true);
	t.is(asked.length, 1);
});
