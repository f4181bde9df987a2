/**
 * Updates of the firmware: received over MQTT, verified, written, and tried before they are kept.
 * @module
 */

export { UpdateAttempts } from "./update-attempts.js";
export type { UpdateEvent, UpdateReceiverOptions, UpdateStatus } from "./update-interface.js";
export { UpdateReceiver } from "./update-receiver.js";
export type { UpdateState } from "./update-table.js";
export { UpdateTrial, type UpdateTrialEvent, type UpdateTrialOptions } from "./update-trial.js";
