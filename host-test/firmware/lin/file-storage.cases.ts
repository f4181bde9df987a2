/**
 * The simulator's storage: one folder a domain, one file a key.
 * @module
 */
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { FileStorage, type Files } from "../../../src/firmware/lin/file-storage.js";
import type { Cases } from "../../device/case.js";

function disk(contents: Readonly<Record<string, string>> = {}) {
	const files = new Map(Object.entries(contents).map(([path, text]) => [path, utf8Encode(text).slice().buffer]));
	const folders: string[] = [];
	const access: Files = {
		readFile: (path) => files.get(path),
		writeFile: (path, data) => void files.set(path, data),
		removeFile: (path) => void files.delete(path),
		makeFolder: (path) => void folders.push(path),
	};
	return { storage: new FileStorage(access, "/store"), files, folders };
}

export const cases: Cases = {
	"a domain is a folder, a key a file in it"(check) {
		const { storage, files, folders } = disk();
		const domain = storage.open({ path: "latchkey" });
		domain.write("credential", Uint8Array.of(1, 2).buffer);
		check.same(folders, ["/store/latchkey"]);
		check.same(files.get("/store/latchkey/credential"), Uint8Array.of(1, 2).buffer);
		check.same(domain.read("credential"), Uint8Array.of(1, 2).buffer);
		domain.delete("credential");
		check.is(domain.read("credential"), undefined);
	},

	"a domain of strings reads and writes text"(check) {
		const { storage, files } = disk({ "/store/wifi/ssid": "Café" });
		const domain = storage.open({ path: "wifi", format: "string" });
		check.is(domain.read("ssid"), "Café");
		check.is(domain.read("password"), undefined);
		domain.write("password", "geheim");
		check.same(files.get("/store/wifi/password"), utf8Encode("geheim").slice().buffer);
	},

	"names that NVS or a folder would not take are refused"(check) {
		const { storage } = disk();
		for (const name of ["", "../etc", "a/b", "sixteen-letters-", "a b", "."]) {
			check.throws(() => storage.open({ path: name }), { name: "RangeError" }, name);
			check.throws(() => storage.open({ path: "latchkey" }).read(name), { name: "RangeError" }, name);
		}
		storage.open({ path: "fifteen_letters" });
	},
};
