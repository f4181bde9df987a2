/**
 * Whom the AWS verbs ask: Latchkey on this machine unless AWS is named, and never either by accident.
 * @module
 */
import type { IoTClient } from "@aws-sdk/client-iot";
import { CommandFailure, ExitCode } from "../failure.js";

export interface EndpointOptions {
	/** A URL, or `aws` for AWS itself. */
	readonly endpointUrl?: string | undefined;
	readonly region?: string | undefined;
	readonly profile?: string | undefined;
}

export interface Endpoint {
	/** Absent for AWS itself, whose URL follows from the region. */
	readonly url?: string | undefined;
	readonly isAws: boolean;
	/** Which option or variable named it. */
	readonly namedBy: string;
}

/** Where `latchkey up` serves its API unless told otherwise. */
const DEFAULT_URL = "http://127.0.0.1:4570";

/** Read in this order when `--endpoint-url` is not given. */
const VARIABLES = ["LATCHKEY_ENDPOINT_URL", "AWS_ENDPOINT_URL_IOT", "AWS_ENDPOINT_URL"];

/** For the help of a verb. */
export const ENDPOINT_HELP = `Whom it asks: --endpoint-url, else ${VARIABLES.join(", ")}, else Latchkey at ${DEFAULT_URL}.
AWS itself only by name: --endpoint-url aws. --profile alone is refused, since it does not say which of the two is meant.
Elsewhere than at AWS, placeholder credentials are used unless AWS_ACCESS_KEY_ID or a profile is given.`;

/**
 * @param environment of the process.
 * @throws {CommandFailure} code `wrong-option` for what is no URL, `endpoint-unclear` for a profile without an endpoint.
 */
export function chooseEndpoint(options: EndpointOptions, environment: NodeJS.ProcessEnv): Endpoint {
	const variable = VARIABLES.find((name) => (environment[name] ?? "") !== "");
	const given = options.endpointUrl ?? environment[variable ?? ""];
	const namedBy =
		options.endpointUrl === undefined ? (variable ?? "the default: Latchkey on this machine") : "--endpoint-url";
	if (given === "aws") return { isAws: true, namedBy };
	if (given === undefined && options.profile !== undefined) {
		throw new CommandFailure({
			code: "endpoint-unclear",
			cause: "--profile says whose credentials are used, not whom to ask",
			remedy: `add --endpoint-url aws for AWS, or --endpoint-url ${DEFAULT_URL} for Latchkey`,
			exitCode: ExitCode.usage,
		});
	}
	const url = checkedUrl(given ?? DEFAULT_URL, namedBy);
	return { url: url.href.replace(/\/$/, ""), isAws: isAwsHost(url.hostname), namedBy };
}

function checkedUrl(text: string, namedBy: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
	throw new CommandFailure({
		code: "wrong-option",
		cause: `${namedBy}: expected an http or https URL, or aws`,
		exitCode: ExitCode.usage,
	});
}

function isAwsHost(host: string): boolean {
	return /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/.test(host);
}

/** A client and the words that say whom it asks. */
export interface Service {
	readonly client: IoTClient;
	readonly url: string;
	readonly isAws: boolean;
	/** `http://127.0.0.1:4570 (the default: Latchkey on this machine)`. */
	readonly title: string;
}

/** Milliseconds: to connect, and for an answer (an authorizer's function may take 5 s, and may have to be loaded first). */
const CONNECTION_TIMEOUT = 3_000;
const REQUEST_TIMEOUT = 30_000;

/** What Latchkey's own account is in unless configured otherwise. */
const DEFAULT_REGION = "eu-west-1";
const PLACEHOLDER = { accessKeyId: "latchkey", secretAccessKey: "latchkey" };

/**
 * Loads AWS's client only when it is needed.
 * @throws {CommandFailure} code `no-region` where AWS is asked without one.
 */
export async function openService(
	endpoint: Endpoint,
	options: EndpointOptions,
	environment: NodeJS.ProcessEnv,
): Promise<Service> {
	// The SDK's warning is about the Node that Latchkey itself chose: no affair of whoever runs a verb.
	environment["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
	const { IoTClient } = await import("@aws-sdk/client-iot");
	const { url, isAws, namedBy } = endpoint;
	const { profile, region = environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] } = options;
	const anonymous = !isAws && profile === undefined && !environment["AWS_PROFILE"] && !environment["AWS_ACCESS_KEY_ID"];
	const client = new IoTClient({
		...(url === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint: url }),
		...(region || !isAws ? { region: region || DEFAULT_REGION } : {}),
		...(profile === undefined ? {} : { profile }),
		...(anonymous ? { credentials: PLACEHOLDER } : {}),
		// Latchkey's refusals are final; AWS's throttling is worth another attempt.
		maxAttempts: isAws ? 3 : 1,
		requestHandler: {
			connectionTimeout: CONNECTION_TIMEOUT,
			requestTimeout: REQUEST_TIMEOUT,
			throwOnRequestTimeout: true,
		},
	});
	const actualRegion = await client.config.region().catch(() => {
		throw new CommandFailure({
			code: "no-region",
			cause: "no region is configured for AWS",
			remedy: "add --region, or set AWS_REGION",
			exitCode: ExitCode.usage,
		});
	});
	const actualUrl = url ?? awsUrl(client, actualRegion);
	const where = isAws ? `AWS, ${actualUrl}, region ${actualRegion}` : actualUrl;
	return { client, url: actualUrl, isAws, title: `${where} (${namedBy})` };
}

function awsUrl(client: IoTClient, region: string): string {
	const { url } = client.config.endpointProvider({ Region: region, UseDualStack: false, UseFIPS: false });
	return url.href.replace(/\/$/, "");
}
