/**
 * A gateway of one's own with everything it needs, and the words to tell others how to reach it.
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Account, loadAccount } from "../account/index.js";
import { type AuthorizerFunction, openLocalFunction } from "../authorizer/index.js";
import { Gateway } from "../gateway/index.js";
import { printable } from "../policy/index.js";
import { DEVELOPMENT_AUTHORIZER, type DevelopmentAccount } from "./development-account.js";
import { CommandFailure } from "./failure.js";
import { type GatewayCertificates, openCertificates } from "./gateway-files.js";
import { awsTestCommand, shellQuote } from "./sign.js";

/** The name every machine knows itself by, so that clients reach the gateway by it and send it as server name. */
const LOCAL_SERVER_NAME = "localhost";

/**
 * The account of a configuration, as `latchkey.json` has it. What its functions print goes to stderr: that is their author's
 * affair, who may print what they were given.
 * @param directory what relative paths in it start from.
 */
export function openAccount(config: unknown, directory: string): Account {
	return loadAccount(config, { directory, openFunction });
}

/** A function need not be there yet, as on AWS; until it is, its authorizers refuse everybody. */
function openFunction(file: string): AuthorizerFunction {
	if (!existsSync(file)) process.stderr.write(`latchkey: there is no function at ${file} yet\n`);
	return openLocalFunction(file, { log: (line) => process.stderr.write(`  function: ${printable(line, 4000)}\n`) });
}

export interface StageOptions {
	readonly account: Account;
	/** Where the certificates are kept. */
	readonly directory: string;
	readonly host: string;
	readonly port: number;
	/** Names by which clients reach the gateway, besides `localhost` and those of the account. */
	readonly serverNames?: readonly string[];
	readonly explain?: boolean;
}

export interface Stage {
	readonly gateway: Gateway;
	readonly certificates: GatewayCertificates;
	/** What clients are told to connect to, and to send as server name. */
	readonly endpoint: { readonly host: string; readonly port: number; readonly serverName: string };
}

export async function openStage(options: StageOptions): Promise<Stage> {
	const { account, directory, host, port, explain = false } = options;
	const [named] = options.serverNames ?? [];
	const serverNames = [...new Set([...(options.serverNames ?? []), LOCAL_SERVER_NAME])];
	const certificates = await openCertificates(directory, [...serverNames, ...account.domainNames()], Date.now());
	const { certificate: cert, privateKey: key } = certificates.server;
	const tls = { key, cert };
	const gateway = await Gateway.start({ host, port, tls, serverNames, account, explain }).catch((error: unknown) => {
		throw cannotListen(host, port, error as NodeJS.ErrnoException);
	});
	const reachedAs = named ?? (HERE.has(host) ? LOCAL_SERVER_NAME : host);
	return {
		gateway,
		certificates,
		endpoint: { host: reachedAs, port: gateway.port, serverName: named ?? LOCAL_SERVER_NAME },
	};
}

function cannotListen(host: string, port: number, { code, message }: NodeJS.ErrnoException): CommandFailure {
	return new CommandFailure({
		code: code === "EADDRINUSE" ? "port-in-use" : "cannot-listen",
		cause: `the gateway cannot listen on ${host}, port ${port} (${code ?? message})`,
		remedy: "take another port (0 for any free one) or an address of this machine",
	});
}

/** Addresses that `localhost` leads to. */
const HERE: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost", "0.0.0.0", "::"]);

/** The first event of `demo` and `up`: what a script needs to talk to the gateway. */
export function upEvent({ endpoint, certificates }: Stage, account: DevelopmentAccount | undefined) {
	return {
		event: "up",
		gateway: { ...endpoint, caFile: certificates.caFile },
		api: null,
		...(account === undefined
			? {}
			: {
					authorizer: DEVELOPMENT_AUTHORIZER,
					keyFile: account.keyFile,
					tokenFile: account.tokenFile,
					clientId: account.clientId,
				}),
	};
}

/** Whose token it is, and how it is signed and sent; words in capitals where only the user knows. */
export interface Speaker {
	readonly authorizer: { readonly name: string; readonly tokenKeyName: string };
	readonly clientId: string;
	readonly keyFile: string;
	readonly tokenFile: string;
	readonly topic: string;
}

/** The development account's own client. */
export function developmentSpeaker({ clientId, keyFile, tokenFile }: DevelopmentAccount): Speaker {
	return { authorizer: DEVELOPMENT_AUTHORIZER, clientId, keyFile, tokenFile, topic: `devices/${clientId}/readings` };
}

/** Somebody with a key and a token of his own, at the first authorizer that takes signed tokens. */
export function unknownSpeaker(account: Account): Speaker | undefined {
	const found = account.listAuthorizers().find(({ signingDisabled }) => !signingDisabled);
	if (found?.tokenKeyName === undefined) return undefined;
	const { name, tokenKeyName } = found;
	return {
		authorizer: { name, tokenKeyName },
		clientId: "CLIENT-ID",
		keyFile: "PRIVATE-KEY.pem",
		tokenFile: "TOKEN.txt",
		topic: "TOPIC",
	};
}

/** Commands to copy: a publish with mosquitto's client, and the AWS CLI's own test of the same token. */
export function howToTalk({ endpoint, certificates }: Stage, speaker: Speaker): string {
	const { authorizer, clientId, keyFile, tokenFile, topic } = speaker;
	const { name, tokenKeyName } = authorizer;
	const sign = `npx latchkey sign --key-file ${shellQuote(keyFile)} --token-file ${shellQuote(tokenFile)} --authorizer-name ${name} --token-key-name ${tokenKeyName}`;
	const mosquitto = [
		`mosquitto_pub -h ${endpoint.serverName} -p ${endpoint.port} --cafile ${shellQuote(certificates.caFile)} --tls-alpn mqtt -V 5 -i ${clientId} -q 1`,
		`-u "$(${sign} --only username)"`,
		`-t ${topic} -m '{"celsius": 21.5}'`,
	];
	const aws = awsTestCommand(name, sign);
	const block = (lines: readonly string[]) => lines.map((line) => `    ${line}`).join(" \\\n  ");
	return `  Publish as ${clientId} with mosquitto's client:\n\n${block(mosquitto)}\n\n  The AWS CLI's own test, for an authorizer of this name and key in your AWS account (Latchkey's own API is not there yet):\n\n${block(aws)}`;
}

/** The certificates' folder below a data folder. */
export function tlsFolder(dataDirectory: string): string {
	return join(dataDirectory, "tls");
}
