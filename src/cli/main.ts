/**
 * The `latchkey` command: one verb a file, errors in one form, exit codes as documented.
 * @module
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addDemoVerb } from "./demo.js";
import { addDeviceVerb } from "./device.js";
import { addExportVerb } from "./export.js";
import { asCommandFailure, ExitCode } from "./failure.js";
import { watchOutput } from "./interruption.js";
import { addKeysVerb } from "./keys.js";
import { paintFor } from "./output.js";
import { addSignVerb } from "./sign.js";
import { addTestAuthorizationVerb } from "./test-authorization.js";
import { addTestInvokeAuthorizerVerb } from "./test-invoke-authorizer.js";
import { addUpVerb } from "./up.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
	version: string;
};

const program = new Command("latchkey")
	.description("ESP32 devices on AWS IoT Core by a custom authorizer: a local gateway that explains every refusal")
	.version(version)
	.showHelpAfterError("(add --help for the options and examples)")
	.exitOverride()
	.addHelpText(
		"after",
		`
Examples:
  $ latchkey demo                     one token, end to end
  $ latchkey keys create              a key pair for an authorizer
  $ latchkey up                       a gateway and AWS's API with a development account
  $ latchkey sign --key-file keys/private.pem --token-file token.txt
  $ latchkey test-invoke-authorizer --authorizer-name MyAuthorizer --token file://token.txt --explain

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted; a refused connection exits with its MQTT code.`,
	);
const verbs = [
	addDemoVerb,
	addUpVerb,
	addDeviceVerb,
	addKeysVerb,
	addSignVerb,
	addTestInvokeAuthorizerVerb,
	addTestAuthorizationVerb,
	addExportVerb,
];
for (const addVerb of verbs) addVerb(program);
// `exitOverride` is not inherited by commands that exist already.
for (const verb of program.commands) for (const command of [verb, ...verb.commands]) command.exitOverride();

watchOutput();
try {
	await program.parseAsync();
} catch (error) {
	process.exitCode = report(error);
}

/** Says what went wrong on stderr. */
function report(error: unknown): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.success : ExitCode.usage;
	const failure = asCommandFailure(error);
	// Neither a wrong usage nor a known failure: a defect, whose stack helps whoever mends it.
	if (failure === undefined) throw error;
	const { red, bold } = paintFor(process.stderr);
	process.stderr.write(`${red("latchkey:")} ${failure.message} ${`(${failure.code})`}\n`);
	if (failure.remedy !== undefined) process.stderr.write(`${bold("remedy:")} ${failure.remedy}\n`);
	return failure.exitCode;
}
