import test from "ava";
import {
	type Account,
	AccountStoreError,
	type DroppedChange,
	loadAccount,
	openAccountStore,
} from "../../src/account/index.js";
import { createKeyPair } from "../authorizer/keys.js";
import { MemoryDisk } from "./memory-disk.js";

const key = createKeyPair().publicKey;
const POLICY = { Version: "2012-10-17", Statement: [] };
const GROUP = "arn:aws:iot:eu-west-1:123456789012:thinggroup/Sensors";
const CONFIG = {
	functions: { F: { module: "f.ts" } },
	authorizers: {
		A: { function: "F", tokenKeyName: "Tok", tokenSigningPublicKeys: { k1: key } },
		B: { function: "F", signingDisabled: true, status: "INACTIVE" },
	},
	policies: { P: POLICY },
	principals: { [GROUP]: ["P"] },
};

/** Starts with a configuration over what a disk keeps. */
function start(
	disk: MemoryDisk,
	config: object = CONFIG,
	more: { text?: string; configuredAt?: number; now?: number } = {},
) {
	const dropped: DroppedChange[] = [];
	const account = loadAccount(more.text ?? JSON.stringify(config), {
		directory: "/house",
		openFunction: () => ({ invoke: async () => null, close: async () => {} }),
		store: openAccountStore("/data", { disk }),
		onDropped: (changes) => dropped.push(...changes),
		now: () => more.now ?? 9000,
		configuredAt: more.configuredAt ?? 1000,
	});
	return {
		account,
		dropped: dropped.map(({ table, key: name, reason }) => `${table} ${name} ${reason}`),
		told: dropped,
	};
}

const creation = (account: Account, authorizerName: string) => ({
	authorizerName,
	authorizerFunctionArn: account.functionArn("F"),
	signingDisabled: true,
});

test("what the API created, changed and deleted is so at the next start", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.authorizers.create(creation(account, "C"));
	account.authorizers.update("A", { tokenKeyName: "Other" });
	account.authorizers.delete("B");
	account.authorizers.setDefault("C");
	const again = start(disk);
	t.deepEqual(again.dropped, []);
	t.deepEqual(again.account.authorizers.list(), account.authorizers.list());
	t.is(again.account.authorizers.describe("A").tokenKeyName, "Other");
	t.is(again.account.authorizers.get("B"), undefined);
	t.is(again.account.authorizers.describeDefault().name, "C");
});

test("without a change of the API nothing is written", (t) => {
	const disk = new MemoryDisk();
	start(disk);
	t.is(disk.files.size, 0);
});

test("where the configuration changed since, it wins, and the change is dropped for good", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.authorizers.update("A", { tokenKeyName: "Other" });
	account.authorizers.update("B", { status: "ACTIVE" });
	const A = { ...CONFIG.authorizers.A, tokenKeyName: "Mine" };
	const edited = start(disk, { ...CONFIG, authorizers: { ...CONFIG.authorizers, A } });
	t.deepEqual(edited.dropped, ["authorizers A configuration-changed"]);
	t.is(
		edited.told[0]?.message,
		'The API had changed authorizers "A"; the configuration has changed there since and now counts.',
	);
	t.is(edited.account.authorizers.describe("A").tokenKeyName, "Mine");
	t.is(edited.account.authorizers.describe("B").status, "ACTIVE");
	const back = start(disk);
	t.deepEqual(back.dropped, []);
	t.is(back.account.authorizers.describe("A").tokenKeyName, "Tok");
});

test("a deleted entry that the configuration changes is back", (t) => {
	const disk = new MemoryDisk();
	start(disk).account.authorizers.delete("B");
	const B = { ...CONFIG.authorizers.B, enableCachingForHttp: true };
	const edited = start(disk, { ...CONFIG, authorizers: { ...CONFIG.authorizers, B } });
	t.deepEqual(edited.dropped, ["authorizers B configuration-changed"]);
	t.truthy(edited.account.authorizers.get("B"));
});

