/**
 * Domain configurations and DescribeEndpoint.
 * @module
 */
import { Newer, recent, type Scenario, type Step } from "../scenario.js";
import { arn } from "../site.js";
import { alreadyExists, broken, fails, invalidRequest, limitExceeded, notFound, PATTERN, succeeds } from "./steps.js";

const NAMED = { domainConfigurationName: "D" };
const NOT_FOUND = notFound("Domain configuration missing not found");
const CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
const OLD_MODEL = "its model of the API has no such members";

/** Five characters that AWS makes end the ARN. */
function isArnOf(name: string) {
	return (value: unknown) =>
		new RegExp(`^${arn("iot", `domainconfiguration/${name}`)}/[A-Za-z0-9]{5}$`).test(String(value));
}

function nameAndArn(name: string) {
	return { domainConfigurationName: name, domainConfigurationArn: isArnOf(name) };
}

function create(name: string, more: object = {}): Step {
	return succeeds("CreateDomainConfiguration", { domainConfigurationName: name, ...more }, nameAndArn(name));
}

function update(more: object): Step {
	return succeeds("UpdateDomainConfiguration", { ...NAMED, ...more }, nameAndArn("D"));
}

/** The domain configuration `D` is described so. */
function described(more: object): Step {
	return succeeds("DescribeDomainConfiguration", NAMED, {
		...nameAndArn("D"),
		domainName: "d.example.com",
		serverCertificates: [],
		domainConfigurationStatus: "ENABLED",
		serviceType: "DATA",
		domainType: "CUSTOMER_MANAGED",
		lastStatusChangeDate: recent,
		authenticationType: new Newer("DEFAULT"),
		applicationProtocol: new Newer("DEFAULT"),
		...more,
	});
}

const listed = (...names: readonly string[]) => ({
	domainConfigurations: names.map((name) => ({ ...nameAndArn(name), serviceType: "DATA" })),
});

function lastChange(output: Readonly<Record<string, unknown>> | undefined): number {
	return Number(output?.["lastStatusChangeDate"]);
}

