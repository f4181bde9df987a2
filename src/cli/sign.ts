/**
 * `latchkey sign`: a token's signature and what to do with it.
 * @module
 */
import type { Command } from "commander";
import { encodeUsername } from "../device/connect-fields.js";
import { CREDENTIAL_VERSION, parseCredential } from "../device/credential/index.js";
import { DeviceError } from "../device/device-error.js";
import { parseRsaPrivateKey, signToken } from "../device/signing/index.js";
import { nodeDigest } from "../host/ports.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { readInput } from "./files.js";
import { addExamples, wantsJson } from "./output.js";

interface SignOptions {
	readonly keyFile: string;
	readonly tokenFile: string;
	readonly authorizerName?: string;
	readonly tokenKeyName: string;
	readonly username?: string;
	readonly only?: string;
	readonly json?: boolean;
}

export function addSignVerb(program: Command): void {
	const sign = program
		.command("sign")
		.description("sign a token as AWS IoT Core wants it, and print the MQTT username that carries it")
		.requiredOption("--key-file <file>", "RSA private key, PEM")
		.option("--token-file <file>", "the token; - for standard input; one line end after it is not part of it", "-")
		.option("--authorizer-name <name>", "the authorizer; left out: the default authorizer decides")
		.option("--token-key-name <name>", "the authorizer's token key name", "token")
		.option("--username <text>", "free text before the query, handed to the authorizer's function")
		.option("--only <part>", "print nothing but this: signature, username, or token as it was signed")
		.option("--json", "print one JSON line")
		.action(async (options: SignOptions) => printSignature(options));
	addExamples(sign, [
		"latchkey sign --key-file keys/private.pem --token-file token.txt --authorizer-name MyAuthorizer",
		"get-token | latchkey sign --key-file keys/private.pem --only signature",
	]);
}

async function printSignature(options: SignOptions): Promise<void> {
	const { only } = options;
	if (only !== undefined && !PARTS.includes(only))
		throw wrongOption(`--only: expected ${PARTS.join(", ")}, got ${only}`);
	if (options.keyFile === "-" && options.tokenFile === "-")
		throw wrongOption("--key-file and --token-file: standard input can be only one of them");
	const token = (await readInput(options.tokenFile, "token")).replace(/\r?\n$/, "");
	if (token === "")
		throw new CommandFailure({ code: "token-empty", cause: "the token is empty", exitCode: ExitCode.usage });
	const key = parseRsaPrivateKey(await readInput(options.keyFile, "key"));
	const signature = signToken(token, key, nodeDigest);
	const { username, authorizerName, tokenKeyName } = options;
	const parts = { username, authorizerName, signature, tokenKeyName, token };
	requireUsable(parts);
	const encoded = encodeUsername(parts);
	const results: Readonly<Record<string, string>> = { signature, username: encoded, token };
	if (only !== undefined) console.log(results[only]);
	else if (wantsJson(options.json)) console.log(JSON.stringify({ signature, username: encoded }));
	else
		console.log(`signature\n${signature}\n\nMQTT username\n${encoded}\n\ntry it against AWS\n${awsCommand(options)}`);
}

/** What no device could be given is refused here too, by the same rules. */
function requireUsable(parts: object): void {
	const device = { version: CREDENTIAL_VERSION, mode: "presigned", clientId: "any", endpoint: { host: "any" } };
	try {
		parseCredential(JSON.stringify({ ...device, ...parts }), nodeDigest);
	} catch (error) {
		if (!(error instanceof DeviceError)) throw error;
		throw new CommandFailure({ code: error.code, cause: error.message, exitCode: ExitCode.usage });
	}
}

/** What `--only` can name. */
const PARTS = ["signature", "username", "token"];

/** The AWS CLI's own test of the same token; token and signature come from where they are instead of being quoted. */
function awsCommand({ authorizerName, keyFile, tokenFile }: SignOptions): string {
	const input = tokenFile === "-" ? 'printf %s "$TOKEN" | ' : "";
	const source = tokenFile === "-" ? "" : ` --token-file ${shellQuote(tokenFile)}`;
	const sign = `${input}npx latchkey sign --key-file ${shellQuote(keyFile)}${source}`;
	return testCommand("aws iot", authorizerName ?? "AUTHORIZER", sign).join(" \\\n  ");
}

/**
 * Lines of a `test-invoke-authorizer` call.
 * @param program `aws iot`, or `npx latchkey`.
 * @param sign the `latchkey sign` call that makes token and signature.
 * @param more further options.
 */
export function testCommand(program: string, authorizerName: string, sign: string, more: readonly string[] = []) {
	return [
		`${program} test-invoke-authorizer --authorizer-name ${authorizerName}`,
		...more,
		`--token "$(${sign} --only token)"`,
		`--token-signature "$(${sign} --only signature)"`,
	];
}

function wrongOption(cause: string): CommandFailure {
	return new CommandFailure({ code: "wrong-option", cause, exitCode: ExitCode.usage });
}

/** `text` as one word of a POSIX shell. */
export function shellQuote(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
