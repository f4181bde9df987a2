import test from "ava";
import { Command } from "commander";
import {
	addImageOptions,
	addTargetOptions,
	type BuildFlags,
	buildName,
	buildOptionsOf,
} from "../../src/toolchain/build-options.js";
import { ToolchainFailure } from "../../src/toolchain/toolchain-failure.js";

/** The options of a command line. */
function read(...words: string[]) {
	const command = addImageOptions(addTargetOptions(new Command("build"))).exitOverride();
	command.configureOutput({ writeErr() {}, writeOut() {} });
	command.parse(words, { from: "user" });
	return buildOptionsOf(command.opts<BuildFlags>());
}

test("without options it is a release for the ESP32", (t) => {
	const options = read();
	t.like(options, { debug: false, ota: false, largeNvs: false, encryptNvs: false, firmwareVersion: undefined });
	t.is(options.target.platform, "esp32");
	t.is(buildName(options), "esp32");
});

test("each option is taken, and names the folder of the build where it changes it", (t) => {
	const options = read("--target", "esp32c3", "--ota", "--large-nvs", "--encrypt-nvs", "--debug");
	t.is(options.target.platform, "esp32/esp32c3");
	t.is(buildName(options), "esp32c3-ota-large-nvs-encrypt-nvs-debug");
	const image = read("--firmware-version", "7", "--light-pin", "2", "--light-active-low");
	t.like(image, { firmwareVersion: 7, lightPin: 2, lightActiveLow: true });
	t.is(buildName(image), "esp32");
});

test("several servers of time are taken in their order", (t) => {
	t.deepEqual(read("--time-server", "ntp.lan", "192.0.2.1:1123").timeServers, ["ntp.lan", "192.0.2.1:1123"]);
});

test("what cannot be is refused as a wrong usage", (t) => {
	for (const words of [
		["--target", "esp8266"],
		["--time-server", "a b"],
		["--time-server", "ntp.lan:0"],
		["--time-server", "ntp.lan:65536"],
	])
		t.is(
			t.throws(() => read(...words), { code: "wrong-option", instanceOf: ToolchainFailure }, words.join(" "))?.exitCode,
			2,
		);
	for (const words of [
		["--firmware-version", "4294967296"],
		["--firmware-version", "-1"],
		["--light-pin", "49"],
		["--no-such-option"],
	])
		t.throws(() => read(...words), { name: "CommanderError" }, words.join(" "));
});

test("the first ESP32 has nothing to encrypt its NVS with", (t) => {
	const error = t.throws(() => read("--encrypt-nvs"), { code: "not-on-this-chip", instanceOf: ToolchainFailure });
	t.is(error?.exitCode, 2);
	t.regex(error?.remedy ?? "", /esp32s3/);
	for (const chip of ["esp32s3", "esp32c3", "esp32c6"]) t.true(read("--target", chip, "--encrypt-nvs").encryptNvs);
});
