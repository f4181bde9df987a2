/**
 * A folder that mcconfig takes for ESP-IDF as long as no C is compiled: it asks git for the version and nothing else.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { IDF_VERSION } from "./sdk.js";
import type { Surroundings } from "./surroundings.js";
import { ToolchainFailure } from "./toolchain-failure.js";

export interface IdfStandIn {
	/** For IDF_PATH. */
	readonly folder: string;
	/** For make's SDKCONFIG_H, which ESP-IDF would write. */
	readonly configurationHeader: string;
}

/** @param folder is there and empty. @throws {ToolchainFailure} `no-git` */
export function makeIdfStandIn(folder: string, { ask }: Surroundings): IdfStandIn {
	const idf = join(folder, "esp-idf");
	mkdirSync(idf);
	const identity = ["-c", "user.name=none", "-c", "user.email=none@invalid", "-c", "commit.gpgsign=false"];
	const commands = [
		["init", "--quiet"],
		[...identity, "commit", "--quiet", "--allow-empty", "--message", IDF_VERSION],
		[...identity, "-c", "tag.gpgsign=false", "tag", "--annotate", IDF_VERSION, "--message", IDF_VERSION],
	];
	for (const command of commands) {
		const answer = ask(["git", "-C", idf, ...command]);
		if (answer?.exitCode === 0) continue;
		throw new ToolchainFailure({
			code: "no-git",
			cause: `git ${command.at(-1)}: ${answer?.stderr.trim() ?? "git could not be run"}`,
			remedy: "install git: the SDK asks it for the version of ESP-IDF",
		});
	}
	const configurationHeader = join(folder, "sdkconfig.h");
	writeFileSync(configurationHeader, "");
	return { folder: idf, configurationHeader };
}