test("an entry that the API created gives way to one that the configuration has now", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.authorizers.create(creation(account, "C"));
	const C = { function: "F", signingDisabled: true };
	const edited = start(disk, { ...CONFIG, authorizers: { ...CONFIG.authorizers, C } });
	t.deepEqual(edited.dropped, ["authorizers C configuration-changed"]);
	t.is(edited.account.authorizers.describe("C").status, "ACTIVE");
});

test("white space, order and date of the configuration drop nothing", (t) => {
	const disk = new MemoryDisk();
	start(disk).account.authorizers.update("A", { tokenKeyName: "Other" });
	const { tokenSigningPublicKeys, ...A } = CONFIG.authorizers.A;
	const text = JSON.stringify(
		{ ...CONFIG, authorizers: { B: CONFIG.authorizers.B, A: { tokenSigningPublicKeys, ...A } } },
		null,
		2,
	);
	const again = start(disk, CONFIG, { text, configuredAt: 8000 });
	t.deepEqual(again.dropped, []);
	t.is(again.account.authorizers.describe("A").tokenKeyName, "Other");
});

test("what is named like a date is content: a key, a variable, a tag", (t) => {
	const configured = (word: string) => ({
		functions: { F: { module: "f.ts", environment: { lastModified: word, creationDate: "same" } } },
		authorizers: {
			A: { function: "F", tokenKeyName: "Tok", tokenSigningPublicKeys: { [word]: key } },
		},
	});
	const disk = new MemoryDisk();
	const { account } = start(disk, configured("lastModifiedDate"));
	account.functions.update("F", { timeout: 4 });
	account.authorizers.update("A", { tokenKeyName: "Other" });
	t.deepEqual(start(disk, configured("lastModifiedDate"), { configuredAt: 8000 }).dropped, []);
	t.deepEqual(start(disk, configured("creationDate")).dropped, [
		"functions F configuration-changed",
		"authorizers A configuration-changed",
	]);
});

test("the date of a policy's version is none of its content", (t) => {
	const disk = new MemoryDisk();
	start(disk).account.policies.createVersion("P", JSON.stringify(POLICY), true);
	const again = start(disk, CONFIG, { configuredAt: 8000 });
	t.deepEqual(again.dropped, []);
	t.is(again.account.policies.describe("P").defaultVersionId, "2");
});

test("a default of a domain configuration goes with the authorizer that the configuration no longer has", (t) => {
	const disk = new MemoryDisk();
	const authorizerConfig = { defaultAuthorizerName: "A" };
	start(disk).account.domainConfigurations.create({ domainConfigurationName: "mine", authorizerConfig });
	const edited = start(disk, { ...CONFIG, authorizers: { B: CONFIG.authorizers.B } });
	t.deepEqual(edited.dropped, ["domain-configurations mine conflict"]);
});

test("an authorizer that the API deleted is back where a domain configuration now names it", (t) => {
	const disk = new MemoryDisk();
	start(disk).account.authorizers.delete("B");
	const domainConfigurations = { d: { serverName: "d.test", defaultAuthorizer: "B" } };
	const edited = start(disk, { ...CONFIG, domainConfigurations });
	t.deepEqual(edited.dropped, ["authorizers B conflict"]);
	t.truthy(edited.account.authorizers.get("B"));
});

test("a store that is only read lays its changes over, and writes nothing even where some are dropped", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.authorizers.update("A", { tokenKeyName: "Other" });
	account.authorizers.delete("B");
	const before = new Map(disk.files);
	const A = { ...CONFIG.authorizers.A, tokenKeyName: "Mine" };
	const text = JSON.stringify({ ...CONFIG, authorizers: { ...CONFIG.authorizers, A } });
	const read = loadAccount(text, {
		directory: "/house",
		openFunction: () => ({ invoke: async () => null, close: async () => {} }),
		store: openAccountStore("/data", { access: "read", disk }),
	});
	t.is(read.authorizers.describe("A").tokenKeyName, "Mine");
	t.is(read.authorizers.get("B"), undefined);
	t.deepEqual(disk.files, before);
	account.authorizers.update("A", { tokenKeyName: "More" });
});

