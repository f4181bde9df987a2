/**
 * What every part of a configuration is read with.
 * @module
 */
import { resolve } from "node:path";
import type { AccountScope } from "./account-scope.js";
import type { ConfigValue } from "./config-document.js";
import type { ConfigObject, ConfigReader } from "./config-reader.js";

export interface ConfigScope {
	readonly account: AccountScope;
	readonly reader: ConfigReader;
	/** The document. */
	readonly root: ConfigObject;
	/** Folder that relative paths in the document start from. */
	readonly directory: string;
	/** Text of the file at an absolute path; throws where there is none. */
	readonly readFile: (file: string) => string;
	/** When the document says what it says, milliseconds since the epoch. */
	readonly now: number;
}

/** At least one character. */
export const NOT_EMPTY = /./s;

/** The text of the file that `{"file": path}` names; undefined, with a problem, where there is none. */
export function readNamedFile({ reader, directory, readFile }: ConfigScope, value: ConfigValue): string | undefined {
	const object = reader.object(value, ["file"]);
	const file = reader.required(object, "file", NOT_EMPTY, "a path");
	if (file === undefined) return undefined;
	try {
		return readFile(resolve(directory, file));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		reader.refuse(reader.member(object, "file"), `cannot be read: ${reason}`);
		return undefined;
	}
}
