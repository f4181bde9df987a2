/**
 * The gateway's front door.
 * @module
 */
export type { GatewayEvent } from "./events.js";
export { Gateway, type GatewayLimits, type GatewayOptions } from "./gateway.js";
export type { RefusalRecord } from "./journal.js";
export { policyDenied } from "./refusals.js";
