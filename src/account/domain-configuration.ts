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

/** A domain configuration, chosen by the TLS server name (AWS IoT API, "DescribeDomainConfiguration"). */
export interface DomainConfiguration {
	/** 1-128 of `[\w.-]`. */
	readonly name: string;
	/** Host name, 1-253 characters; compared without regard to letter case. */
	readonly serverName: string;
	/** Name of the authorizer for clients that name none. */
	readonly defaultAuthorizer?: string;
	/** Whether clients may name another one. */
	readonly allowAuthorizerOverride: boolean;
	readonly authenticationType: AuthenticationType;
	readonly applicationProtocol: ApplicationProtocol;
}
