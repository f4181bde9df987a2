/**
 * How the records of domain configurations are made.
 * @module
 */
import { type AccountScope, domainConfigurationArn } from "./account-scope.js";
import type {
	ApplicationProtocol,
	AuthorizerConfig,
	DomainConfiguration,
	DomainConfigurationRecord,
} from "./domain-configuration.js";

/** A host name: labels of letters, digits and hyphens, 253 characters at most (RFC 1123, section 2.1). */
export const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;

/**
 * Protocols that CUSTOM_AUTH_X509 goes with (AWS IoT Core Developer Guide, "Custom authentication with X.509 client
 * certificates").
 */
const CERTIFICATE_PROTOCOLS: ReadonlySet<ApplicationProtocol> = new Set(["SECURE_MQTT", "HTTPS"]);

/** Why an authentication type does not go with a protocol; undefined where it does. */
export function protocolProblem({
	authenticationType,
	applicationProtocol,
}: Pick<DomainConfiguration, "authenticationType" | "applicationProtocol">): string | undefined {
	if (authenticationType !== "CUSTOM_AUTH_X509" || CERTIFICATE_PROTOCOLS.has(applicationProtocol)) return undefined;
	const allowed = [...CERTIFICATE_PROTOCOLS].join(" or ");
	return `Authentication type CUSTOM_AUTH_X509 needs application protocol ${allowed}, got ${applicationProtocol}`;
}

/** The record of a domain configuration that is described as a gateway sees it. @param now milliseconds since the epoch. */
export function configuredDomain(
	scope: AccountScope,
	configuration: DomainConfiguration,
	now: number,
): DomainConfigurationRecord {
	const { name, defaultAuthorizer, allowAuthorizerOverride, status = "ENABLED" } = configuration;
	const plain = defaultAuthorizer === undefined && allowAuthorizerOverride;
	const config = plain ? undefined : { defaultAuthorizerName: defaultAuthorizer, allowAuthorizerOverride };
	return {
		...configuration,
		...authorizerMembers(config),
		arn: domainConfigurationArn(scope, name),
		status,
		serviceType: "DATA",
		domainType: "CUSTOMER_MANAGED",
		serverCertificateArns: [],
		lastStatusChangeDate: now,
	};
}

/** The members that follow from an authorizer configuration. */
export function authorizerMembers(
	config: AuthorizerConfig | undefined,
): Pick<DomainConfigurationRecord, "authorizerConfig" | "defaultAuthorizer" | "allowAuthorizerOverride"> {
	if (config === undefined) return { allowAuthorizerOverride: true };
	const allowAuthorizerOverride = config.allowAuthorizerOverride ?? false;
	const { defaultAuthorizerName } = config;
	return {
		authorizerConfig: { defaultAuthorizerName, allowAuthorizerOverride },
		defaultAuthorizer: defaultAuthorizerName,
		allowAuthorizerOverride,
	};
}

/**
 * The host name of a domain configuration that was given none. It ends in `.localhost`, which leads to this machine
 * without any DNS entry (RFC 6761, section 6.3). A name that is no DNS label as it stands is told apart by the ending of
 * its ARN.
 */
export function managedName(scope: AccountScope, name: string): string {
	const label = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
	const ending = domainConfigurationArn(scope, name).slice(-5).toLowerCase();
	const plain = label === name && /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(label);
	return `${plain ? label : `${label.slice(0, 50)}-${ending}`}.iot.${scope.region}.localhost`.replace(/^-+/, "");
}
