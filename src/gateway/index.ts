/**
 * The gateway's front door.
 * @module
 */
export {
	type ApiMessage,
	PublishError,
	type PublishErrorCode,
	type RetainedMessage,
	type RetainedMessageSummary,
} from "./api-message.js";
export type { GatewayEvent } from "./events.js";
export { Gateway, type GatewayLimits, type GatewayOptions } from "./gateway.js";
export type { RefusalRecord } from "./journal.js";
export { policyDenied } from "./refusals.js";
export type { CredentialSource, ServerCredentials } from "./server-contexts.js";
