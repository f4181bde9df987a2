/**
 * `latchkey export`: the account as a template that deploys it to AWS.
 * @module
 */
import { writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { stringify } from "yaml";
import {
	cloudFormationTemplate,
	type Deployment,
	planDeployment,
	terraformConfiguration,
} from "../deployment/index.js";
import { CONFIG_FILE, DATA_FOLDER, readAccount } from "./account-source.js";
import { packageFolder } from "./functions.js";
import { addExamples } from "./output.js";

interface ExportOptions {
	readonly config?: string;
	readonly data: string;
	readonly format?: "json" | "yaml";
	readonly out?: string;
}

/** Bytes of a template that CloudFormation takes without a bucket (AWS CloudFormation User Guide, "Quotas"). */
const INLINE_TEMPLATE = 51_200;

export function addExportVerb(program: Command): void {
	const verb = program
		.command("export")
		.description("write a template that deploys this account's custom authentication to AWS");
	const cloudFormation = withOptions(verb.command("cloudformation"))
		.description("an AWS CloudFormation template: authorizers, functions, permissions, policies, domain configurations")
		.addOption(new Option("--format <name>", "of the template").choices(["yaml", "json"]).default("yaml"))
		.action((options: ExportOptions) => exportTo(options, cloudFormationText));
	addExamples(cloudFormation, [
		"latchkey export cloudformation --out template.yaml",
		"aws cloudformation deploy --template-file template.yaml --stack-name devices --capabilities CAPABILITY_IAM",
	]);
	const terraform = withOptions(verb.command("terraform"))
		.description("a Terraform configuration in JSON, for the providers hashicorp/aws and hashicorp/archive")
		.action((options: ExportOptions) => exportTo(options, terraformText));
	addExamples(terraform, ["latchkey export terraform --out latchkey.tf.json", "terraform init && terraform apply"]);
}

function withOptions(command: Command): Command {
	return command
		.option(
			"--config <file>",
			`the account (default: ${CONFIG_FILE} here, else the development account that latchkey up made)`,
		)
		.option("--data <folder>", "where changes of the API are kept", DATA_FOLDER)
		.option("--out <file>", "file to write (default: standard output)");
}

async function exportTo(
	options: ExportOptions,
	render: (plan: Deployment, options: ExportOptions) => string,
): Promise<void> {
	const account = await readAccount(options);
	try {
		const plan = await planDeployment(account, packageFolder(options.data));
		for (const warning of plan.warnings) process.stderr.write(`latchkey: ${warning}\n`);
		const text = render(plan, options);
		if (options.out === undefined) process.stdout.write(text);
		else {
			await writeFile(options.out, text);
			process.stderr.write(`latchkey: ${options.out} written\n`);
		}
	} finally {
		await account.close();
	}
}

function cloudFormationText(plan: Deployment, { format }: ExportOptions): string {
	// Undefined members go, as JSON leaves them out.
	const json = JSON.stringify(cloudFormationTemplate(plan), null, 2);
	const text = format === "json" ? `${json}\n` : stringify(JSON.parse(json), { lineWidth: 0, version: "1.1" });
	const bytes = Buffer.byteLength(text);
	if (bytes > INLINE_TEMPLATE) {
		const how = "give aws cloudformation deploy a bucket: --s3-bucket NAME";
		process.stderr.write(`latchkey: the template has ${bytes} bytes, over ${INLINE_TEMPLATE}: ${how}\n`);
	}
	return text;
}

function terraformText(plan: Deployment): string {
	return `${JSON.stringify(terraformConfiguration(plan), null, 2)}\n`;
}
