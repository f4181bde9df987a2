/**
 * boto3.
 * @module
 */
import { Boto3 } from "../../aws-clients/index.js";
import { type ApiClient, type Input, type Outcome, type ServiceName, saying, words } from "./client.js";

export class Boto3Client implements ApiClient {
	readonly name = "boto3";
	readonly older = true;
	readonly checks = true;
	private readonly boto3 = new Boto3();

	async call(endpoint: string, service: ServiceName, operation: string, input: Input): Promise<Outcome> {
		const result = await this.boto3.call(endpoint, service, words(operation, "_"), withMarkedBytes(input));
		if ("response" in result) {
			return { output: saying(plain(result.response)) };
		}
		const { code, message } = result.error;
		return code === null ? { unsent: message ?? "" } : { error: { type: code, message: message ?? "" } };
	}

	close(): Promise<void> {
		return this.boto3.close();
	}
}

function withMarkedBytes(value: unknown): unknown {
	if (value instanceof Uint8Array) return { $base64: Buffer.from(value).toString("base64") };
	if (Array.isArray(value)) return value.map(withMarkedBytes);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withMarkedBytes(member)]));
}

/** Dates are marked by the Python side. */
function plain(output: object): Readonly<Record<string, unknown>> {
	return plainValue(output) as Readonly<Record<string, unknown>>;
}

function plainValue(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(plainValue);
	if (typeof value !== "object" || value === null) return value;
	const { $date: date } = value as { $date?: number };
	if (date !== undefined) return Math.round(date * 1000);
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
}
