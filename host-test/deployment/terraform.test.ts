import test from "ava";
import fc from "fast-check";
import { Account } from "../../src/account/index.js";
import { planDeployment, terraformConfiguration } from "../../src/deployment/index.js";
import { fullPlan, POLICY } from "./site.js";

const configuration = terraformConfiguration(await fullPlan());
const text = JSON.stringify(configuration);

/** What Terraform makes of a string without references in it. */
function evaluated(template: string): string {
	return template.replaceAll("$${", "${").replaceAll("%%{", "%{");
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
		if (first === "path") continue;
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
	t.deepEqual(references(String(policy?.["policy"])), []);
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

test("each authorizer may invoke its function", (t) => {
	t.is(Object.keys(configuration.resource["aws_lambda_permission"] ?? {}).length, 3);
});

test("the default authorizer is set by the AWS CLI", (t) => {
	t.regex(text, /aws iot set-default-authorizer/);
});

test("values of environment variables are asked for, never written", (t) => {
	t.false(text.includes("s3cr3t"));
	const asked = Object.values(configuration.variable ?? {}).filter(({ sensitive }) => sensitive === true);
	t.is(asked.length, 1);
});
