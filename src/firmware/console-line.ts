/**
 * What happens on the device as lines for a console: one JSON object each, without secrets and without payloads.
 * @module
 */
import { DeviceError } from "../device/device-error.js";
import { faultText } from "./faults.js";

/** An event as one line, without its end. Byte arrays are told by their length, errors by what helps. */
export function consoleLine(event: object): string {
	return JSON.stringify(event, (_name, value: unknown) => told(value));
}

function told(value: unknown): unknown {
	if (value instanceof DeviceError) {
		const { code, step, message, remedy } = value;
		return { code, step, message, remedy };
	}
	if (value instanceof Error) return faultText(value);
	if (value instanceof Uint8Array) return `${value.length} bytes`;
	if (value instanceof ArrayBuffer) return `${value.byteLength} bytes`;
	return typeof value === "bigint" ? String(value) : value;
}
