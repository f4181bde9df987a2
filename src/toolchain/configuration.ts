/**
 * What mcconfig is given for a build: a manifest around the project's own, and for ESP-IDF one configuration out of the
 * options' parts, of which the SDK takes a single folder.
 * @module
 */
import { join } from "node:path";
import type { BuildOptions } from "./build-options.js";

/** Files by their names in the build's folder. */
export type BuildFiles = Readonly<Record<string, string>>;

/** Folder of the manifest: mcconfig calls the image by its name. */
export const IMAGE_NAME = "latchkey";

/** Where the manifest is, in the build's folder. */
export const MANIFEST = `${IMAGE_NAME}/manifest.json`;

/** Endings of the files of settings that mcconfig reads: the second one for releases only. */
const SETTINGS = ["sdkconfig.defaults", "sdkconfig.defaults.release"] as const;

const CONFIGURATION = "configuration";

/** The folder with the chip's own files, from the project's. */
const ESP32 = "src/firmware/esp32";

export interface BuildContext {
	/** The project's folder. */
	readonly root: string;
	/** The build's. */
	readonly folder: string;
	/** Milliseconds since 1970: the device takes no time for right that is before this. `undefined`: the sources' own. */
	readonly built: number | undefined;
	/** The text of a file of the project; `undefined` where there is none. */
	readonly read: (path: string) => string | undefined;
}

export function buildFiles(options: BuildOptions, context: BuildContext): BuildFiles {
	const isChip = options.target.platform.startsWith("esp32");
	return { ...(isChip ? settingsFiles(options, context) : {}), ...manifestFiles(options, context, isChip) };
}

/** Folders with settings for ESP-IDF; a later one has the last word. */
function settingsFolders({ ota, encryptNvs }: BuildOptions): string[] {
	return [ESP32, ...(ota ? [`${ESP32}/ota`] : []), ...(encryptNvs ? [`${ESP32}/nvs-encryption`] : [])];
}

function settingsFiles(options: BuildOptions, { read }: BuildContext): BuildFiles {
	const files: Record<string, string> = {};
	for (const name of SETTINGS) {
		const parts = settingsFolders(options).map((folder) => read(`${folder}/${name}`));
		files[`${CONFIGURATION}/${name}`] = parts.filter((part) => part !== undefined).join("\n");
	}
	return files;
}

/** The table of partitions, or that of the SDK. */
export function partitionsOf({ ota, largeNvs }: Pick<BuildOptions, "ota" | "largeNvs">): string | undefined {
	const name = [...(ota ? ["ota"] : []), ...(largeNvs ? ["large-nvs"] : [])].join("-");
	return name === "" ? undefined : `${ESP32}/partitions/${name}.csv`;
}

/**
 * mcconfig takes the `build` of an included manifest over that of the one that includes it, so what must stand comes last.
 */
function manifestFiles(options: BuildOptions, { root, folder, built }: BuildContext, isChip: boolean): BuildFiles {
	const { ota, firmwareVersion, timeServers, lightPin, lightActiveLow } = options;
	const include = [
		join(root, "manifest.json"),
		...(isChip && ota ? [join(root, ESP32, "ota", "manifest.json")] : []),
		...(isChip ? [join(folder, CONFIGURATION, "manifest.json")] : []),
	];
	const config = { built, firmwareVersion, timeServers, lightPin, lightActiveLow };
	const manifest = { include, config };
	return {
		[MANIFEST]: jsonOf(manifest),
		...(isChip ? { [`${CONFIGURATION}/manifest.json`]: jsonOf(buildProperties(options, root, folder)) } : {}),
	};
}

function buildProperties(options: BuildOptions, root: string, folder: string): object {
	const partitions = partitionsOf(options);
	return {
		build: {
			SDKCONFIGPATH: join(folder, CONFIGURATION),
			...(partitions === undefined ? {} : { PARTITIONS_FILE: join(root, partitions) }),
		},
	};
}

function jsonOf(value: object): string {
	return `${JSON.stringify(value, undefined, "\t")}\n`;
}
