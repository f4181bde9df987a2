import test from "ava";
import fc from "fast-check";
import {
	type Account,
	AccountStoreError,
	loadAccount,
	openAccountStore,
	ServiceError,
} from "../../src/account/index.js";
import { createKeyPair } from "../authorizer/keys.js";
import { AccountModel, type Operation } from "./account-model.js";
import { MemoryDisk } from "./memory-disk.js";

const keys = [createKeyPair().publicKey, createKeyPair().publicKey, createKeyPair().publicKey];
const DOCUMENT = '{"Version":"2012-10-17","Statement":[]}';
const target = (g: number) => `arn:aws:iot:eu-west-1:123456789012:thinggroup/G${g}`;

/** What the model starts with, too. */
const CONFIG = JSON.stringify({
	functions: { F0: { module: "f.ts", permissions: [{ statementId: "s0", principal: "iot.amazonaws.com" }] } },
	authorizers: {
		A0: { function: "F0", tokenKeyName: "Tok", tokenSigningPublicKeys: { k0: keys[0] }, status: "INACTIVE" },
	},
	defaultAuthorizer: "A0",
	policies: { P0: JSON.parse(DOCUMENT) },
	principals: { [target(0)]: ["P0"] },
});

function startModel(): AccountModel {
	const model = new AccountModel();
	model.authorizers.set(0, { active: false, keys: new Set([0]) });
	model.defaultAuthorizer = 0;
	model.policies.set(0, { versions: [1], latest: 1, inForce: 1, tags: new Set() });
	model.attachments.set(0, [0]);
	model.functions.set(0, new Set([0]));
	return model;
}

function start(disk: MemoryDisk): Account {
	return loadAccount(CONFIG, {
		directory: "/house",
		openFunction: () => ({ invoke: async () => null, close: async () => {} }),
		store: openAccountStore("/data", { disk }),
		onDropped: (dropped) => {
			throw new Error(`dropped: ${JSON.stringify(dropped)}`);
		},
		now: () => 2000,
		configuredAt: 1000,
	});
}

type Calls = {
	readonly [C in Operation["call"]]: (account: Account, operation: Extract<Operation, { call: C }>) => unknown;
};

const arnOf = (account: Account, p: number) => account.policies.get(`P${p}`)?.policyArn ?? `${target(0)}/none`;

const calls: Calls = {
	createAuthorizer: (account, { a }) =>
		account.authorizers.create({
			authorizerName: `A${a}`,
			authorizerFunctionArn: account.functionArn("F0"),
			tokenKeyName: "Tok",
			tokenSigningPublicKeys: { k0: keys[0] ?? "" },
		}),
	deleteAuthorizer: (account, { a }) => account.authorizers.delete(`A${a}`),
	setDefault: (account, { a }) => account.authorizers.setDefault(`A${a}`),
	clearDefault: (account) => account.authorizers.clearDefault(),
	activate: (account, { a }) => account.authorizers.update(`A${a}`, { status: "ACTIVE" }),
	deactivate: (account, { a }) => account.authorizers.update(`A${a}`, { status: "INACTIVE" }),
	addKey: (account, { a, k }) =>
		account.authorizers.update(`A${a}`, { tokenSigningPublicKeys: { [`k${k}`]: keys[k] ?? "" } }),
	createPolicy: (account, { p }) => account.policies.create({ policyName: `P${p}`, policyDocument: DOCUMENT }),
	deletePolicy: (account, { p }) => account.policies.delete(`P${p}`),
	createVersion: (account, { p }) => account.policies.createVersion(`P${p}`, DOCUMENT),
	createDefaultVersion: (account, { p }) => account.policies.createVersion(`P${p}`, DOCUMENT, true),
	setDefaultVersion: (account, { p, v }) => account.policies.setDefaultVersion(`P${p}`, String(v)),
	deleteVersion: (account, { p, v }) => account.policies.deleteVersion(`P${p}`, String(v)),
	attach: (account, { p, g }) => account.policies.attach(`P${p}`, target(g)),
	detach: (account, { p, g }) => account.policies.detach(`P${p}`, target(g)),
	createFunction: (account, { f }) => account.functions.create({ functionName: `F${f}`, source: { module: "/f.ts" } }),
	deleteFunction: (account, { f }) => account.functions.delete(`F${f}`),
	addPermission: (account, { f, s }) =>
		account.functions.addPermission(`F${f}`, {
			statementId: `s${s}`,
			action: "lambda:*",
			principal: "iot.amazonaws.com",
		}),
	removePermission: (account, { f, s }) => account.functions.removePermission(`F${f}`, `s${s}`),
	tagPolicy: (account, { p, k }) => account.tags.tag(arnOf(account, p), [{ Key: `k${k}` }]),
	untagPolicy: (account, { p, k }) => account.tags.untag(arnOf(account, p), [`k${k}`]),
};

/** `done`, or what was thrown. */
function outcomeOf(account: Account, operation: Operation): string {
	try {
		(calls[operation.call] as (account: Account, operation: Operation) => unknown)(account, operation);
		return "done";
	} catch (error) {
		if (error instanceof ServiceError) return error.type;
		if (error instanceof AccountStoreError) return error.code;
		throw error;
	}
}