test("an attachment goes with the policy that the configuration no longer has", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	const other = GROUP.replace("Sensors", "Doors");
	account.policies.attach("P", other);
	const { policies: _, principals: __, ...rest } = CONFIG;
	const edited = start(disk, rest);
	t.deepEqual(edited.dropped, [`attachments ${other} conflict`]);
	t.deepEqual(edited.account.policies.attachedTo(other), []);
	t.regex(edited.told[0]?.message ?? "", /there is nothing named "P" in policies\.$/);
});

test("a policy that the API deleted is back where the configuration now attaches it", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.policies.detach("P", GROUP);
	account.policies.delete("P");
	const other = GROUP.replace("Sensors", "Doors");
	const edited = start(disk, { ...CONFIG, principals: { [other]: ["P"] } });
	t.deepEqual(edited.dropped, [`attachments ${GROUP} configuration-changed`, "policies P conflict"]);
	t.is(edited.account.policies.attachedTo(other).length, 1);
});

test("a default and tags of what the configuration no longer has are dropped", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.authorizers.setDefault("A");
	account.tags.tag(account.authorizers.describe("A").arn, [{ Key: "k" }]);
	const edited = start(disk, { ...CONFIG, authorizers: { B: CONFIG.authorizers.B } });
	t.deepEqual([...edited.dropped].sort(), [
		`settings default-authorizer conflict`,
		`tags ${account.authorizers.describe("A").arn} conflict`,
	]);
	t.throws(() => edited.account.authorizers.describeDefault());
});

test("a domain configuration gives way where the configuration takes its server name", (t) => {
	const disk = new MemoryDisk();
	start(disk).account.domainConfigurations.create({ domainConfigurationName: "mine", domainName: "a.test" });
	const edited = start(disk, { ...CONFIG, domainConfigurations: { theirs: { serverName: "A.test" } } });
	t.deepEqual(edited.dropped, ["domain-configurations mine conflict"]);
	t.is(edited.account.getDomainConfiguration("a.test")?.name, "theirs");
});

test("another account or region is refused, and the file left alone", (t) => {
	const disk = new MemoryDisk();
	start(disk).account.authorizers.delete("B");
	const before = new Map(disk.files);
	const { principals: _, ...rest } = CONFIG;
	for (const other of [{ region: "us-east-1" }, { accountId: "000000000001" }]) {
		const error = t.throws(() => start(disk, { ...rest, ...other }), { instanceOf: AccountStoreError });
		t.is(error.code, "account-store-of-another-account");
	}
	t.deepEqual(disk.files, before);
});

test("what cannot be kept did not happen", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	const attempt = (call: () => unknown) => {
		disk.fault = { step: "write", code: "ENOSPC" };
		t.is(t.throws(call, { instanceOf: AccountStoreError }).code, "account-store-not-written");
	};
	const before = snapshot(account);
	attempt(() => account.authorizers.create({ ...creation(account, "C"), tags: [{ Key: "k" }] }));
	attempt(() => account.authorizers.delete("B"));
	attempt(() => account.policies.createVersion("P", JSON.stringify(POLICY), true));
	attempt(() => account.functions.delete("F"));
	attempt(() => account.domainConfigurations.create({ domainConfigurationName: "d" }));
	t.deepEqual(snapshot(account), before);
	t.truthy(account.functions.open("F"));
	account.authorizers.delete("B");
	t.is(start(disk).account.authorizers.get("B"), undefined);
});

test("what comes and goes by the API alone leaves nothing behind", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.authorizers.create({ ...creation(account, "C"), tags: [{ Key: "k" }] });
	account.authorizers.delete("C");
	t.deepEqual(openAccountStore("/data", { disk }).content?.entries, []);
});

test("what the API creates after a start is newer than what it created before, though the clock was set back", (t) => {
	const disk = new MemoryDisk();
	const { account } = start(disk);
	account.authorizers.create(creation(account, "Z"));
	const again = start(disk, CONFIG, { now: 5000 }).account;
	again.authorizers.create(creation(again, "Y"));
	t.deepEqual(
		again.authorizers.list().map(({ name }) => name),
		["Y", "Z", "B", "A"],
	);
});

function snapshot(account: Account) {
	return [
		account.authorizers.list(),
		account.policies.list(),
		account.functions.list(),
		account.domainConfigurations.list(),
	];
}
