/**
 * Where an account comes from: the file that is named, `latchkey.json` in the working directory, else a development account
 * of one's own; and what the API has changed since.
 * @module
 */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Account, type DroppedChange, loadAccount, openAccountStore } from "../account/index.js";
import { type DevelopmentAccount, openDevelopmentAccount } from "./development-account.js";
import { exists, readInput } from "./files.js";
import { openFunction } from "./functions.js";

/** Looked for in the working directory when no file is named. */
export const CONFIG_FILE = "latchkey.json";
/** Where changes, keys and certificates are kept unless another folder is named. */
export const DATA_FOLDER = ".latchkey";
/** The client id that the development account's token is for. */
const CLIENT_ID = "dev1";

export interface AccountSource {
	/** The configuration's file. */
	readonly config?: string | undefined;
	/** Folder of the API's changes and of the development account. */
	readonly data: string;
	/** True: authorizers may invoke functions without Lambda permissions. */
	readonly relaxedPermissions?: boolean | undefined;
}

export interface OpenedAccount {
	readonly account: Account;
	/** Absent when the account came from a configuration. */
	readonly development?: DevelopmentAccount;
}

/**
 * Opens the account with the API's changes laid over it.
 * @throws {AccountConfigError} {AccountStoreError} {CommandFailure}
 */
export async function openAccount(source: AccountSource): Promise<OpenedAccount> {
	const { config, data, relaxedPermissions } = source;
	const store = openAccountStore(data);
	const file = config ?? ((await exists(CONFIG_FILE)) ? CONFIG_FILE : undefined);
	const common = { store, relaxedPermissions, onDropped: reportDropped };
	if (file === undefined) {
		const development = await openDevelopmentAccount(data, CLIENT_ID, Date.now());
		const configuredAt = (await stat(development.keyFile)).mtimeMs;
		const options = { ...common, directory: data, configuredAt };
		return { account: loadConfiguredAccount(development.config, options), development };
	}
	const text = await readInput(file, "configuration");
	const configuredAt = file === "-" ? undefined : (await stat(file)).mtimeMs;
	const options = { ...common, file, directory: resolve(dirname(file)), configuredAt };
	return { account: loadConfiguredAccount(text, options) };
}

type LoadOptions = Omit<Parameters<typeof loadAccount>[1], "openFunction">;

/** Loads an account whose functions run as `openFunction` opens them. @throws {AccountConfigError} */
export function loadConfiguredAccount(text: string, options: LoadOptions): Account {
	const account: Account = loadAccount(text, {
		...options,
		openFunction: (configuration) => openFunction(configuration, account.region),
	});
	return account;
}

function reportDropped(dropped: readonly DroppedChange[]): void {
	for (const { message } of dropped) process.stderr.write(`latchkey: ${message}\n`);
}
