import { readFileSync } from "node:fs";
import test from "ava";
import { loadAccount } from "../../src/account/index.js";
import { createKeyPair } from "../authorizer/keys.js";

const page = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? "";
const files: Readonly<Record<string, string>> = {
	"/site/keys/public.pem": createKeyPair().publicKey,
	"/site/own-topics.json": JSON.stringify({
		Version: "2012-10-17",
		Statement: { Effect: "Allow", Action: "iot:Connect", Resource: "*" },
	}),
};

function load(text: string) {
	return loadAccount(text, {
		directory: "/site",
		openFunction: () => ({ invoke: async () => ({}), close: async () => {} }),
		readFile: (file) => files[file] ?? "",
	});
}

test("the configuration of docs/configuration.md is an account", (t) => {
	const account = load(example);
	t.deepEqual(
		account.listAuthorizers().map(({ name, status }) => [name, status]),
		[
			["Devices", "ACTIVE"],
			["Visitors", "INACTIVE"],
		],
	);
	t.deepEqual(account.domainNames(), ["factory.example.com"]);
	t.deepEqual(account.policies.targetsOf("OwnTopics"), ["eu-west-1:11112222-3333-4444-5555-666677778888"]);
});

test("the mistake it shows is told as it shows it", (t) => {
	const [, place, path, message] = /latchkey\.json:(\d+:\d+) (\S+): (.*)/.exec(page) ?? [];
	const error = t.throws(() => load(example.replace('"function": "Gate"', '"function": "Gone"')));
	const told = (error as Error & { problems: { line: number; column: number; path: string; message: string }[] })
		.problems;
	t.deepEqual(
		told.map((problem) => [`${problem.line}:${problem.column}`, problem.path, problem.message]),
		[[place, path, message]],
	);
});
