/**
 * What an AWS account holds for custom authentication, and how it is read from a file.
 * @module
 */
export {
	Account,
	type AccountOptions,
	type AuthorizerQuery,
	type AuthorizerRegistration,
	type AuthorizerSelection,
	InvalidAuthorizerError,
} from "./account.js";
export type { ConfigProblem } from "./config-reader.js";
export type { ApplicationProtocol, AuthenticationType, DomainConfiguration } from "./domain-configuration.js";
export { AccountConfigError, type LoadAccountOptions, loadAccount } from "./load.js";
