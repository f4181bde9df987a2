/**
 * Properties of MQTT 5 as the data plane's HTTP API carries them in headers: correlation data in base64, user properties in
 * base64 of a JSON list of objects with one member each (AWS IoT Data Plane API Reference, "Publish").
 * @module
 */
import { decodeBase64 } from "../base64.js";
import { ApiError } from "../errors.js";

type UserProperties = readonly (readonly [name: string, value: string])[];

/** @throws {ApiError} InvalidRequestException for what is no base64. */
export function readCorrelationData(header: string): Uint8Array {
	const bytes = decodeBase64(header);
	if (bytes === undefined) throw invalid("x-amz-mqtt5-correlation-data", "base64");
	return bytes;
}

/** @throws {ApiError} InvalidRequestException for anything else, text that is no UTF-8 included. */
export function readUserProperties(header: string): UserProperties {
	const list = parse(header);
	if (!Array.isArray(list)) throw invalidUserProperties();
	return list.flatMap((entry: unknown) => {
		if (typeof entry !== "object" || entry === null || Array.isArray(entry)) throw invalidUserProperties();
		return Object.entries(entry).map(([name, value]: [string, unknown]) => {
			if (typeof value !== "string") throw invalidUserProperties();
			return [name, value] as const;
		});
	});
}

/** Base64, as `GetRetainedMessage` answers. */
export function writeUserProperties(properties: UserProperties): string {
	return Buffer.from(JSON.stringify(properties.map(([name, value]) => ({ [name]: value })))).toString("base64");
}

function parse(header: string): unknown {
	const bytes = decodeBase64(header);
	if (bytes === undefined) throw invalidUserProperties();
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		// The parser's own words would repeat the header.
		throw invalidUserProperties();
	}
}

function invalidUserProperties(): ApiError {
	return invalid("x-amz-mqtt5-user-properties", 'base64 of a JSON list such as [{"name": "value"}]');
}

function invalid(name: string, expected: string): ApiError {
	return new ApiError("InvalidRequestException", `Header ${name}: expected ${expected}`);
}
