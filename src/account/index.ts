/**
 * What an AWS account holds for custom authentication, how it is read from a file, and how its changes are kept.
 * @module
 */
export {
	Account,
	type AccountOptions,
	type AuthorizerQuery,
	type AuthorizerRegistration,
	type AuthorizerSelection,
} from "./account.js";
export type { AccountScope } from "./account-scope.js";
export { type AccountStore, openAccountStore } from "./account-store.js";
export { AccountStoreError, type AccountStoreErrorCode } from "./account-store-error.js";
export type {
	AuthorizerCreation,
	AuthorizerRecord,
	AuthorizerRegistry,
	AuthorizerStatus,
	AuthorizerUpdate,
} from "./authorizer-registry.js";
export { AccountConfigError, type ConfigProblem } from "./config-problem.js";
export type { CustomPrincipal, CustomPrincipals } from "./custom-principals.js";
export {
	APPLICATION_PROTOCOLS,
	type ApplicationProtocol,
	AUTHENTICATION_TYPES,
	type AuthenticationType,
	type AuthorizerConfig,
	DOMAIN_CONFIGURATION_STATUSES,
	type DomainConfiguration,
	type DomainConfigurationRecord,
	type DomainConfigurationStatus,
} from "./domain-configuration.js";
export type {
	DomainConfigurationCreation,
	DomainConfigurationRegistry,
	DomainConfigurationUpdate,
} from "./domain-configuration-registry.js";
export type {
	FunctionConfiguration,
	FunctionCreation,
	FunctionSource,
	FunctionUpdate,
} from "./function-configuration.js";
export type { Permission, PermissionStatement } from "./function-permissions.js";
export type { FunctionPolicy, FunctionRegistry } from "./function-registry.js";
export { type LoadAccountOptions, loadAccount } from "./load.js";
export type { OpenFunction } from "./open-functions.js";
export type { DroppedChange } from "./overlay.js";
export type { PolicyRecord, PolicyVersion } from "./policy-record.js";
export type { PolicyCreation, PolicyRegistry } from "./policy-registry.js";
export { ServiceError, type ServiceErrorType } from "./service-error.js";
export type { Tag, TagRegistry } from "./tag-registry.js";
