import test from "ava";
import { Account } from "../../src/account/index.js";
import { refused, SetClock } from "./refused.js";

function createRegistry() {
	const clock = new SetClock();
	const account = new Account({ now: clock.now });
	const authorizerFunctionArn = account.functionArn("F");
	account.authorizers.create({ authorizerName: "A", authorizerFunctionArn, signingDisabled: true });
	clock.time = 2000;
	return { account, registry: account.domainConfigurations, clock };
}

test("a new one is ENABLED, for data, with AWS's defaults, and found by its host name", (t) => {
	const { account, registry } = createRegistry();
	const record = registry.create({ domainConfigurationName: "d", domainName: "Devices.example.com" });
	t.like(record, {
		name: "d",
		serverName: "Devices.example.com",
		status: "ENABLED",
		serviceType: "DATA",
		domainType: "CUSTOMER_MANAGED",
		authenticationType: "DEFAULT",
		applicationProtocol: "DEFAULT",
		allowAuthorizerOverride: true,
		serverCertificateArns: [],
		lastStatusChangeDate: 2000,
	});
	t.regex(record.arn, /^arn:aws:iot:eu-west-1:123456789012:domainconfiguration\/d\/[A-Za-z0-9]{5}$/);
	t.false("authorizerConfig" in record);
	t.deepEqual(account.getDomainConfiguration("devices.EXAMPLE.com"), record);
	t.deepEqual(account.domainNames(), ["Devices.example.com"]);
});

test("without a host name one is made that leads to this machine, another one for each", (t) => {
	const { registry } = createRegistry();
	const made = (domainConfigurationName: string) => registry.create({ domainConfigurationName });
	t.like(made("devices"), { serverName: "devices.iot.eu-west-1.localhost", domainType: "AWS_MANAGED" });
	const names = ["Devices", "my.devices", "my_devices", "-", "x".repeat(128)].map((name) => made(name).serverName);
	for (const name of names) t.regex(name, /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.iot\.eu-west-1\.localhost$/);
	t.is(new Set(names).size, names.length);
});

test("keeps the authorizer configuration; the override is forbidden unless allowed", (t) => {
	const { registry } = createRegistry();
	const create = (name: string, authorizerConfig: object) =>
		registry.create({ domainConfigurationName: name, authorizerConfig });
	t.like(create("one", { defaultAuthorizerName: "A" }), {
		defaultAuthorizer: "A",
		allowAuthorizerOverride: false,
		authorizerConfig: { defaultAuthorizerName: "A", allowAuthorizerOverride: false },
	});
	t.like(create("two", { allowAuthorizerOverride: true }), {
		allowAuthorizerOverride: true,
		authorizerConfig: { allowAuthorizerOverride: true },
	});
});

test("refuses what it cannot be", (t) => {
	const { registry } = createRegistry();
	const create = (more: object) => refused(t, () => registry.create({ domainConfigurationName: "d", ...more }));
	t.is(create({ domainConfigurationName: "a b" })[0], "InvalidRequestException");
	t.is(create({ domainName: "https://a" })[0], "InvalidRequestException");
	t.regex(create({ serviceType: "JOBS" }).join(), /^InvalidRequestException,Service type JOBS is not supported/);
	t.deepEqual(create({ authorizerConfig: { defaultAuthorizerName: "B" } }), [
		"InvalidRequestException",
		"Authorizer B not found",
	]);
	t.is(create({ serverCertificateArns: ["a", "b"] })[0], "CertificateValidationException");
	t.deepEqual(registry.list(), []);
});

test("refuses a name and a host name that are taken", (t) => {
	const { registry } = createRegistry();
	registry.create({ domainConfigurationName: "d", domainName: "a.test" });
	const create = (domainConfigurationName: string, domainName: string) =>
		refused(t, () => registry.create({ domainConfigurationName, domainName }))[0];
	t.is(create("d", "b.test"), "ResourceAlreadyExistsException");
	t.is(create("e", "A.test"), "ResourceAlreadyExistsException");
});

