/**
 * The Moddable SDK and ESP-IDF where they are installed.
 * @module
 */
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Surroundings } from "./surroundings.js";
import { ToolchainFailure } from "./toolchain-failure.js";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The SDK that the firmware is written for: other versions have other interfaces and other defects. */
export const SDK_VERSION = "8.2";

/** The ESP-IDF that this SDK builds with (its `EXPECTED_ESP_IDF`). */
export const IDF_VERSION = "v6.0";

export const SDK_REMEDY =
	"install the Moddable SDK (npx xs-dev setup, or https://www.moddable.com/get-started), then set MODDABLE to its folder; " +
	"npm run firmware:doctor says what else is missing";

export const IDF_REMEDY = `install ESP-IDF ${IDF_VERSION} (npx xs-dev setup --device esp32, or Espressif's installer), then set IDF_PATH to its folder`;

export interface Sdk {
	readonly folder: string;
	/** As its git tag says; `undefined` where it is no clone. */
	readonly version: string | undefined;
	/** Its tools: mcconfig, xsc, xsl, mcsim. */
	readonly bin: string;
	/** PATH with its tools and our TypeScript in front. */
	readonly path: string;
}

/** The SDK's names of systems. */
const SYSTEMS: Readonly<Record<string, string>> = { linux: "lin", darwin: "mac" };

/** @throws {ToolchainFailure} `no-sdk` where it is not there, `sdk-not-built` where its tools are not. */
export function findSdk({ environment, system, exists, ask }: Surroundings): Sdk {
	const folder = environment["MODDABLE"] ?? "";
	if (folder === "")
		throw new ToolchainFailure({
			code: "no-sdk",
			cause: "the Moddable SDK was not found: MODDABLE is not set",
			remedy: SDK_REMEDY,
		});
	if (!exists(join(folder, "xs")))
		throw new ToolchainFailure({
			code: "no-sdk",
			cause: `the Moddable SDK was not found: there is none in MODDABLE, ${folder}`,
			remedy: SDK_REMEDY,
		});
	const bin = join(folder, "build", "bin", SYSTEMS[system] ?? system, "release");
	if (!exists(join(bin, "mcconfig")))
		throw new ToolchainFailure({
			code: "sdk-not-built",
			cause: `the Moddable SDK's tools are not built: there is no mcconfig in ${bin}`,
			remedy: `build them: make -C ${join(folder, "build", "makefiles", SYSTEMS[system] ?? system)}`,
		});
	const described = ask(["git", "-C", folder, "describe", "--tags", "--abbrev=0"]);
	return {
		folder,
		version: described?.exitCode === 0 ? described.stdout.trim() : undefined,
		bin,
		path: [join(ROOT, "node_modules", ".bin"), bin, environment["PATH"] ?? ""].join(delimiter),
	};
}

/** @returns ESP-IDF's folder. @throws {ToolchainFailure} `no-idf` */
export function findIdf({ environment, exists }: Surroundings): string {
	const folder = environment["IDF_PATH"] ?? "";
	if (folder !== "" && exists(join(folder, "export.sh"))) return folder;
	throw new ToolchainFailure({
		code: "no-idf",
		cause:
			folder === ""
				? "ESP-IDF was not found: IDF_PATH is not set"
				: `ESP-IDF was not found: there is none in IDF_PATH, ${folder}`,
		remedy: `${IDF_REMEDY}; npm run firmware:check checks all but the C without it`,
	});
}
