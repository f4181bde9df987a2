/**
 * MQTT 5 user properties as the data plane's HTTP API carries them: base64 of a JSON list of objects with one member each
 * (AWS IoT Data Plane API Reference, "Publish").
 * @module
 */
import { ApiError } from "../errors.js";

type UserProperties = readonly (readonly [name: string, value: string])[];

/** @throws {ApiError} InvalidRequestException for anything else. */
export function readUserProperties(header: string): UserProperties {
	const list = parse(header);
	if (!Array.isArray(list)) throw invalid();
	return list.flatMap((entry: unknown) => {
		if (typeof entry !== "object" || entry === null || Array.isArray(entry)) throw invalid();
		return Object.entries(entry).map(([name, value]: [string, unknown]) => {
			if (typeof value !== "string") throw invalid();
			return [name, value] as const;
		});
	});
}

/** Base64, as `GetRetainedMessage` answers. */
export function writeUserProperties(properties: UserProperties): string {
	return Buffer.from(JSON.stringify(properties.map(([name, value]) => ({ [name]: value })))).toString("base64");
}

function parse(header: string): unknown {
	try {
		return JSON.parse(Buffer.from(header, "base64").toString());
	} catch {
		throw invalid();
	}
}

function invalid(): ApiError {
	const expected = 'base64 of a JSON list such as [{"name": "value"}]';
	return new ApiError("InvalidRequestException", `Header x-amz-mqtt5-user-properties: expected ${expected}`);
}