export const domainConfigurationScenarios: readonly Scenario[] = [
	{
		title: "a domain configuration is created ENABLED and described",
		steps: [create("D", { domainName: "d.example.com" }), described({})],
	},
	{
		title: "a domain configuration without a domain name is given one",
		steps: [
			create("D"),
			described({ domainName: /^[a-z0-9-]+\.iot\.eu-west-1\.localhost$/, domainType: "AWS_MANAGED" }),
		],
	},
	{
		title: "a domain configuration keeps certificates, authorizer and tags",
		steps: [
			create("D", {
				domainName: "d.example.com",
				serverCertificateArns: [CERTIFICATE],
				authorizerConfig: { defaultAuthorizerName: "Signed", allowAuthorizerOverride: true },
				serviceType: "DATA",
				tags: [{ Key: "team", Value: "sensors" }],
			}),
			described({
				serverCertificates: [{ serverCertificateArn: CERTIFICATE, serverCertificateStatus: "VALID" }],
				authorizerConfig: { defaultAuthorizerName: "Signed", allowAuthorizerOverride: true },
			}),
			succeeds("ListTagsForResource", (outputs) => ({ resourceArn: outputs[0]?.["domainConfigurationArn"] }), {
				tags: [{ Key: "team", Value: "sensors" }],
			}),
		],
	},
	{
		title: "a domain configuration keeps authentication type, protocol, TLS and certificate settings",
		except: { "AWS CLI": OLD_MODEL, boto3: OLD_MODEL },
		steps: [
			create("D", {
				domainName: "d.example.com",
				authenticationType: "CUSTOM_AUTH",
				applicationProtocol: "SECURE_MQTT",
				tlsConfig: { securityPolicy: "IoTSecurityPolicy_TLS13_1_3_2022_10" },
				serverCertificateConfig: { enableOCSPCheck: true },
			}),
			described({
				authenticationType: "CUSTOM_AUTH",
				applicationProtocol: "SECURE_MQTT",
				tlsConfig: { securityPolicy: "IoTSecurityPolicy_TLS13_1_3_2022_10" },
				serverCertificateConfig: { enableOCSPCheck: true },
			}),
			update({ authenticationType: "DEFAULT", applicationProtocol: "MQTT_WSS" }),
			described({
				authenticationType: "DEFAULT",
				applicationProtocol: "MQTT_WSS",
				tlsConfig: { securityPolicy: "IoTSecurityPolicy_TLS13_1_3_2022_10" },
				serverCertificateConfig: { enableOCSPCheck: true },
			}),
			fails(
				"UpdateDomainConfiguration",
				{ ...NAMED, authenticationType: "NONE" },
				broken([
					"authenticationType",
					"satisfy enum value set: [CUSTOM_AUTH_X509, CUSTOM_AUTH, AWS_X509, AWS_SIGV4, DEFAULT]",
				]),
			),
		],
	},
	{
		title: "an update replaces or removes the authorizer and changes the status",
		steps: [
			create("D", { domainName: "d.example.com", authorizerConfig: { defaultAuthorizerName: "Signed" } }),
			described({ authorizerConfig: { defaultAuthorizerName: "Signed", allowAuthorizerOverride: false } }),
			update({ authorizerConfig: { defaultAuthorizerName: "Unsigned", allowAuthorizerOverride: true } }),
			described({ authorizerConfig: { defaultAuthorizerName: "Unsigned", allowAuthorizerOverride: true } }),
			update({ removeAuthorizerConfig: true }),
			described({}),
			update({ domainConfigurationStatus: "DISABLED" }),
			described({ domainConfigurationStatus: "DISABLED" }),
		],
		holds: {
			"lastStatusChangeDate moves with the status alone": (outputs) =>
				lastChange(outputs[5]) === lastChange(outputs[1]) && lastChange(outputs[7]) > lastChange(outputs[5]),
		},
	},
	{
		title: "an update of an authorizer that contradicts itself is refused",
		steps: [
			create("D", { domainName: "d.example.com" }),
			fails(
				"UpdateDomainConfiguration",
				{ ...NAMED, removeAuthorizerConfig: true, authorizerConfig: { defaultAuthorizerName: "Signed" } },
				invalidRequest("authorizerConfig cannot be given together with removeAuthorizerConfig"),
			),
			fails(
				"UpdateDomainConfiguration",
				{ ...NAMED, authorizerConfig: { defaultAuthorizerName: "missing" } },
				invalidRequest("Authorizer missing not found"),
			),
			fails(
				"UpdateDomainConfiguration",
				{ ...NAMED, domainConfigurationStatus: "OFF" },
				broken(["domainConfigurationStatus", "satisfy enum value set: [ENABLED, DISABLED]"]),
			),
			described({}),
		],
	},
	{
		title: "what a domain configuration cannot be is refused",
		steps: [
			fails(
				"CreateDomainConfiguration",
				{ domainConfigurationName: "a=b" },
				broken(["domainConfigurationName", `${PATTERN} [\\w.-]+`]),
			),
			fails(
				"CreateDomainConfiguration",
				{ ...NAMED, domainName: "no host name" },
				invalidRequest("Domain name is not valid: expected a host name of 1 to 253 characters"),
			),
			fails(
				"CreateDomainConfiguration",
				{ ...NAMED, serviceType: "JOBS" },
				invalidRequest("Service type JOBS is not supported: AWS IoT Core supports the DATA service type only"),
			),
			fails(
				"CreateDomainConfiguration",
				{ ...NAMED, authorizerConfig: { defaultAuthorizerName: "missing" } },
				invalidRequest("Authorizer missing not found"),
			),
			fails(
				"CreateDomainConfiguration",
				{ ...NAMED, serverCertificateArns: [CERTIFICATE, CERTIFICATE] },
				broken(["serverCertificateArns", "have length less than or equal to 1"]),
			),
			fails(
				"DeleteDomainConfiguration",
				{ domainConfigurationName: "a=b" },
				broken(["domainConfigurationName", `${PATTERN} [\\w.-]+`]),
			),
			fails(
				"DescribeDomainConfiguration",
				{ domainConfigurationName: "a=b" },
				broken(["domainConfigurationName", `${PATTERN} [\\w.:-]+`]),
			),
			succeeds("ListDomainConfigurations", {}, listed()),
		],
	},
	{
		title: "names of domain configurations and domains are taken once",
		steps: [
			create("D", { domainName: "d.example.com" }),
			fails(
				"CreateDomainConfiguration",
				{ ...NAMED, domainName: "e.example.com" },
				alreadyExists("Domain configuration D already exists for this account"),
			),
			fails(
				"CreateDomainConfiguration",
				{ domainConfigurationName: "E", domainName: "D.Example.com" },
				alreadyExists("Domain name D.Example.com is already in use by domain configuration D"),
			),
		],
	},
	{
		title: "an account has ten domain configurations at most, listed by name in pages",
		steps: [
			...["j", "i", "h", "g", "f", "e", "d", "c", "b", "a"].map((name) => create(name)),
			fails(
				"CreateDomainConfiguration",
				{ domainConfigurationName: "k" },
				limitExceeded("An account can have at most 10 domain configurations in a region"),
			),
			succeeds(
				"ListDomainConfigurations",
				{ pageSize: 4 },
				{ ...listed("a", "b", "c", "d"), nextMarker: (marker: unknown) => typeof marker === "string" },
			),
			succeeds(
				"ListDomainConfigurations",
				(outputs) => ({ pageSize: 250, marker: outputs[11]?.["nextMarker"], serviceType: "DATA" }),
				listed("e", "f", "g", "h", "i", "j"),
			),
			succeeds("ListDomainConfigurations", { serviceType: "JOBS" }, listed()),
			fails(
				"ListDomainConfigurations",
				{ marker: "AAAA" },
				invalidRequest("Invalid/Malformed marker passed for listDomainConfigurations"),
			),
		],
	},
	{
		title: "a domain configuration is deleted once it is DISABLED",
		steps: [
			create("D", { domainName: "d.example.com" }),
			fails(
				"DeleteDomainConfiguration",
				NAMED,
				invalidRequest("Cannot delete domain configuration D in ENABLED status. Update status to DISABLED and delete."),
			),
			update({ domainConfigurationStatus: "DISABLED" }),
			succeeds("DeleteDomainConfiguration", NAMED),
			succeeds("ListDomainConfigurations", {}, listed()),
		],
	},
	{
		title: "a domain configuration that does not exist is not found by any operation",
		steps: ["DescribeDomainConfiguration", "UpdateDomainConfiguration", "DeleteDomainConfiguration"].map((operation) =>
			fails(operation, { domainConfigurationName: "missing" }, NOT_FOUND),
		),
	},
	{
		title: "the endpoint is the gateway's, and there is no other",
		steps: [
			succeeds("DescribeEndpoint", {}, { endpointAddress: /^localhost:\d+$/ }),
			succeeds("DescribeEndpoint", { endpointType: "iot:Data" }, { endpointAddress: /^localhost:\d+$/ }),
			succeeds("DescribeEndpoint", { endpointType: "iot:Data-ATS" }, { endpointAddress: /^localhost:\d+$/ }),
			fails(
				"DescribeEndpoint",
				{ endpointType: "iot:Jobs" },
				invalidRequest("Endpoint type iot:Jobs is not supported by Latchkey"),
			),
		],
	},
];
