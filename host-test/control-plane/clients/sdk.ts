/**
 * The AWS SDK for JavaScript v3 by its typed clients.
 * @module
 */
import * as iot from "@aws-sdk/client-iot";
import * as iotData from "@aws-sdk/client-iot-data-plane";
import * as lambda from "@aws-sdk/client-lambda";
import { type ApiClient, type Input, type Outcome, type ServiceName, saying } from "./client.js";

interface Sender {
	send(command: unknown): Promise<Readonly<Record<string, unknown>>>;
	destroy(): void;
}

const SENDERS = { iot: iot.IoTClient, "iot-data": iotData.IoTDataPlaneClient, lambda: lambda.LambdaClient };
const OPTIONS = {
	region: "eu-west-1",
	credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
	maxAttempts: 1,
};

/** What the SDK says where the service's message is null. */
const NO_MESSAGE = "UnknownError";

export class SdkClient implements ApiClient {
	readonly name = "AWS SDK for JavaScript v3";
	readonly older = false;
	readonly checks = false;
	private readonly senders = new Map<string, Sender>();

	async call(endpoint: string, service: ServiceName, operation: string, input: Input): Promise<Outcome> {
		const commands: Readonly<Record<ServiceName, object>> = { iot, "iot-data": iotData, lambda };
		const Command = (commands[service] as Record<string, new (input: Input) => unknown>)[`${operation}Command`];
		if (Command === undefined) throw new TypeError(`the SDK has no ${operation}Command`);
		try {
			const { $metadata, ...output } = await this.sender(endpoint, service).send(new Command(asWanted(input)));
			return { output: saying(plain(output)) };
		} catch (error) {
			if (!(error instanceof Error) || !("$fault" in error)) throw error;
			return { error: { type: error.name, message: error.message === NO_MESSAGE ? "" : error.message } };
		}
	}

	async close(): Promise<void> {
		for (const sender of this.senders.values()) sender.destroy();
	}

	private sender(endpoint: string, service: ServiceName): Sender {
		const key = `${endpoint} ${service}`;
		const known = this.senders.get(key);
		if (known !== undefined) return known;
		const sender = new SENDERS[service]({ ...OPTIONS, endpoint }) as unknown as Sender;
		this.senders.set(key, sender);
		return sender;
	}
}

/** JSON in a header is a text to the SDK, and a value to the other clients. */
function asWanted(input: Input): Input {
	const { userProperties } = input;
	return userProperties === undefined ? input : { ...input, userProperties: JSON.stringify(userProperties) };
}

function plain(output: object): Readonly<Record<string, unknown>> {
	return plainValue(output) as Readonly<Record<string, unknown>>;
}

function plainValue(value: unknown): unknown {
	if (value instanceof Date) return value.getTime();
	if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
	if (Array.isArray(value)) return value.map(plainValue);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
}
