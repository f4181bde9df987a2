/**
 * `latchkey up`: the gateway, until Ctrl-C.
 * @module
 */
import { isIP } from "node:net";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import type { Account } from "../account/index.js";
import type { GatewayEvent } from "../gateway/index.js";
import { type DevelopmentAccount, openDevelopmentAccount } from "./development-account.js";
import { CommandFailure, ExitCode } from "./failure.js";
import { exists, readInput } from "./files.js";
import { interruption } from "./interruption.js";
import { renderLine, tellGatewayEvent } from "./narration.js";
import { addExamples, paintFor, wantsJson } from "./output.js";
import {
	developmentSpeaker,
	howToTalk,
	openAccount,
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
	readonly serverName: readonly string[];
	readonly explain?: boolean;
	readonly json?: boolean;
}

/** Looked for in the working directory when no file is named. */
const CONFIG_FILE = "latchkey.json";
/** The client id that the development account's token is for. */
const CLIENT_ID = "dev1";

export function addUpVerb(program: Command): void {
	const up = program
		.command("up")
		.description("run the gateway: MQTT over TLS with custom authentication, every refusal explained on stderr")
		.option("--config <file>", `the account (default: ${CONFIG_FILE} here, else a development account)`)
		.option("--data <folder>", "where the CA and the development account are kept", ".latchkey")
		.option("--host <address>", "address to listen on", "127.0.0.1")
		.option("--port <number>", "TLS port, 0 for a free one", "8443")
		.option(
			"--server-name <name>",
			"a name by which clients reach this machine, besides localhost; may be repeated",
			(name: string, names: readonly string[]) => [...names, serverNameOf(name)],
			[] as readonly string[],
		)
		.option("--explain", "tell MQTT 5 clients in the reason string why they are refused; AWS does not")
		.option("--json", "one JSON event a line on stdout")
		.action(async (options: UpOptions) => runUp(options));
	addExamples(up, [
		"latchkey up",
		"latchkey up --config examples/latchkey.json --port 8883",
		"latchkey up --host 0.0.0.0 --server-name gateway.lan",
		"latchkey up --port 0 --json | jq 'select(.event == \"refused\")'",
	]);
}

async function runUp(options: UpOptions): Promise<void> {
	const json = wantsJson(options.json);
	const port = portOf(options.port);
	const interrupted = interruption();
	const { account, development } = await chooseAccount(options);
	try {
		const stage = await openStage({
			account,
			directory: tlsFolder(options.data),
			host: options.host,
			port,
			serverNames: options.serverName,
			...(options.explain === undefined ? {} : { explain: options.explain }),
		});
		stage.gateway.onEvent(json ? writeEvent : printEvent());
		if (json) console.log(JSON.stringify(upEvent(stage, development)));
		else console.log(banner(stage, account, development));
		await interrupted;
		await stage.gateway.close();
	} finally {
		await account.close();
	}
}

interface OpenedAccount {
	readonly account: Account;
	/** Absent when the account came from a configuration. */
	readonly development?: DevelopmentAccount;
}

async function chooseAccount({ config, data }: UpOptions): Promise<OpenedAccount> {
	const file = config ?? ((await exists(CONFIG_FILE)) ? CONFIG_FILE : undefined);
	if (file === undefined) {
		const development = await openDevelopmentAccount(data, CLIENT_ID, Date.now());
		return { account: openAccount(development.config, data), development };
	}
	const parsed = parseConfig(file, await readInput(file, "configuration"));
	return { account: openAccount(parsed, resolve(dirname(file))) };
}

function parseConfig(file: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new CommandFailure({
			code: "config-not-json",
			cause: `${file} is not JSON: ${(error as Error).message}`,
			exitCode: ExitCode.usage,
		});
	}
}

function portOf(text: string): number {
	const port = Number(text);
	if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
	throw new CommandFailure({
		code: "wrong-option",
		cause: `--port: expected 0..65535, got ${text}`,
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
	const { host, port, serverName, caFile } = upEvent(stage, development).gateway;
	const speaker = development === undefined ? unknownSpeaker(account) : developmentSpeaker(development);
	const names = account.listAuthorizers().map(({ name }) => name);
	return [
		`\n  ${bold("latchkey")}: the gateway is up\n`,
		`  gateway      ${host}:${port}, TLS with server name ${serverName} and ALPN mqtt`,
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
		if (line !== undefined)
			process.stderr.write(`${renderLine(paint, event.client ?? event.connection.slice(0, 8), line)}\n`);
	};
}