test("there are ten at most, listed by name", (t) => {
	const { registry } = createRegistry();
	const names = ["j", "a", "c", "b", "d", "i", "e", "h", "f", "g"];
	for (const domainConfigurationName of names) registry.create({ domainConfigurationName });
	t.is(refused(t, () => registry.create({ domainConfigurationName: "k" }))[0], "LimitExceededException");
	t.is(
		registry
			.list()
			.map(({ name }) => name)
			.join(""),
		"abcdefghij",
	);
});

test("an update changes what is given, and the date with the status alone", (t) => {
	const { registry, clock } = createRegistry();
	const created = registry.create({ domainConfigurationName: "d", authorizerConfig: { defaultAuthorizerName: "A" } });
	clock.time = 3000;
	t.deepEqual(registry.update("d", {}), created);
	const changed = registry.update("d", { authenticationType: "CUSTOM_AUTH", tlsConfig: { securityPolicy: "p" } });
	t.deepEqual(changed, { ...created, authenticationType: "CUSTOM_AUTH", tlsConfig: { securityPolicy: "p" } });
	t.like(registry.update("d", { domainConfigurationStatus: "DISABLED" }), {
		status: "DISABLED",
		lastStatusChangeDate: 3000,
		defaultAuthorizer: "A",
	});
});

test("CUSTOM_AUTH_X509 goes with SECURE_MQTT and HTTPS alone", (t) => {
	const { registry } = createRegistry();
	const authenticationType = "CUSTOM_AUTH_X509";
	for (const applicationProtocol of [undefined, "DEFAULT", "MQTT_WSS"] as const) {
		const creation = { domainConfigurationName: "d", authenticationType, applicationProtocol } as const;
		t.deepEqual(
			refused(t, () => registry.create(creation)),
			[
				"InvalidRequestException",
				`Authentication type CUSTOM_AUTH_X509 needs application protocol SECURE_MQTT or HTTPS, got ${applicationProtocol ?? "DEFAULT"}`,
			],
		);
	}
	registry.create({ domainConfigurationName: "d", authenticationType, applicationProtocol: "HTTPS" });
	t.is(refused(t, () => registry.update("d", { applicationProtocol: "MQTT_WSS" }))[0], "InvalidRequestException");
	t.is(registry.update("d", { applicationProtocol: "SECURE_MQTT" }).applicationProtocol, "SECURE_MQTT");
	registry.create({ domainConfigurationName: "e" });
	t.is(refused(t, () => registry.update("e", { authenticationType }))[0], "InvalidRequestException");
});

test("an update removes the authorizer configuration, but does not do so and set it", (t) => {
	const { registry } = createRegistry();
	const authorizerConfig = { defaultAuthorizerName: "A" };
	registry.create({ domainConfigurationName: "d", authorizerConfig });
	const both = { authorizerConfig, removeAuthorizerConfig: true };
	t.is(refused(t, () => registry.update("d", both))[0], "InvalidRequestException");
	const record = registry.update("d", { removeAuthorizerConfig: true });
	t.true(record.allowAuthorizerOverride);
	t.false("authorizerConfig" in record || "defaultAuthorizer" in record);
	t.is(refused(t, () => registry.update("e", {}))[0], "ResourceNotFoundException");
});

test("deletes a DISABLED one only", (t) => {
	const { account, registry } = createRegistry();
	const { arn } = registry.create({ domainConfigurationName: "d", tags: [{ Key: "k" }] });
	t.is(refused(t, () => registry.delete("d"))[0], "InvalidRequestException");
	registry.update("d", { domainConfigurationStatus: "DISABLED" });
	registry.delete("d");
	t.is(registry.get("d"), undefined);
	t.deepEqual(account.tags.list(arn), []);
	t.is(refused(t, () => registry.delete("d"))[0], "ResourceNotFoundException");
});
