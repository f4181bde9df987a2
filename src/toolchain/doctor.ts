/**
 * `npm run firmware:doctor`: what of the tools is there, what for, and how to get the rest.
 * @module
 */
import { delimiter, join } from "node:path";
import { findIdf, findSdk, IDF_REMEDY, IDF_VERSION, ROOT, SDK_REMEDY, SDK_VERSION, type Sdk } from "./sdk.js";
import type { Surroundings } from "./surroundings.js";
import { ToolchainFailure } from "./toolchain-failure.js";

/** The command that cannot do without it. */
export type Need = "check" | "build" | "sim" | "mcconfig by hand";

export interface Finding {
	readonly name: string;
	readonly isThere: boolean;
	/** What was seen. */
	readonly detail: string;
	readonly neededFor: readonly Need[];
	/** How to get it; present where it is not there. */
	readonly remedy?: string | undefined;
}

const EVERYTHING: readonly Need[] = ["check", "build", "sim"];

/** Looks at everything, whatever is missing. */
export function diagnose(surroundings: Surroundings): Finding[] {
	const sdk = attempt(() => findSdk(surroundings));
	const idf = attempt(() => findIdf(surroundings));
	return [
		sdkFinding(sdk),
		versionFinding(sdk),
		pathFinding(surroundings),
		typeScriptFinding(surroundings),
		gitFinding(surroundings),
		idfFinding(idf),
		idfVersionFinding(surroundings, idf),
		mbedtlsFinding(surroundings),
		simulatorFinding(surroundings, sdk),
		displayFinding(surroundings),
	];
}

/** What the tool that sets up the SDK says itself; `undefined` where it is not installed. */
export function askXsDev({ ask }: Surroundings): string | undefined {
	const answer = ask([join(ROOT, "node_modules", ".bin", "xs-dev"), "doctor"]);
	if (answer === undefined) return undefined;
	return `${answer.stdout}${answer.stderr}`.trim();
}

function attempt<Value>(find: () => Value): Value | ToolchainFailure {
	try {
		return find();
	} catch (error) {
		if (error instanceof ToolchainFailure) return error;
		throw error;
	}
}

function sdkFinding(sdk: Sdk | ToolchainFailure): Finding {
	const name = "Moddable SDK";
	if (!(sdk instanceof ToolchainFailure))
		return { name, isThere: true, detail: `MODDABLE is ${sdk.folder}`, neededFor: EVERYTHING };
	return { name, isThere: false, detail: sdk.message, neededFor: EVERYTHING, remedy: sdk.remedy };
}

function versionFinding(sdk: Sdk | ToolchainFailure): Finding {
	const version = sdk instanceof ToolchainFailure ? undefined : sdk.version;
	const isThere = version?.startsWith(`${SDK_VERSION}.`) ?? false;
	return {
		name: `Moddable SDK ${SDK_VERSION}`,
		isThere,
		detail: version === undefined ? "the version is not known" : `it is ${version}`,
		neededFor: EVERYTHING,
		remedy: isThere ? undefined : `git -C "$MODDABLE" checkout ${SDK_VERSION}.3, then build its tools again`,
	};
}

function pathFinding({ ask }: Surroundings): Finding {
	const answer = ask(["which", "mcconfig"]);
	const isThere = answer?.exitCode === 0;
	return {
		name: "mcconfig on PATH",
		isThere,
		detail: isThere ? answer.stdout.trim() : "it is not: npm run firmware:… finds it all the same",
		neededFor: ["mcconfig by hand"],
		remedy: isThere ? undefined : 'export PATH="$MODDABLE/build/bin/lin/release:$PATH"',
	};
}

function typeScriptFinding({ ask, environment }: Surroundings): Finding {
	const path = [join(ROOT, "node_modules", ".bin"), environment["PATH"] ?? ""].join(delimiter);
	const version = /^Version (\S+)/.exec(ask(["tsc", "--version"], path)?.stdout ?? "")?.[1];
	return {
		name: "TypeScript",
		isThere: version !== undefined,
		detail: version === undefined ? "there is no tsc" : `it is ${version}`,
		neededFor: EVERYTHING,
		remedy: version === undefined ? "npm ci" : undefined,
	};
}

function gitFinding({ ask }: Surroundings): Finding {
	const answer = ask(["git", "--version"]);
	const isThere = answer?.exitCode === 0;
	return {
		name: "git",
		isThere,
		detail: isThere ? answer.stdout.trim() : "it could not be run",
		neededFor: ["check", "build"],
		remedy: isThere ? undefined : "apt-get install git",
	};
}

function idfFinding(folder: string | ToolchainFailure): Finding {
	const isThere = !(folder instanceof ToolchainFailure);
	return {
		name: "ESP-IDF",
		isThere,
		detail: isThere ? `IDF_PATH is ${folder}` : folder.message,
		neededFor: ["build"],
		remedy: isThere ? undefined : IDF_REMEDY,
	};
}

function idfVersionFinding({ ask }: Surroundings, folder: string | ToolchainFailure): Finding {
	const answer =
		folder instanceof ToolchainFailure ? undefined : ask(["git", "-C", folder, "describe", "--always", "--abbrev=0"]);
	const version = answer?.exitCode === 0 ? answer.stdout.trim() : undefined;
	// The SDK takes the tag itself and its corrections.
	const isThere = version === IDF_VERSION || (version?.startsWith(`${IDF_VERSION}.`) ?? false);
	return {
		name: `ESP-IDF ${IDF_VERSION}`,
		isThere,
		detail: version === undefined ? "the version is not known" : `it is ${version}`,
		neededFor: ["build"],
		remedy: isThere ? undefined : IDF_REMEDY,
	};
}

function mbedtlsFinding({ ask }: Surroundings): Finding {
	const answer = ask(["cc", "-E", "-dM", "-x", "c", "-include", "mbedtls/version.h", "/dev/null"]);
	const version = /^#define MBEDTLS_VERSION_STRING "(.+)"$/m.exec(answer?.stdout ?? "")?.[1];
	return {
		name: "C compiler and mbedTLS",
		isThere: version !== undefined,
		detail: version === undefined ? "the device's TLS cannot be compiled" : `mbedTLS ${version}`,
		neededFor: ["sim"],
		remedy: version === undefined ? "apt-get install gcc libc6-dev libmbedtls-dev" : undefined,
	};
}

function simulatorFinding({ exists, ask }: Surroundings, sdk: Sdk | ToolchainFailure): Finding {
	const isBuilt = !(sdk instanceof ToolchainFailure) && exists(join(sdk.bin, "mcsim"));
	const hasHeaders = ask(["pkg-config", "--exists", "gio-2.0"])?.exitCode === 0;
	return {
		name: "simulator",
		isThere: isBuilt && hasHeaders,
		detail: isBuilt ? (hasHeaders ? "mcsim and GLib's headers" : "no headers of GLib") : "there is no mcsim",
		neededFor: ["sim"],
		remedy: isBuilt && hasHeaders ? undefined : `apt-get install libgtk-3-dev pkg-config, then ${SDK_REMEDY}`,
	};
}

function displayFinding({ environment, ask }: Surroundings): Finding {
	const display = environment["DISPLAY"] ?? "";
	const hasXvfb = ask(["which", "Xvfb"])?.exitCode === 0;
	return {
		name: "display",
		isThere: display !== "" || hasXvfb,
		detail: display !== "" ? `DISPLAY is ${display}` : hasXvfb ? "Xvfb" : "neither DISPLAY nor Xvfb",
		neededFor: ["sim"],
		remedy: display !== "" || hasXvfb ? undefined : "apt-get install xvfb",
	};
}
