/**
 * What a verb loads before it does anything: a command that prints one line is not to load what others need.
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { latchkey } from "./run.js";

/** Names of packages and of this project's own files, as V8 has seen them. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-start-up-"));
	try {
		await latchkey(args, { environment: { NODE_V8_COVERAGE: folder } });
		const urls = readdirSync(folder).flatMap((file) => {
			const { result } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { result: readonly { url: string }[] };
			return result.map(({ url }) => url);
		});
		const names = urls.map(
			(url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? /\/src\/.*$/.exec(url)?.[0],
		);
		return [...new Set(names.filter((name) => name !== undefined))];
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** What makes certificates. */
const CERTIFICATES = ["@peculiar/x509", "tsyringe", "reflect-metadata"];

test.serial("--version loads no verb", async (t) => {
	for (const option of ["--version", "-V"]) {
		const loaded = await loadedBy(option);
		t.true(loaded.includes("/src/cli/main.ts"), "what is loaded is seen");
		t.deepEqual(
			loaded.filter(
				(name) =>
					!/^\/src\/cli\/(?:latchkey|main|failure|interruption|output)\.|^(?:commander|tsx|esbuild)$/.test(name),
			),
			[],
		);
	}
});

test.serial("a verb that only reads a root loads nothing that makes certificates", async (t) => {
	for (const args of [
		["device", "--credential", "/nonexistent"],
		["test-invoke-authorizer", "--generate-cli-skeleton"],
	]) {
		const loaded = await loadedBy(...args);
		t.true(loaded.includes("/src/cli/trust-anchor.ts"), args.join(" "));
		t.deepEqual(
			loaded.filter((name) => CERTIFICATES.includes(name)),
			[],
			args.join(" "),
		);
	}
});

test.serial("a YAML parser is loaded for --cli-input-yaml alone", async (t) => {
	const verb = ["test-invoke-authorizer", "--generate-cli-skeleton", "output", "--authorizer-name", "A"];
	t.false((await loadedBy(...verb)).includes("yaml"));
	t.true((await loadedBy(...verb, "--cli-input-yaml", "authorizerName: B")).includes("yaml"));
});
