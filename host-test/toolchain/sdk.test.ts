import test from "ava";
import { findIdf, findSdk } from "../../src/toolchain/sdk.js";
import { ToolchainFailure } from "../../src/toolchain/toolchain-failure.js";
import { COMPLETE, scripted } from "./scripted-machine.js";

test("the SDK is where MODDABLE says, with its version and its tools", (t) => {
	const sdk = findSdk(scripted(COMPLETE));
	t.like(sdk, { folder: "/sdk", version: "8.2.3", bin: "/sdk/build/bin/lin/release" });
	t.regex(sdk.path, /node_modules\/\.bin:\/sdk\/build\/bin\/lin\/release:\/bin$/);
});

test("a copy of the SDK without its history has no version", (t) => {
	const answers = { ...COMPLETE.answers, "git -C /sdk describe": undefined };
	t.is(findSdk(scripted({ ...COMPLETE, answers })).version, undefined);
});

test("without an SDK it is said how to get one", (t) => {
	for (const environment of [{}, { MODDABLE: "" }]) {
		const error = t.throws(() => findSdk(scripted({ ...COMPLETE, environment })), {
			code: "no-sdk",
			instanceOf: ToolchainFailure,
		});
		t.regex(error?.message ?? "", /MODDABLE is not set/);
		t.regex(error?.remedy ?? "", /xs-dev setup.*set MODDABLE/s);
	}
});

test("MODDABLE that leads nowhere, and tools that are not built, are told apart", (t) => {
	t.throws(() => findSdk(scripted({ ...COMPLETE, paths: [] })), { code: "no-sdk", message: /\/sdk/ });
	const error = t.throws(() => findSdk(scripted({ ...COMPLETE, paths: ["/sdk/xs"] })), {
		code: "sdk-not-built",
		instanceOf: ToolchainFailure,
	});
	t.regex(error?.remedy ?? "", /make -C \/sdk\/build\/makefiles\/lin/);
});

test("on a Mac the tools are elsewhere", (t) => {
	const paths = ["/sdk/xs", "/sdk/build/bin/mac/release/mcconfig"];
	t.is(findSdk(scripted({ ...COMPLETE, system: "darwin", paths })).bin, "/sdk/build/bin/mac/release");
});

test("ESP-IDF is where IDF_PATH says, or it is said how to get it", (t) => {
	t.is(findIdf(scripted(COMPLETE)), "/idf");
	t.throws(() => findIdf(scripted({})), { code: "no-idf", message: /IDF_PATH is not set/ });
	t.throws(() => findIdf(scripted({ environment: { IDF_PATH: "/gone" } })), {
		code: "no-idf",
		message: /\/gone/,
	} as object);
});
