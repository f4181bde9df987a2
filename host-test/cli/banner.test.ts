/**
 * The lines that `latchkey up` prints to be copied, run as they stand by a shell that knows nothing of AWS but the keys.
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { isInstalled } from "../aws-clients/index.js";
import { CLEAN } from "./aws-verbs.js";
import { type Finished, Running } from "./run.js";

const COMMAND = fileURLToPath(new URL("../../src/cli/latchkey.js", import.meta.url));
const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" };
const MODES = [
	{ title: "without credentials", options: [], environment: {} },
	{ title: "with --verify-sigv4", options: ["--verify-sigv4"], environment: KEYS },
] as const;
const withAwsCli = isInstalled("awscli.botocore");

/** Starts `up` and gives its banner's commands, and a shell at the same place. */
async function openTerminal(
	t: ExecutionContext,
	options: readonly string[],
	environment: Readonly<Record<string, string>>,
) {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-banner-"));
	const programs = join(folder, "bin");
	mkdirSync(programs);
	// Who copies the lines stands in a project that has Latchkey.
	writeFileSync(join(programs, "npx"), `#!/bin/sh\nshift\nexec '${process.execPath}' '${COMMAND}' "$@"\n`, {
		mode: 0o755,
	});
	const up = new Running(["up", "--port", "0", "--api-port", "0", ...options], {
		folder,
		environment: { ...CLEAN, ...environment },
	});
	t.teardown(async () => {
		await up.interrupt();
		rmSync(folder, { recursive: true });
	});
	const lines: string[] = [];
	await up.line((line) => lines.push(line) > 0 && line.includes("Ctrl-C ends it"));
	const blocks = lines.join("\n").split("\n\n");
	const path = [programs, "/usr/bin", process.env["PATH"]].join(delimiter);
	return {
		block: (start: string) => blocks.find((block) => block.startsWith(`    ${start}`)) ?? `exit 99 # no ${start}`,
		run: (script: string): Promise<Finished> =>
			new Running(["-c", script], {
				folder,
				program: ["/bin/sh", []],
				environment: { ...CLEAN, HOME: folder, PATH: path, AWS_PAGER: "", ...environment },
			}).finished,
	};
}

for (const { title, options, environment } of MODES) {
	if (withAwsCli)
		test.serial(`the AWS CLI's line works as it stands, ${title}`, async (t) => {
			const { block, run } = await openTerminal(t, options, environment);
			const { code, stdout, stderr } = await run(block("aws iot test-invoke-authorizer"));
			t.is(code, 0, stderr);
			t.like(JSON.parse(stdout), { isAuthenticated: true, principalId: "dev1" });
		});

	test.serial(`Latchkey's own line works as it stands and explains, ${title}`, async (t) => {
		const { block, run } = await openTerminal(t, options, environment);
		const { code, stdout, stderr } = await run(block("npx latchkey test-invoke-authorizer"));
		t.is(code, 0, stderr);
		t.like(JSON.parse(stdout), { isAuthenticated: true });
		t.regex(stderr, /the policies let dev1 connect/);
	});
}

test.serial("the same line without the keys is refused with --verify-sigv4", async (t) => {
	const { block, run } = await openTerminal(t, ["--verify-sigv4"], KEYS);
	const { code } = await run(`unset AWS_ACCESS_KEY_ID; ${block("npx latchkey test-invoke-authorizer")}`);
	t.is(code, 1);
});
