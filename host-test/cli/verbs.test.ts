/** @module */
import { createPublicKey, verify } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { parseCustomAuthUsername } from "../../src/authorizer/index.js";
import { latchkey } from "./run.js";

const VERBS = [
	...["demo", "up", "device", "update", "keys", "sign"],
	...["test-invoke-authorizer", "test-authorization", "export"],
];
const SUBVERBS = [
	["keys", "create"],
	["export", "cloudformation"],
	["export", "terraform"],
];
const GROUPS = new Set(SUBVERBS.map(([group]) => group));

const folder = mkdtempSync(join(tmpdir(), "latchkey-verbs-"));
test.after.always(() => rmSync(folder, { recursive: true }));

const TOKEN = "a token & more?=%";

test.serial("--help names every verb, and every verb's help has examples", async (t) => {
	const { code, stdout } = await latchkey(["--help"]);
	t.is(code, 0);
	for (const verb of VERBS) t.regex(stdout, new RegExp(`^  ${verb} `, "m"));
	for (const verb of [...VERBS.filter((name) => !GROUPS.has(name)).map((name) => [name]), ...SUBVERBS]) {
		const help = await latchkey([...verb, "--help"]);
		t.is(help.code, 0);
		t.regex(help.stdout, /Examples:\n {2}\$ latchkey/, verb.join(" "));
	}
});

test.serial("wrong usage exits with 2 and says what is wrong", async (t) => {
	for (const args of [[], ["nonsense"], ["sign"], ["up", "--port", "x"], ["demo", "--nonsense"]]) {
		const { code, stderr } = await latchkey(args, { folder });
		t.is(code, 2, `${args.join(" ")}: ${stderr}`);
		t.not(stderr, "");
	}
});

test.serial("keys create makes a pair for its owner alone and never overwrites one", async (t) => {
	const made = await latchkey(["keys", "create", "--out", "made", "--json"], { folder });
	t.is(made.code, 0);
	t.deepEqual(JSON.parse(made.stdout), { privateKeyFile: "made/private.pem", publicKeyFile: "made/public.pem" });
	t.is(statSync(join(folder, "made/private.pem")).mode & 0o777, 0o600);
	const before = readFileSync(join(folder, "made/private.pem"), "utf8");
	const again = await latchkey(["keys", "create", "--out", "made"], { folder });
	t.is(again.code, 1);
	t.regex(again.stderr, /file-exists/);
	t.is(readFileSync(join(folder, "made/private.pem"), "utf8"), before);
});

test.serial("keys create leaves a half of a pair as it is and makes no other half", async (t) => {
	mkdirSync(join(folder, "half"));
	writeFileSync(join(folder, "half/public.pem"), "mine");
	const { code, stderr } = await latchkey(["keys", "create", "--out", "half"], { folder });
	t.is(code, 1);
	t.regex(stderr, /public\.pem is already there/);
	t.deepEqual(readdirSync(join(folder, "half")), ["public.pem"]);
});

test.serial(
	"sign gives back the token it signed, whatever line end its file has, and reads one thing from standard input",
	async (t) => {
		await latchkey(["keys", "create", "--out", "ends"], { folder });
		for (const end of ["", "\n", "\r\n"]) {
			writeFileSync(join(folder, "ends/token"), `abc${end}`);
			const args = ["sign", "--key-file", "ends/private.pem", "--token-file", "ends/token", "--only", "token"];
			t.is((await latchkey(args, { folder })).stdout, "abc\n");
		}
		const both = await latchkey(["sign", "--key-file", "-"], { folder, input: "abc" });
		t.is(both.code, 2);
		t.regex(both.stderr, /only one of them/);
	},
);

test.serial("sign prints a signature that verifies and a username that carries it", async (t) => {
	await latchkey(["keys", "create", "--out", "signing"], { folder });
	writeFileSync(join(folder, "token"), `${TOKEN}\n`);
	const args = ["sign", "--key-file", "signing/private.pem", "--authorizer-name", "A", "--username", "u"];
	for (const [more, input] of [
		[["--token-file", "token"], ""],
		[[], TOKEN],
	] as const) {
		const { code, stdout, stderr } = await latchkey([...args, ...more, "--json"], { folder, input });
		t.is(code, 0, stderr);
		const { signature, username } = JSON.parse(stdout) as { signature: string; username: string };
		const publicKey = createPublicKey(readFileSync(join(folder, "signing/public.pem"), "utf8"));
		t.true(verify("sha256", Buffer.from(TOKEN), publicKey, Buffer.from(signature, "base64")));
		const fields = parseCustomAuthUsername(username);
		t.is(fields.username, "u");
		t.is(fields.authorizerName, "A");
		t.is(fields.signature, signature);
		t.is(fields.parameters.get("token"), TOKEN);
		const only = await latchkey([...args, ...more, "--only", "signature"], { folder, input });
		t.is(only.stdout, `${signature}\n`);
	}
});

test.serial("sign refuses what no device could be given", async (t) => {
	await latchkey(["keys", "create", "--out", "limits"], { folder });
	writeFileSync(join(folder, "limits/binary"), Uint8Array.of(0x61, 0xff, 0xfe));
	writeFileSync(join(folder, "limits/long"), "t".repeat(6145));
	writeFileSync(join(folder, "limits/good"), "t");
	const wrong = [
		["--token-file", "limits/binary"],
		["--token-file", "limits/long"],
		["--token-file", "limits/good", "--authorizer-name", ""],
		["--token-file", "limits/good", "--token-key-name", "a&b"],
		["--token-file", "limits/good", "--token-key-name", "x-amz-customauthorizer-name"],
	];
	for (const args of wrong) {
		const { code, stdout } = await latchkey(["sign", "--key-file", "limits/private.pem", ...args], { folder });
		t.is(code, 2, args.join(" "));
		t.is(stdout, "");
	}
});

test.serial("sign for people shows how to try it against AWS without quoting the token", async (t) => {
	await latchkey(["keys", "create", "--out", "people"], { folder });
	writeFileSync(join(folder, "token2"), "SECRET-TOKEN");
	const { stdout } = await latchkey(
		["sign", "--key-file", "people/private.pem", "--token-file", "token2", "--authorizer-name", "A"],
		{ folder },
	);
	t.regex(stdout, /aws iot test-invoke-authorizer --authorizer-name A/);
	t.false(stdout.slice(stdout.indexOf("aws iot")).includes("SECRET-TOKEN"));
});

test.serial("a key file that is no key is an error that does not show it", async (t) => {
	writeFileSync(join(folder, "bad.pem"), "-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n");
	const { code, stderr } = await latchkey(["sign", "--key-file", "bad.pem"], { folder, input: TOKEN });
	t.is(code, 1);
	t.regex(stderr, /key-malformed/);
	t.notRegex(stderr, /U0VDUkVU|\n\s+at /);
	const missing = await latchkey(["sign", "--key-file", "nowhere.pem"], { folder, input: TOKEN });
	t.is(missing.code, 2);
	t.regex(missing.stderr, /file-unreadable/);
});

test.serial("device tells a credential that is wrong before it connects", async (t) => {
	writeFileSync(join(folder, "credential.json"), '{"version":1,"mode":"rsa","clientId":"c"}');
	const { code, stderr } = await latchkey(["device", "--credential", "credential.json", "--engine", "node"], {
		folder,
	});
	t.is(code, 1);
	t.regex(stderr, /endpoint: required/);
	t.regex(stderr, /remedy: /);
});
