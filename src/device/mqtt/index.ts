/**
 * The device's MQTT: one client a connection. Codec and packet stream are imported from their own files by those who
 * play the other side.
 * @module
 */
export { MqttClient } from "./client.js";
export type { MqttClientEvent } from "./client-interface.js";
export { MqttError } from "./errors.js";
export type { ConnackPacket, ProtocolVersion, PublishPacket, Subscription } from "./packets.js";
