import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { BuildOptions } from "../../src/toolchain/build-options.js";
import { buildFiles, MANIFEST, partitionsOf } from "../../src/toolchain/configuration.js";
import { ROOT } from "../../src/toolchain/sdk.js";
import { CHIPS, SIMULATOR } from "../../src/toolchain/targets.js";

const PLAIN: BuildOptions = { target: CHIPS[0]!, debug: false, ota: false, largeNvs: false, encryptNvs: false };

const FILES: Readonly<Record<string, string>> = {
	"src/firmware/esp32/sdkconfig.defaults": "CONFIG_BASE=y\n",
	"src/firmware/esp32/sdkconfig.defaults.release": "CONFIG_RELEASE=y\n",
	"src/firmware/esp32/ota/sdkconfig.defaults": "CONFIG_OTA=y\n",
	"src/firmware/esp32/nvs-encryption/sdkconfig.defaults": "CONFIG_ENCRYPTION=y\n",
};

function filesOf(options: Partial<BuildOptions>, built?: number) {
	const context = { root: "/project", folder: "/build/x", built, read: (path: string) => FILES[path] };
	return buildFiles({ ...PLAIN, ...options }, context);
}

function jsonOf(text: string | undefined) {
	return JSON.parse(text ?? "null");
}

test("the project's manifest comes first, what must stand comes last", (t) => {
	t.deepEqual(jsonOf(filesOf({})[MANIFEST]).include, [
		"/project/manifest.json",
		"/build/x/configuration/manifest.json",
	]);
	t.deepEqual(jsonOf(filesOf({ ota: true })[MANIFEST]).include, [
		"/project/manifest.json",
		"/project/src/firmware/esp32/ota/manifest.json",
		"/build/x/configuration/manifest.json",
	]);
});

test("ESP-IDF's settings are those of the options, one after the other", (t) => {
	t.is(filesOf({})["configuration/sdkconfig.defaults"], "CONFIG_BASE=y\n");
	const all = filesOf({ ota: true, encryptNvs: true });
	t.is(all["configuration/sdkconfig.defaults"], "CONFIG_BASE=y\n\nCONFIG_OTA=y\n\nCONFIG_ENCRYPTION=y\n");
	t.is(all["configuration/sdkconfig.defaults.release"], "CONFIG_RELEASE=y\n");
	t.is(jsonOf(all["configuration/manifest.json"]).build.SDKCONFIGPATH, "/build/x/configuration");
});

test("what a build says reaches the manifest's config, and what it does not say is left to the project's", (t) => {
	t.deepEqual(jsonOf(filesOf({})[MANIFEST]).config, {});
	const options = { firmwareVersion: 0, timeServers: ["ntp.lan"], lightPin: 2, lightActiveLow: true };
	t.deepEqual(jsonOf(filesOf(options, 1_800_000_000_000)[MANIFEST]).config, { built: 1_800_000_000_000, ...options });
});

test("the simulator has nothing to do with ESP-IDF", (t) => {
	const files = filesOf({ target: SIMULATOR });
	t.deepEqual(Object.keys(files), [MANIFEST]);
	t.deepEqual(jsonOf(files[MANIFEST]).include, ["/project/manifest.json"]);
});

interface Partition {
	readonly name: string;
	readonly type: string;
	readonly offset: number;
	readonly size: number;
}

function tableOf(options: Partial<BuildOptions>): Partition[] {
	const file = partitionsOf({ ...PLAIN, ...options });
	const lines = readFileSync(join(ROOT, file!), "utf8").split("\n");
	return lines
		.filter((line) => line !== "" && !line.startsWith("#"))
		.map((line) => {
			const [name = "", type = "", , offset, size] = line.split(",").map((field) => field.trim());
			return { name, type, offset: Number(offset), size: Number(size) };
		});
}

test("without options the table of partitions is the SDK's", (t) => {
	t.is(partitionsOf(PLAIN), undefined);
	const { build } = jsonOf(filesOf({})["configuration/manifest.json"]);
	t.is(build.PARTITIONS_FILE, undefined);
	const { build: other } = jsonOf(filesOf({ ota: true })["configuration/manifest.json"]);
	t.is(other.PARTITIONS_FILE, "/project/src/firmware/esp32/partitions/ota.csv");
});

test("partitions do not overlap, images lie where the chip can map them, and all fit into 4 MB", (t) => {
	for (const options of [{ ota: true }, { largeNvs: true }, { ota: true, largeNvs: true }]) {
		let end = 0x9000;
		for (const { name, type, offset, size } of tableOf(options)) {
			t.true(offset >= end, `${name} of ${JSON.stringify(options)}`);
			t.is(offset % (type === "app" ? 0x10000 : 0x1000), 0, name);
			t.is(size % 0x1000, 0, name);
			t.true(size > 0, name);
			end = offset + size;
		}
		t.true(end <= 0x400000);
	}
});

test("each option has the partitions it is for", (t) => {
	for (const options of [{ ota: true }, { ota: true, largeNvs: true }]) {
		const table = tableOf(options);
		const size = (name: string) => table.find((partition) => partition.name === name)?.size;
		t.is(size("ota_0"), size("ota_1"));
		t.is(size("otadata"), 0x2000);
		t.is(size("factory"), undefined);
	}
	for (const options of [{ largeNvs: true }, { ota: true, largeNvs: true }])
		t.like(tableOf(options)[0], { name: "nvs", offset: 0x9000, size: 0x20000 });
	t.like(tableOf({ ota: true })[0], { name: "nvs", offset: 0x9000, size: 0x6000 });
});

test("the chip's settings have the watchdog on, longer than a signature takes, and a rollback that can work", (t) => {
	const read = (path: string) => readFileSync(join(ROOT, "src/firmware/esp32", path), "utf8");
	const settings = read("sdkconfig.defaults");
	t.regex(settings, /^CONFIG_ESP_TASK_WDT_EN=y$/m);
	t.regex(settings, /^CONFIG_ESP_TASK_WDT_PANIC=y$/m);
	t.regex(settings, /^CONFIG_ESP_TASK_WDT_TIMEOUT_S=30$/m);
	const ota = read("ota/sdkconfig.defaults");
	t.regex(ota, /^CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y$/m);
	t.regex(ota, /^CONFIG_BOOTLOADER_SKIP_VALIDATE_ALWAYS=n$/m);
});