/** Everything that an account shows. */
function snapshot(account: Account) {
	const policies = account.policies.list();
	const functions = account.functions.list();
	return {
		authorizers: account.authorizers.list(),
		defaultAuthorizer: account.authorizers.defaultName,
		policies,
		targets: policies.map(({ policyName }) => account.policies.targetsOf(policyName)),
		attached: [0, 1].map((g) => account.policies.attachedTo(target(g)).map(({ policyName }) => policyName)),
		tags: policies.map(({ policyArn }) => account.tags.list(policyArn)),
		functions,
		statements: functions.map(({ functionName }) => statementsOf(account, functionName)),
	};
}

function statementsOf(account: Account, functionName: string): readonly string[] {
	try {
		const { policy } = account.functions.getPolicy(functionName);
		return (JSON.parse(policy).Statement as readonly { Sid: string }[]).map(({ Sid }) => Sid);
	} catch (error) {
		if (error instanceof ServiceError) return [];
		throw error;
	}
}

/** The same, as far as the model knows it. */
function shownBy(account: Account) {
	const { authorizers, defaultAuthorizer, policies, attached, tags, functions, statements } = snapshot(account);
	return {
		authorizers: authorizers
			.map(({ name, status, tokenSigningPublicKeys }) =>
				[name, status, Object.keys(tokenSigningPublicKeys).sort().join()].join(" "),
			)
			.sort(),
		defaultAuthorizer,
		policies: policies
			.map(({ policyName, versions, defaultVersionId }, index) =>
				[
					policyName,
					versions.map(({ policyVersionId }) => policyVersionId).join(),
					defaultVersionId,
					tags[index]
						?.map(({ Key }) => Key)
						.sort()
						.join(),
				].join(" "),
			)
			.sort(),
		attached,
		functions: functions.map(({ functionName }, index) =>
			[functionName, [...(statements[index] ?? [])].sort().join()].join(" "),
		),
	};
}

function modelShows(model: AccountModel) {
	const names = (letter: string, numbers: Iterable<number>) => [...numbers].map((number) => `${letter}${number}`);
	return {
		authorizers: [...model.authorizers]
			.map(([a, { active, keys: held }]) => `A${a} ${active ? "ACTIVE" : "INACTIVE"} ${names("k", held).sort().join()}`)
			.sort(),
		defaultAuthorizer: model.defaultAuthorizer === undefined ? undefined : `A${model.defaultAuthorizer}`,
		policies: [...model.policies]
			.map(
				([p, { versions, inForce, tags }]) => `P${p} ${versions.join()} ${inForce} ${names("k", tags).sort().join()}`,
			)
			.sort(),
		attached: [0, 1].map((g) => names("P", model.attachments.get(g) ?? [])),
		functions: [...model.functions].map(([f, held]) => `F${f} ${names("s", held).sort().join()}`).sort(),
	};
}

const few = fc.nat(2);
const operation: fc.Arbitrary<Operation> = fc.oneof(
	fc.record({
		call: fc.constantFrom("createAuthorizer", "deleteAuthorizer", "setDefault", "activate", "deactivate"),
		a: few,
	}),
	fc.record({ call: fc.constant("addKey"), a: few, k: few }),
	fc.record({ call: fc.constant("clearDefault") }),
	fc.record({ call: fc.constantFrom("createPolicy", "deletePolicy", "createVersion", "createDefaultVersion"), p: few }),
	fc.record({ call: fc.constantFrom("setDefaultVersion", "deleteVersion"), p: few, v: fc.nat(6) }),
	fc.record({ call: fc.constantFrom("attach", "detach"), p: few, g: fc.nat(1) }),
	fc.record({ call: fc.constantFrom("createFunction", "deleteFunction"), f: few }),
	fc.record({ call: fc.constantFrom("addPermission", "removePermission"), f: few, s: fc.nat(1) }),
	fc.record({ call: fc.constantFrom("tagPolicy", "untagPolicy"), p: few, k: few }),
);

/** A call, a start anew before it, or a disk that is full for it. */
const step = fc.record({ operation, before: fc.constantFrom("", "", "", "", "restart", "disk full") });

/** An account and what it should be. */
class Trial {
	readonly disk = new MemoryDisk();
	readonly model = startModel();
	account = start(this.disk);

	/** Ends the account and starts it anew; tells what it showed before and shows now. */
	restart() {
		const before = snapshot(this.account);
		this.account = start(this.disk);
		return { before, after: snapshot(this.account) };
	}

	/** Makes a call; tells what it was answered and should have been. */
	call(next: Operation, isDiskFull: boolean) {
		const { outcome, change } = this.model.expect(next);
		const isRefused = isDiskFull && change !== undefined;
		if (isRefused) this.disk.fault = { step: "write", code: "ENOSPC" };
		const answered = outcomeOf(this.account, next);
		if (isRefused) return { answered, wanted: "account-store-not-written" };
		change?.();
		return { answered, wanted: outcome === "nothing to do" ? "done" : outcome };
	}
}

test("an account answers and holds what the model does, after any calls, full disks and starts", (t) => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const trial = new Trial();
			for (const { operation: next, before } of [
				...steps,
				{ operation: { call: "clearDefault" as const }, before: "restart" },
			]) {
				if (before === "restart") {
					const { before: live, after } = trial.restart();
					t.deepEqual(after, live);
				}
				const { answered, wanted } = trial.call(next, before === "disk full");
				t.is(answered, wanted, JSON.stringify(next));
				t.deepEqual(shownBy(trial.account), modelShows(trial.model));
			}
		}),
		{ numRuns: 150 },
	);
});
