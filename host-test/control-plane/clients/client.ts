/**
 * One way to call the API, whichever program does it.
 * @module
 */

export type ServiceName = "iot" | "iot-data" | "lambda";

/** As titles of tests and docs/api.md have them. */
export type ClientName = "AWS CLI" | "AWS SDK for JavaScript v3" | "boto3";

/** An operation's input as AWS's model has it; bytes are `Uint8Array`s. */
export type Input = Readonly<Record<string, unknown>>;

export type Outcome =
	/** Dates are milliseconds since the epoch, bytes base64; members that are null, and a body that is empty, are left out. */
	| { readonly output: Readonly<Record<string, unknown>> }
	/** AWS's null message is "". */
	| { readonly error: { readonly type: string; readonly message: string } }
	/** The client refused the input itself and sent nothing; its own words. */
	| { readonly unsent: string };

export interface ApiClient {
	readonly name: ClientName;
	/** Whether its model of the API is an older one, which knows neither later members nor later operations. */
	readonly older: boolean;
	/** Whether it checks types, minimum lengths and required members before it sends anything. */
	readonly checks: boolean;
	/**
	 * @param endpoint of the API.
	 * @param operation as AWS writes it, `TestInvokeAuthorizer`.
	 */
	call(endpoint: string, service: ServiceName, operation: string, input: Input): Promise<Outcome>;
	close(): Promise<void>;
}

/** `TestInvokeAuthorizer` in words, joined by a sign. */
export function words(operation: string, separator: string): string {
	return operation.replace(/(?<=[a-z])(?=[A-Z])/g, separator).toLowerCase();
}

/** An output without members that say nothing. @param output dates and bytes as {@link Outcome} has them. */
export function saying(output: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const { Payload, ...rest } = withoutNulls(output) as Readonly<Record<string, unknown>>;
	return Payload === undefined || Payload === "" ? rest : { ...rest, Payload };
}

function withoutNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, member]) =>
			member === null || member === undefined ? [] : [[name, withoutNulls(member)]],
		),
	);
}
