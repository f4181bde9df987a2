/** @module */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { Command } from "commander";
import { TEST_AUTHORIZATION, TEST_INVOKE_AUTHORIZER } from "../../src/aws-options/index.js";
import { type AwsVerbOptions, addOperationOptions, readRequest } from "../../src/cli/aws/options.js";
import { ARGUMENT_LISTS, FILES } from "../aws-options/argument-lists.js";
import { inputOf } from "../aws-options/given-options.js";

const folder = mkdtempSync(join(tmpdir(), "latchkey-aws-verbs-"));
for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
const home = process.cwd();
test.before(() => process.chdir(folder));
test.after.always(() => {
	process.chdir(home);
	rmSync(folder, { recursive: true });
});

/** What the command makes of an argument list: input and warnings, or a refusal. */
function requestBy(args: readonly string[]): Promise<unknown> {
	const operation = args[0] === "test-authorization" ? TEST_AUTHORIZATION : TEST_INVOKE_AUTHORIZER;
	const command = new Command().exitOverride();
	addOperationOptions(command, operation);
	command.parse(args.slice(1), { from: "user" });
	return readRequest(operation, command.opts<AwsVerbOptions>());
}

async function outcomeOf(read: () => Promise<unknown>): Promise<unknown> {
	try {
		return await read();
	} catch (error) {
		return (error as Error).message;
	}
}

for (const args of ARGUMENT_LISTS) {
	test.serial(`the command reads ${JSON.stringify(args)} as the AWS CLI does`, async (t) => {
		t.deepEqual(await outcomeOf(() => requestBy(args)), await outcomeOf(() => inputOf(args)));
	});
}

test.serial("a value that begins with a hyphen, or stands behind an equals sign, is a value", async (t) => {
	const request = await requestBy([
		"test-invoke-authorizer",
		"--authorizer-name=A",
		"--token",
		"-x",
		"--token-signature=--y",
	]);
	t.deepEqual(request, { input: { authorizerName: "A", token: "-x", tokenSignature: "--y" }, warnings: [] });
});

test.serial("file:// knows the home folder and variables", async (t) => {
	process.env["LATCHKEY_TEST_FOLDER"] = folder;
	for (const path of ["$LATCHKEY_TEST_FOLDER/token", `\${LATCHKEY_TEST_FOLDER}/token`]) {
		const request = await requestBy(["test-invoke-authorizer", "--authorizer-name", "A", "--token", `file://${path}`]);
		t.like(request, { input: { token: FILES["token"] } });
	}
});
