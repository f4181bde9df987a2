/**
 * What must hold between the entries of an account's tables.
 * @module
 */
import type { Ledger } from "./ledger.js";

export interface Place {
	readonly table: string;
	readonly key: string;
}

export interface Conflict {
	/** The entries that contradict each other; the one that had better go stands first. */
	readonly between: readonly Place[];
	/** What is wrong, without a full stop. */
	readonly why: string;
}

/**
 * The first contradiction between entries.
 * @param exists whether there is a resource of an ARN.
 */
export function findConflict(ledger: Ledger, exists: (arn: string) => boolean): Conflict | undefined {
	const serverNames = new Map<string, Place>();
	for (const { table, key, value } of ledger.entries()) {
		const found = conflictOf({ table, key }, value, ledger, exists) ?? nameConflict({ table, key }, value, serverNames);
		if (found !== undefined) return found;
	}
	return undefined;
}

function conflictOf(
	place: Place,
	value: unknown,
	ledger: Ledger,
	exists: (arn: string) => boolean,
): Conflict | undefined {
	switch (place.table) {
		case "attachments":
			return missing(place, "policies", value as readonly string[], ledger);
		case "settings":
			return missing(place, "authorizers", [value as string], ledger);
		case "domain-configurations":
			return missing(place, "authorizers", defaultOf(value), ledger);
		case "permissions":
			return missing(place, "functions", [place.key], ledger);
		case "tags":
			return exists(place.key) ? undefined : { between: [place], why: "there is no such resource" };
		default:
			return undefined;
	}
}

function missing(place: Place, table: string, keys: readonly string[], ledger: Ledger): Conflict | undefined {
	const key = keys.find((name) => ledger.valueOf(table, name) === undefined);
	if (key === undefined) return undefined;
	return { between: [place, { table, key }], why: `there is nothing named ${JSON.stringify(key)} in ${table}` };
}

function defaultOf(domainConfiguration: unknown): readonly string[] {
	const { defaultAuthorizer } = domainConfiguration as { readonly defaultAuthorizer?: string };
	return defaultAuthorizer === undefined ? [] : [defaultAuthorizer];
}

/** Two domain configurations for one server name. */
function nameConflict(place: Place, value: unknown, serverNames: Map<string, Place>): Conflict | undefined {
	if (place.table !== "domain-configurations") return undefined;
	const { serverName } = value as { readonly serverName: string };
	const other = serverNames.get(serverName.toLowerCase());
	serverNames.set(serverName.toLowerCase(), place);
	if (other === undefined) return undefined;
	return { between: [place, other], why: `another domain configuration has the server name ${serverName}` };
}
