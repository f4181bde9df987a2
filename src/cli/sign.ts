/**
 * `latchkey sign`: a token's signature and what to do with it.
 * @module
 */
import type { Command } from "commander";
import { encodeUsername } from "../device/connect-fields.js";
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
	readonly only?: "signature" | "username";
	readonly json?: boolean;
}

export function addSignVerb(program: Command): void {
	const sign = program
		.command("sign")
		.description("sign a token as AWS IoT Core wants it, and print the MQTT username that carries it")
		.requiredOption("--key-file <file>", "RSA private key, PEM")
		.option("--token-file <file>", "the token; - for standard input; one line feed at its end is not part of it", "-")
		.option("--authorizer-name <name>", "the authorizer; left out: the default authorizer decides")
		.option("--token-key-name <name>", "the authorizer's token key name", "token")
		.option("--username <text>", "free text before the query, handed to the authorizer's function")
		.option("--only <part>", "print nothing but the signature or the username")
		.option("--json", "print one JSON line")
		.action(async (options: SignOptions) => printSignature(options));
	addExamples(sign, [
		"latchkey sign --key-file keys/private.pem --token-file token.txt --authorizer-name MyAuthorizer",
		"get-token | latchkey sign --key-file keys/private.pem --only signature",
	]);
}

async function printSignature(options: SignOptions): Promise<void> {
	const { only } = options;
	if (only !== undefined && only !== "signature" && only !== "username")
		throw new CommandFailure({
			code: "wrong-option",
			cause: "--only: expected signature or username",
			exitCode: ExitCode.usage,
		});
	const token = (await readInput(options.tokenFile, "token")).replace(/\r?\n$/, "");
	if (token === "")
		throw new CommandFailure({ code: "token-empty", cause: "the token is empty", exitCode: ExitCode.usage });
	const key = parseRsaPrivateKey(await readInput(options.keyFile, "key"));
	const signature = signToken(token, key, nodeDigest);
	const { username, authorizerName, tokenKeyName } = options;
	const encoded = encodeUsername({
		...(username === undefined ? {} : { username }),
		...(authorizerName === undefined ? {} : { authorizerName }),
		signature,
		tokenKeyName,
		token,
	});
	if (only !== undefined) console.log(only === "signature" ? signature : encoded);
	else if (wantsJson(options.json)) console.log(JSON.stringify({ signature, username: encoded }));
	else
		console.log(`signature\n${signature}\n\nMQTT username\n${encoded}\n\ntry it against AWS\n${awsCommand(options)}`);
}

/** The AWS CLI's own test of the same token; it reads token and signature from where they are instead of quoting them. */
function awsCommand({ authorizerName, keyFile, tokenFile }: SignOptions): string {
	const token = tokenFile === "-" ? "$TOKEN" : `$(cat ${shellQuote(tokenFile)})`;
	const tokenInput = tokenFile === "-" ? 'printf %s "$TOKEN" | ' : "";
	const source = tokenFile === "-" ? "" : ` --token-file ${shellQuote(tokenFile)}`;
	const signature = `$(${tokenInput}npx latchkey sign --key-file ${shellQuote(keyFile)}${source} --only signature)`;
	return [
		`aws iot test-invoke-authorizer --authorizer-name ${authorizerName ?? "AUTHORIZER"}`,
		`  --token "${token}"`,
		`  --token-signature "${signature}"`,
	].join(" \\\n");
}

/** `text` as one word of a POSIX shell. */
export function shellQuote(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
