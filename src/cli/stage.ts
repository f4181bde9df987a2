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
import { shellQuote, testCommand } from "./sign.js";

/** The name every machine knows itself by, so that clients reach the gateway by it and send it as server name. */
const LOCAL_SERVER_NAME = "localhost";

export interface StageOptions {
	readonly account: Account;
	/** Where the certificates are kept. */
	readonly directory: string;
	readonly host: string;
	readonly port: number;
	/** Names by which clients reach the gateway, besides `localhost` and those of the account. */
	readonly serverNames?: readonly string[] | undefined;
	readonly explain?: boolean | undefined;
	readonly api: ApiOptions;
}

export interface Stage {
	readonly gateway: Gateway;
	readonly api: ControlPlane;
	readonly certificates: GatewayCertificates;
	/** How clients of the API call it. */
	readonly access: ApiAccess;
	/** What clients are told to connect to, and to send as server name. */
	readonly endpoint: { readonly host: string; readonly port: number; readonly serverName: string };
}

export interface ApiAccess {
	readonly url: string;
	readonly region: string;
	/** Whether requests must be signed with the keys of the account. */
	readonly signed: boolean;
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
		const access = { url: api.url, region: account.region, signed: options.api.verifySigV4 ?? false };
		return { gateway, api, access, certificates, endpoint };
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

/** Commands to copy: a publish with mosquitto's client, and tests of the same token by the AWS CLI and by Latchkey. */
export function howToTalk({ endpoint, certificates, access }: Stage, speaker: Speaker): string {
	const { authorizer, clientId, keyFile, tokenFile, topic } = speaker;
	const { name, tokenKeyName } = authorizer;
	const sign = `npx latchkey sign --key-file ${shellQuote(keyFile)} --token-file ${shellQuote(tokenFile)} --authorizer-name ${name} --token-key-name ${tokenKeyName}`;
	const mosquitto = [
		`mosquitto_pub -h ${endpoint.serverName} -p ${endpoint.port} --cafile ${shellQuote(certificates.caFile)} --tls-alpn mqtt -V 5 -i ${clientId} -q 1`,
		`-u "$(${sign} --only username)"`,
		`-t ${topic} -m '{"celsius": 21.5}'`,
	];
	// The AWS CLI asks for a region even where it does not sign.
	const at = `--endpoint-url ${access.url} --region ${access.region}`;
	const aws = testCommand("aws iot", name, sign, [access.signed ? at : `${at} --no-sign-request`]);
	const own = testCommand("npx latchkey", name, sign, [`${at} --client-id ${clientId} --explain`]);
	const keys = access.signed ? "; with the same AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" : "";
	const block = (lines: readonly string[]) => lines.map((line) => `    ${line}`).join(" \\\n  ");
	return [
		`  Publish as ${clientId} with mosquitto's client:`,
		block(mosquitto),
		`  Test the same token with the AWS CLI (without --endpoint-url it asks your AWS account${keys}):`,
		block(aws),
		"  The same with its reasons:",
		block(own),
	].join("\n\n");
}

/** The certificates' folder below a data folder. */
export function tlsFolder(dataDirectory: string): string {
	return join(dataDirectory, "tls");
}
