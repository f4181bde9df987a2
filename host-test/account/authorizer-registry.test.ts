import test from "ava";
import { Account, type AuthorizerCreation, ServiceError } from "../../src/account/index.js";
import { createKeyPair } from "../authorizer/keys.js";
import { refused, SetClock } from "./refused.js";

const [k1, k2, k3] = [createKeyPair().publicKey, createKeyPair().publicKey, createKeyPair().publicKey];
const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:F";

function creation(authorizerName: string, more: Partial<AuthorizerCreation> = {}): AuthorizerCreation {
	const tokenSigningPublicKeys = { k1 };
	return { authorizerName, authorizerFunctionArn: FUNCTION, tokenKeyName: "Tok", tokenSigningPublicKeys, ...more };
}

function createRegistry() {
	const clock = new SetClock();
	const account = new Account({ now: clock.now });
	return { account, registry: account.authorizers, clock };
}

test("creates INACTIVE and with signing unless said otherwise, with both dates now", (t) => {
	const { registry } = createRegistry();
	const record = {
		name: "a",
		arn: "arn:aws:iot:eu-west-1:123456789012:authorizer/a",
		functionArn: FUNCTION,
		tokenKeyName: "Tok",
		tokenSigningPublicKeys: { k1 },
		signingDisabled: false,
		status: "INACTIVE",
		enableCachingForHttp: false,
		creationDate: 1000,
		lastModifiedDate: 1000,
	} as const;
	t.deepEqual(registry.create(creation("a")), record);
	t.deepEqual(registry.describe("a"), record);
});

test("creates as it is told", (t) => {
	const { registry } = createRegistry();
	const { tokenKeyName: _, tokenSigningPublicKeys: __, ...unsigned } = creation("a");
	const record = registry.create({ ...unsigned, status: "ACTIVE", signingDisabled: true, enableCachingForHttp: true });
	t.like(record, { status: "ACTIVE", signingDisabled: true, enableCachingForHttp: true, tokenSigningPublicKeys: {} });
	t.false("tokenKeyName" in record);
});

test("refuses a name that is taken, with what took it", (t) => {
	const { registry } = createRegistry();
	registry.create(creation("dup"));
	const error = t.throws(() => registry.create(creation("dup")), { instanceOf: ServiceError });
	t.is(error.type, "ResourceAlreadyExistsException");
	t.is(error.message, "Authorizer dup already exist for this account");
	t.deepEqual(error.members, {
		resourceId: "dup",
		resourceArn: "arn:aws:iot:eu-west-1:123456789012:authorizer/dup",
	});
});

test("refuses what AWS refuses, and stores nothing", (t) => {
	const { registry } = createRegistry();
	t.deepEqual(
		refused(t, () => registry.create(creation("a", { tokenSigningPublicKeys: { k1, k2, k3 } }))),
		["InvalidRequestException", "Token signing keys map for authorizer a cannot contain more than 2 keys"],
	);
	t.deepEqual(
		refused(t, () => registry.create(creation("a", { tags: [{ Key: "aws:x" }] }))),
		["InvalidRequestException", "The tag key aws:x is reserved: it must not start with aws:"],
	);
	t.is(registry.get("a"), undefined);
});

test("an update changes what is given, merges keys by name and renews the date", (t) => {
	const { registry, clock } = createRegistry();
	registry.create(creation("a"));
	clock.time = 2000;
	const rotated = registry.update("a", { tokenSigningPublicKeys: { k2 }, status: "ACTIVE" });
	t.like(rotated, { tokenSigningPublicKeys: { k1, k2 }, status: "ACTIVE", tokenKeyName: "Tok", functionArn: FUNCTION });
	t.is(rotated.creationDate, 1000);
	t.is(rotated.lastModifiedDate, 2000);
	t.deepEqual(registry.update("a", { tokenSigningPublicKeys: { k1: k3 } }).tokenSigningPublicKeys, { k1: k3, k2 });
});

test("an update with an empty map of keys renews the date alone, one with nothing changes nothing", (t) => {
	const { registry, clock } = createRegistry();
	const created = registry.create(creation("a"));
	clock.time = 2000;
	t.deepEqual(registry.update("a", {}), created);
	t.deepEqual(registry.update("a", { status: undefined }), created);
	t.deepEqual(registry.update("a", { tokenSigningPublicKeys: {} }), { ...created, lastModifiedDate: 2000 });
});

