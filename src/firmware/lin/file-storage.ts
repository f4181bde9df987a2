/**
 * The key-value storage of ECMA-419 as folders of files, which the Moddable SDK does not have on Linux: one folder a
 * domain, one file a key, as `src/host/file-store.ts` lays them out.
 * @module
 */
import { utf8Decode, utf8Encode } from "../../device/encoding/utf8.js";
import type { KeyValueDomain, KeyValueModule } from "../key-value.js";

/** Files as {@link FileStorage} needs them (`host.ts`). */
export interface Files {
	readFile(path: string): ArrayBuffer | undefined;
	writeFile(path: string, data: ArrayBuffer): void;
	removeFile(path: string): void;
	makeFolder(path: string): void;
}

export class FileStorage implements KeyValueModule {
	private readonly files: Files;
	private readonly folder: string;

	/** @param folder is there. */
	constructor(files: Files, folder: string) {
		this.files = files;
		this.folder = folder;
	}

	open({ path, format = "buffer" }: { path: string; format?: "buffer" | "string" }): KeyValueDomain {
		const { files } = this;
		const folder = `${this.folder}/${named("path", path)}`;
		files.makeFolder(folder);
		const fileOf = (key: string) => `${folder}/${named("key", key)}`;
		return {
			read(key) {
				const value = files.readFile(fileOf(key));
				return value === undefined || format === "buffer" ? value : utf8Decode(new Uint8Array(value));
			},
			write(key, value) {
				files.writeFile(fileOf(key), typeof value === "string" ? utf8Encode(value).slice().buffer : value);
			},
			delete: (key) => files.removeFile(fileOf(key)),
			close() {},
		};
	}
}

/** What NVS takes as a name, less what a file's should not hold. */
function named(what: string, name: string): string {
	if (!/^[A-Za-z0-9_-]{1,15}$/.test(name)) throw new RangeError(`${what}: expected 1..15 letters, digits, _ or -`);
	return name;
}
