/**
 * The `latchkey` command: one verb a file, errors in one form, exit codes as documented.
 * @module
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { asCommandFailure, ExitCode } from "./failure.js";
import { watchOutput } from "./interruption.js";
import { paintFor } from "./output.js";

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

LATCHKEY_OUTPUT=json in the environment stands for --json. In these examples latchkey is npx latchkey.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted; a refused connection exits with its MQTT code.`,
	);
const verbs = new Map<string, () => Promise<(program: Command) => void>>([
	["demo", async () => (await import("./demo.js")).addDemoVerb],
	["up", async () => (await import("./up.js")).addUpVerb],
	["device", async () => (await import("./device.js")).addDeviceVerb],
	["update", async () => (await import("./update.js")).addUpdateVerb],
	["keys", async () => (await import("./keys.js")).addKeysVerb],
	["sign", async () => (await import("./sign.js")).addSignVerb],
	["test-invoke-authorizer", async () => (await import("./test-invoke-authorizer.js")).addTestInvokeAuthorizerVerb],
	["test-authorization", async () => (await import("./test-authorization.js")).addTestAuthorizationVerb],
	["export", async () => (await import("./export.js")).addExportVerb],
]);
for (const load of wantedVerbs(process.argv[2] ?? "")) (await load())(program);
// `exitOverride` is not inherited by commands that exist already.
for (const verb of program.commands) for (const command of [verb, ...verb.commands]) command.exitOverride();

watchOutput();
try {
	await program.parseAsync();
} catch (error) {
	process.exitCode = report(error);
}

/** A verb is loaded when it is named, none for the version; help and words that are no verb need them all. */
function wantedVerbs(first: string) {
	if (first === "--version" || first === "-V") return [];
	const named = verbs.get(first);
	return named === undefined ? [...verbs.values()] : [named];
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