test("an update is refused in AWS's words, and changes nothing", (t) => {
	const { registry } = createRegistry();
	const created = registry.create(creation("merge", { tokenSigningPublicKeys: { k1, k2 } }));
	t.deepEqual(
		refused(t, () => registry.update("merge", { tokenSigningPublicKeys: { k3 } })),
		["InvalidRequestException", "Number of signing keys for authorizer merge must neither be zero nor greater than 2"],
	);
	t.deepEqual(
		refused(t, () => registry.update("merge", { authorizerFunctionArn: "F" })),
		["InvalidRequestException", "Lambda function arn for authorizer merge is not in proper ARN syntax"],
	);
	t.deepEqual(
		refused(t, () => registry.update("missing", { status: "ACTIVE" })),
		["ResourceNotFoundException", "Authorizer missing not found"],
	);
	t.deepEqual(registry.describe("merge"), created);
});

test("keys cannot be given to an authorizer without signing", (t) => {
	const { registry } = createRegistry();
	registry.create({ authorizerName: "open", authorizerFunctionArn: FUNCTION, signingDisabled: true });
	t.deepEqual(
		refused(t, () => registry.update("open", { tokenSigningPublicKeys: { k1 } })),
		[
			"InvalidRequestException",
			"Token signing keys map must be null for authorizer open if using optional signature header",
		],
	);
});

test("lists newest first, or oldest, also those of one moment, and by status", (t) => {
	const { registry } = createRegistry();
	for (const name of ["b", "c", "a"]) registry.create(creation(name));
	registry.update("c", { status: "ACTIVE" });
	const names = (options?: Parameters<typeof registry.list>[0]) => registry.list(options).map(({ name }) => name);
	t.deepEqual(names(), ["a", "c", "b"]);
	t.deepEqual(names({ ascending: true }), ["b", "c", "a"]);
	t.deepEqual(names({ status: "ACTIVE" }), ["c"]);
	t.deepEqual(names({ status: "INACTIVE", ascending: true }), ["b", "a"]);
});

test("deletes an INACTIVE authorizer only, and not the default", (t) => {
	const { registry } = createRegistry();
	registry.create(creation("del", { status: "ACTIVE" }));
	t.deepEqual(
		refused(t, () => registry.delete("del")),
		["InvalidRequestException", "Cannot delete authorizer del in ACTIVE status. Update status to INACTIVE and delete."],
	);
	registry.update("del", { status: "INACTIVE" });
	registry.setDefault("del");
	t.deepEqual(
		refused(t, () => registry.delete("del")),
		["DeleteConflictException", "Cannot delete default authorizer del. Change default and retry delete."],
	);
	registry.clearDefault();
	registry.delete("del");
	t.deepEqual(
		refused(t, () => registry.delete("del")),
		["ResourceNotFoundException", "Authorizer del not found"],
	);
});

test("the default of a domain configuration cannot be deleted", (t) => {
	const { account, registry } = createRegistry();
	registry.create(creation("del"));
	const authorizerConfig = { defaultAuthorizerName: "del" };
	account.domainConfigurations.create({ domainConfigurationName: "d", authorizerConfig });
	t.deepEqual(
		refused(t, () => registry.delete("del")),
		[
			"DeleteConflictException",
			"Cannot delete default authorizer del of domain configuration d. Change default and retry delete.",
		],
	);
	account.domainConfigurations.update("d", { removeAuthorizerConfig: true });
	registry.delete("del");
	t.is(registry.get("del"), undefined);
});

test("another default replaces the first; the same again is refused", (t) => {
	const { registry } = createRegistry();
	for (const name of ["d1", "d2"]) registry.create(creation(name));
	t.is(registry.setDefault("d1").name, "d1");
	t.deepEqual(
		refused(t, () => registry.setDefault("d1")),
		["ResourceAlreadyExistsException", "Duplicate default authorizer d1 already configured for this account"],
	);
	registry.setDefault("d2");
	t.is(registry.describeDefault().name, "d2");
	t.deepEqual(
		refused(t, () => registry.setDefault("d3")),
		["ResourceNotFoundException", "Authorizer d3 not found"],
	);
});

test("without a default there is none to describe or clear", (t) => {
	const { registry } = createRegistry();
	const none = ["ResourceNotFoundException", "Default authorizer not found"] as const;
	t.deepEqual(
		refused(t, () => registry.describeDefault()),
		none,
	);
	t.deepEqual(
		refused(t, () => registry.clearDefault()),
		none,
	);
});

test("tags come with the authorizer and go with it", (t) => {
	const { account, registry } = createRegistry();
	const { arn } = registry.create(creation("a", { tags: [{ Key: "team", Value: "doors" }] }));
	t.deepEqual(account.tags.list(arn), [{ Key: "team", Value: "doors" }]);
	registry.delete("a");
	registry.create(creation("a"));
	t.deepEqual(account.tags.list(arn), []);
});

test("what is given is copied: changing it later changes nothing", (t) => {
	const { registry } = createRegistry();
	const keys: Record<string, string> = { k1 };
	registry.create(creation("a", { tokenSigningPublicKeys: keys }));
	keys["k2"] = k2;
	t.deepEqual(registry.describe("a").tokenSigningPublicKeys, { k1 });
});
