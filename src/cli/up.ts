/**
 * `latchkey up`: the gateway, until Ctrl-C.
 * @module
 */
import { isIP } from "node:net";
import type { Command } from "commander";
import type { Account } from "../account/index.js";
import type { GatewayEvent } from "../gateway/index.js";
import { CONFIG_FILE, DATA_FOLDER, openAccount } from "./account-source.js";
import type { DevelopmentAccount } from "./development-account.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { interruption } from "./interruption.js";
import { renderLine, tellGatewayEvent } from "./narration.js";
import { addExamples, paintFor, wantsJson } from "./output.js";
import {
	closeStage,
	developmentSpeaker,
	howToTalk,
	openStage,
	type Stage,
	tlsFolder,
	unknownSpeaker,
	upEvent,
} from "./stage.js";

interface UpOptions {
	readonly config?: string;
	readonly data: string;
	readonly host: string;
	readonly port: string;
	readonly apiHost: string;
	readonly apiPort: string;
	readonly verifySigv4?: boolean;
	readonly relaxedPermissions?: boolean;
	readonly serverName?: readonly string[];
	readonly explain?: boolean;
	readonly json?: boolean;
}

export function addUpVerb(program: Command): void {
	const up = program
		.command("up")
		.description(
			"run the gateway and AWS's API: MQTT over TLS with custom authentication, every refusal explained on stderr",
		)
		.option("--config <file>", `the account (default: ${CONFIG_FILE} here, else a development account)`)
		.option("--data <folder>", "where changes of the API, the CA and the development account are kept", DATA_FOLDER)
		.option("--host <address>", "address to listen on", "127.0.0.1")
		.option("--port <number>", "TLS port, 0 for a free one", "8443")
		.option(
			"--server-name <name>",
			"a name by which clients reach this machine, besides localhost; may be repeated",
			(name: string, names: readonly string[] = []) => [...names, serverNameOf(name)],
		)
		.option("--api-host <address>", "address of the API; whoever reaches it may have it run code", "127.0.0.1")
		.option("--api-port <number>", "port of the API, 0 for a free one", "4570")
		.option(
			"--verify-sigv4",
			"take only requests signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of this process",
		)
		.option("--relaxed-permissions", "let authorizers call functions without a permission for iot.amazonaws.com")
		.option("--explain", "tell MQTT 5 clients in the reason string why they are refused; AWS does not")
		.option("--json", "print one JSON event a line")
		.action(async (options: UpOptions) => runUp(options));
	addExamples(up, [
		"latchkey up",
		"latchkey up --config examples/latchkey.json --port 8883",
		"latchkey up --host 0.0.0.0 --server-name gateway.lan",
		"aws iot list-authorizers --endpoint-url http://127.0.0.1:4570 --region eu-west-1 --no-sign-request",
		"latchkey up --port 0 --json | jq 'select(.event == \"refused\")'",
	]);
}

async function runUp(options: UpOptions): Promise<void> {
	const json = wantsJson(options.json);
	const port = portOf("--port", options.port);
	const apiPort = portOf("--api-port", options.apiPort);
	const interrupted = interruption();
	warnOfOpenApi(options);
	const { account, development } = await openAccount(options);
	try {
		const stage = await openStage({
			account,
			directory: tlsFolder(options.data),
			host: options.host,
			port,
			serverNames: options.serverName,
			explain: options.explain,
			api: {
				host: options.apiHost,
				port: apiPort,
				data: options.data,
				verifySigV4: options.verifySigv4,
				allowedHosts: options.serverName,
			},
		});
		stage.gateway.onEvent(json ? writeEvent : printEvent());
		if (json) console.log(JSON.stringify(upEvent(stage, development)));
		else console.log(banner(stage, account, development));
		await interrupted;
		await closeStage(stage);
	} finally {
		await account.close();
	}
}

/** Addresses that only programs of this machine reach. */
const LOOPBACK = /^(?:127(?:\.\d+){3}|::1|localhost)$/;

/** CreateFunction runs code: who opens the API to a network should know. */
function warnOfOpenApi({ apiHost, verifySigv4 = false }: UpOptions): void {
	if (LOOPBACK.test(apiHost) || verifySigv4) return;
	const { red } = paintFor(process.stderr);
	const risk = `whoever reaches the API on ${apiHost} may run code here; add --verify-sigv4`;
	process.stderr.write(`${red("latchkey:")} ${risk}\n`);
}

function portOf(option: string, text: string): number {
	const port = Number(text);
	if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
	throw new CommandFailure({
		code: "wrong-option",
		cause: `${option}: expected 0..65535, got ${text}`,
		exitCode: ExitCode.usage,
	});
}

/** A DNS name: an address cannot be a server name (RFC 6066 section 3). */
function serverNameOf(name: string): string {
	if (isIP(name) === 0 && /^(?=.{1,253}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(name)) return name;
	throw new CommandFailure({
		code: "wrong-option",
		cause: `--server-name: expected a DNS name, got ${name}`,
		exitCode: ExitCode.usage,
	});
}

function banner(stage: Stage, account: Account, development: DevelopmentAccount | undefined): string {
	const { bold } = paintFor(process.stdout);
	const { gateway, api } = upEvent(stage, development);
	const { host, port, serverName, caFile } = gateway;
	const speaker = development === undefined ? unknownSpeaker(account) : developmentSpeaker(development);
	const names = account.listAuthorizers().map(({ name }) => name);
	return [
		`\n  ${bold("latchkey")}: the gateway is up\n`,
		`  gateway      ${host}:${port}, TLS with server name ${serverName} and ALPN mqtt`,
		`  API          ${api}, for aws --endpoint-url`,
		`  CA           ${caFile}`,
		`  authorizers  ${names.length === 0 ? "none: every client will be refused" : names.join(", ")}`,
		...(speaker === undefined ? [] : [`\n${howToTalk(stage, speaker)}`]),
		"\n  What happens follows here; Ctrl-C ends it.\n",
	].join("\n");
}

function writeEvent(event: GatewayEvent): void {
	console.log(JSON.stringify(event));
}

function printEvent(): (event: GatewayEvent) => void {
	const paint = paintFor(process.stderr);
	return (event) => {
		const line = tellGatewayEvent(event);
		if (line !== undefined) process.stderr.write(`${renderLine(paint, speakerOf(event), line)}\n`);
	};
}

/** Whom a line is about: a client by its identifier or its connection, or the API. */
function speakerOf(event: GatewayEvent): string {
	return event.client ?? event.connection?.slice(0, 8) ?? "API";
}
