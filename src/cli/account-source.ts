/**
 * Where an account comes from: the file that is named, `latchkey.json` in the working directory, else a development account
 * of one's own; and what the API has changed since.
 * @module
 */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
	type Account,
	type AccountStore,
	type DroppedChange,
	loadAccount,
	openAccountStore,
} from "../account/index.js";
import { type DevelopmentAccount, openDevelopmentAccount, readDevelopmentAccount } from "./development-account.js";
import { CommandFailure } from "./failure.js";
import { exists, readInput } from "./files.js";
import { openFunction, packageFolder } from "./functions.js";

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
 * Opens the account with the API's changes laid over it, and its data folder for this process alone until the account is
 * closed.
 * @throws {AccountConfigError} {AccountStoreError} {CommandFailure}
 */
export async function openAccount(source: AccountSource): Promise<OpenedAccount> {
	const { data } = source;
	const store = openAccountStore(data, { access: "locked" });
	try {
		return await loadOver(source, store, () => openDevelopmentAccount(data, CLIENT_ID, Date.now()));
	} catch (error) {
		store.close();
		throw error;
	}
}

/**
 * The account as `openAccount` would open it. Nothing is written, now or later, and a Latchkey that runs is not disturbed.
 * @throws {AccountConfigError} {AccountStoreError} {CommandFailure} where there is no account.
 */
export async function readAccount(source: AccountSource): Promise<Account> {
	const { data } = source;
	const { account } = await loadOver(source, openAccountStore(data, { access: "read" }), async () => {
		const development = await readDevelopmentAccount(data, CLIENT_ID);
		if (development !== undefined) return development;
		throw new CommandFailure({
			code: "no-account",
			cause: `there is neither a ${CONFIG_FILE} here nor a development account in ${data}`,
			remedy: "name the account's file with --config, or have `latchkey up` make a development account",
		});
	});
	return account;
}

async function loadOver(
	{ config, data, relaxedPermissions }: AccountSource,
	store: AccountStore,
	developmentAccount: () => Promise<DevelopmentAccount>,
): Promise<OpenedAccount> {
	const file = config ?? ((await exists(CONFIG_FILE)) ? CONFIG_FILE : undefined);
	const common = { data, store, relaxedPermissions, onDropped: reportDropped };
	if (file === undefined) {
		const development = await developmentAccount();
		const configuredAt = (await stat(development.keyFile)).mtimeMs;
		const options = { ...common, directory: data, configuredAt };
		return { account: loadConfiguredAccount(development.config, options), development };
	}
	const text = await readInput(file, "configuration");
	const configuredAt = file === "-" ? undefined : (await stat(file)).mtimeMs;
	const options = { ...common, file, directory: resolve(dirname(file)), configuredAt };
	return { account: loadConfiguredAccount(text, options) };
}

type LoadOptions = Omit<Parameters<typeof loadAccount>[1], "openFunction"> & {
	/** Folder with what belongs to the account, deployment packages among it; that of the document unless given. */
	readonly data?: string | undefined;
};

/** Loads an account whose functions run as `openFunction` opens them. @throws {AccountConfigError} */
export function loadConfiguredAccount(text: string, options: LoadOptions): Account {
	const packages = packageFolder(options.data ?? options.directory);
	const account: Account = loadAccount(text, {
		...options,
		openFunction: (configuration) => openFunction(configuration, { region: account.region, packages }),
	});
	return account;
}

function reportDropped(dropped: readonly DroppedChange[]): void {
	for (const { message } of dropped) process.stderr.write(`latchkey: ${message}\n`);
}
