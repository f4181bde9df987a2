/**
 * A gateway of one's own with everything it needs, and the words to tell others how to reach it.
 * @module
 */
import { join } from "node:path";
import type { Account } from "../account/index.js";
import type { ControlPlane } from "../control-plane/index.js";
import { Gateway } from "../gateway/index.js";
import { type ApiOptions, cannotListen, openApi } from "./api.js";
import { DEVELOPMENT_AUTHORIZER, type DevelopmentAccount } from "./development-account.js";
import { type GatewayCertificates, openCertificates } from "./gateway-files.js";
import { awsTestCommand, shellQuote } from "./sign.js";

/** The name every machine knows itself by, so that clients reach the gateway by it and send it as server name. */
const LOCAL_SERVER_NAME = "localhost";

export interface StageOptions {
	readonly account: Account;
	/** Where the certificates are kept. */
	readonly directory: string;
	readonly host: string;
	readonly port: number;
	/** Names by which clients reach the gateway, besides `localhost` and those of the account. */
	readonly serverNames?: readonly string[];
	readonly explain?: boolean | undefined;
	readonly api: ApiOptions;
}

export interface Stage {
	readonly gateway: Gateway;
	readonly api: ControlPlane;
	readonly certificates: GatewayCertificates;
	/** What clients are told to connect to, and to send as server name. */
	readonly endpoint: { readonly host: string; readonly port: number; readonly serverName: string };
}

export async function openStage(options: StageOptions): Promise<Stage> {
	const { account, directory, host, port, explain } = options;
	const [named] = options.serverNames ?? [];
	const serverNames = [...new Set([...(options.serverNames ?? []), LOCAL_SERVER_NAME])];
	const certificates = await openCertificates(directory, serverNames, Date.now);
	const { tls } = certificates;
	const gateway = await Gateway.start({ host, port, tls, serverNames, account, explain }).catch((error: unknown) => {
		throw cannotListen("the gateway", host, port, error as NodeJS.ErrnoException);
	});
	const reachedAs = named ?? (HERE.has(host) ? LOCAL_SERVER_NAME : host);
	const endpoint = { host: reachedAs, port: gateway.port, serverName: named ?? LOCAL_SERVER_NAME };
	try {
		const api = await openApi(options.api, account, gateway, endpoint);
		return { gateway, api, certificates, endpoint };
	} catch (error) {
		await gateway.close();
		throw error;
	}
}

/** Ends both doors. */
export async function closeStage({ gateway, api }: Stage): Promise<void> {
	await Promise.all([api.close(), gateway.close()]);
}

/** Addresses that `localhost` leads to. */
const HERE: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost", "0.0.0.0", "::"]);

/** The first event of `demo` and `up`: what a script needs to talk to the gateway. */
export function upEvent({ endpoint, certificates, api }: Stage, account: DevelopmentAccount | undefined) {
	return {
		event: "up",
		gateway: { ...endpoint, caFile: certificates.caFile },
		api: api.url,
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
export function howToTalk({ endpoint, certificates, api }: Stage, speaker: Speaker): string {
	const { authorizer, clientId, keyFile, tokenFile, topic } = speaker;
	const { name, tokenKeyName } = authorizer;
	const sign = `npx latchkey sign --key-file ${shellQuote(keyFile)} --token-file ${shellQuote(tokenFile)} --authorizer-name ${name} --token-key-name ${tokenKeyName}`;
	const mosquitto = [
		`mosquitto_pub -h ${endpoint.serverName} -p ${endpoint.port} --cafile ${shellQuote(certificates.caFile)} --tls-alpn mqtt -V 5 -i ${clientId} -q 1`,
		`-u "$(${sign} --only username)"`,
		`-t ${topic} -m '{"celsius": 21.5}'`,
	];
	const aws = awsTestCommand(name, sign, api.url);
	const block = (lines: readonly string[]) => lines.map((line) => `    ${line}`).join(" \\\n  ");
	return `  Publish as ${clientId} with mosquitto's client:\n\n${block(mosquitto)}\n\n  Test the same token with the AWS CLI (without --endpoint-url it asks your AWS account):\n\n${block(aws)}`;
}

/** The certificates' folder below a data folder. */
export function tlsFolder(dataDirectory: string): string {
	return join(dataDirectory, "tls");
}
