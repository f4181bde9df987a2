/**
 * What an account says about one of its endpoints.
 * @module
 */

/** AWS IoT API, "AuthenticationType". */
export const AUTHENTICATION_TYPES = ["CUSTOM_AUTH_X509", "CUSTOM_AUTH", "AWS_X509", "AWS_SIGV4", "DEFAULT"] as const;
export type AuthenticationType = (typeof AUTHENTICATION_TYPES)[number];

/** AWS IoT API, "ApplicationProtocol". */
export const APPLICATION_PROTOCOLS = ["SECURE_MQTT", "MQTT_WSS", "HTTPS", "DEFAULT"] as const;
export type ApplicationProtocol = (typeof APPLICATION_PROTOCOLS)[number];

export const DOMAIN_CONFIGURATION_STATUSES = ["ENABLED", "DISABLED"] as const;
export type DomainConfigurationStatus = (typeof DOMAIN_CONFIGURATION_STATUSES)[number];

/** A domain configuration, chosen by the TLS server name (AWS IoT API, "DescribeDomainConfiguration"). */
export interface DomainConfiguration {
	/** 1-128 of `[\w.-]`. */
	readonly name: string;
	/** Host name, 1-253 characters; compared without regard to letter case. */
	readonly serverName: string;
	/** Name of the authorizer for clients that name none. */
	readonly defaultAuthorizer?: string | undefined;
	/** Whether clients may name another one. */
	readonly allowAuthorizerOverride: boolean;
	readonly authenticationType: AuthenticationType;
	readonly applicationProtocol: ApplicationProtocol;
	/** DISABLED: clients that come by this name are refused. ENABLED unless said otherwise. */
	readonly status?: DomainConfigurationStatus | undefined;
}

/** AWS IoT API, "AuthorizerConfig". */
export interface AuthorizerConfig {
	readonly defaultAuthorizerName?: string | undefined;
	/** False unless given. */
	readonly allowAuthorizerOverride?: boolean | undefined;
}

/** What is kept for clients to read back; Latchkey does nothing by it. */
export interface DomainConfigurationDetails {
	readonly tlsConfig?: { readonly securityPolicy?: string | undefined } | undefined;
	readonly serverCertificateConfig?:
		| {
				readonly enableOCSPCheck?: boolean | undefined;
				readonly ocspLambdaArn?: string | undefined;
				readonly ocspAuthorizedResponderArn?: string | undefined;
		  }
		| undefined;
	readonly clientCertificateConfig?: { readonly clientCertificateCallbackArn?: string | undefined } | undefined;
}

/** A domain configuration with what only the API needs. */
export interface DomainConfigurationRecord extends DomainConfiguration, DomainConfigurationDetails {
	readonly arn: string;
	readonly status: DomainConfigurationStatus;
	/** As it was given; absent where it was not, and clients may then name any authorizer. */
	readonly authorizerConfig?: AuthorizerConfig | undefined;
	readonly serviceType: "DATA";
	/** AWS_MANAGED: the name was made, not given. */
	readonly domainType: "AWS_MANAGED" | "CUSTOMER_MANAGED";
	/** One at most; Latchkey issues certificates of its own whatever they are. */
	readonly serverCertificateArns: readonly string[];
	readonly validationCertificateArn?: string | undefined;
	/** Milliseconds since the epoch. */
	readonly lastStatusChangeDate: number;
}
