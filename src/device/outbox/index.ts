/**
 * Messages of QoS 1 that survive a lost connection and a loss of power: the outbox keeps them, the delivery sends them.
 * @module
 */
export { Delivery, type DeliveryEvent, type DropCause, type OutboxLimits } from "./delivery.js";
export { type DroppedMessage, Outbox, type OutboxContents, type OutboxEntry } from "./outbox.js";
