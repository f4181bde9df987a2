import fc from "fast-check";
import { nativeTest } from "./native-test.js";

const test = await nativeTest();

const cases: readonly [presented: string, serverName: string, matches: boolean][] = [
	["gw.example.test", "gw.example.test", true],
	["GW.Example.TEST", "gw.example.test", true],
	["gw.example.test", "GW.EXAMPLE.TEST", true],
	["gw.example.test", "gw.example.tes", false],
	["gw.example.tes", "gw.example.test", false],
	["*.example.test", "gw.example.test", true],
	["*.Example.test", "gw.example.TEST", true],
	["*.example.test", "a.gw.example.test", false],
	["*.example.test", "example.test", false],
	["*.example.test", ".example.test", false],
	["*.test", "example.test", false],
	["*.com", "example.com", false],
	["*", "localhost", false],
	["*.", "localhost.", false],
	["*.*.test", "gw.example.test", false],
	["g*.example.test", "gw.example.test", false],
	["*w.example.test", "gw.example.test", false],
	["gw.*.test", "gw.example.test", false],
	["**.example.test", "gw.example.test", false],
	["gw.example.test\0.evil.test", "gw.example.test", false],
	["gw.example.test.", "gw.example.test", false],
	["127.0.0.1", "127.0.0.1", false],
	["*.0.0.1", "127.0.0.1", false],
	["2130706433", "2130706433", false],
	["::1", "::1", false],
	["", "gw.example.test", false],
];

for (const [presented, serverName, matches] of cases) {
	test(`${JSON.stringify(presented)} ${matches ? "stands" : "does not stand"} for ${serverName}`, async (t, engine) => {
		t.is(await engine.nameMatches(serverName, Buffer.from(presented)), matches);
	});
}

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join("."));
const presentedName = fc.oneof(
	name,
	fc.array(fc.oneof(label, fc.constant("*")), { minLength: 1, maxLength: 5 }).map((labels) => labels.join(".")),
);

/** The rule once more, by labels. */
function stands(presented: string, serverName: string): boolean {
	const [first, ...rest] = presented.split(".");
	const [ownFirst, ...ownRest] = serverName.split(".");
	if (rest.includes("*")) return false;
	if (rest.join(".") !== ownRest.join(".")) return false;
	return first === ownFirst || (first === "*" && rest.length >= 2);
}

test("a name stands for another by whole labels alone", async (t, engine) => {
	const pair = fc.oneof(
		fc.tuple(presentedName, name),
		name.map((own): [string, string] => [own.replace(/^[^.]*/, "*"), own]),
	);
	await fc.assert(
		fc.asyncProperty(pair, async ([presented, own]) => {
			t.is(await engine.nameMatches(own, Buffer.from(presented)), stands(presented, own));
		}),
		{ numRuns: 300 },
	);
});
