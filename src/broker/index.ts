/**
 * An MQTT broker without sockets and without credentials.
 * @module
 */
export { Broker } from "./broker.js";
export type { Clock, Timer } from "./clock.js";
export type { ConnectRequest } from "./connect-request.js";
export { type Admission, Connection, type ConnectionObserver, type Transport } from "./connection.js";
export type { DropReason } from "./delivery-window.js";
export type { EndCause, Ending } from "./ending.js";
export { AWS_LIMITS, type BrokerLimits } from "./limits.js";
export type { Content, Delivery, Message, QoS } from "./message.js";
export { sizeOf } from "./message.js";
export { checkMessage } from "./publish-rules.js";
export type { Authorization, AuthorizationRequest, Authorize, Session } from "./session.js";
export { Violation } from "./violation.js";
