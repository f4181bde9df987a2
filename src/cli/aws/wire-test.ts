/**
 * `--wire`: finds the gateway, sends the credential, and says whether it agrees with the test call.
 * @module
 */
import { join } from "node:path";
import { CommandFailure } from "../failure.js";
import { exists } from "../files.js";
import { readTrustAnchor } from "../trust-anchor.js";
import { callAws, describeAwsError } from "./call.js";
import { agree, explainWire, testVerdict, verdictOf, type WireVerdict } from "./compare-wire.js";
import { explainDomainConfiguration } from "./domain-configuration.js";
import type { Service } from "./endpoint.js";
import type { Finding } from "./finding.js";
import type { Invocation } from "./invocation.js";
import { connectOnce, type WireResult } from "./wire.js";
import { isBareAddress, parseAddress, reachable, type WireAddress, wireFields } from "./wire-fields.js";

export interface WireOptions {
	/** `true` where the option stands without an address. */
	readonly wire?: string | true;
	readonly ca?: string;
}

/** Where a CONNECT goes, and whom it trusts. */
interface WireTarget {
	readonly address: WireAddress;
	readonly certificate: ArrayBuffer | undefined;
}

/** Where `latchkey up` keeps its CA unless told otherwise. */
const LATCHKEY_CA = join(".latchkey", "tls", "ca.pem");

async function findTarget(service: Service, { wire, ca }: WireOptions): Promise<WireTarget> {
	const given = typeof wire === "string" ? parseAddress(wire, service.isAws) : undefined;
	const named = given !== undefined && !isBareAddress(given) ? undefined : await describedEndpoint(service, given);
	const address = given === undefined ? named! : { ...given, serverName: named?.serverName ?? given.serverName };
	return { address: reachable(address), certificate: await trustAnchor(service, ca) };
}

/** @param given an address without a name, which then need not be found. */
async function describedEndpoint(service: Service, given: WireAddress | undefined): Promise<WireAddress | undefined> {
	const { DescribeEndpointCommand } = await import("@aws-sdk/client-iot");
	const result = await callAws(service, () =>
		service.client.send(new DescribeEndpointCommand({ endpointType: "iot:Data-ATS" })),
	);
	const address = result.answer?.endpointAddress;
	if (address !== undefined) return parseAddress(address, service.isAws);
	if (given !== undefined) return undefined;
	throw new CommandFailure({
		code: "endpoint-unknown",
		cause: `--wire: where the gateway is cannot be found out: ${result.error === undefined ? "DescribeEndpoint gives no address" : describeAwsError(result.error, "DescribeEndpoint")}`,
		remedy: "name it: --wire HOST:PORT",
	});
}

async function trustAnchor(service: Service, ca: string | undefined): Promise<ArrayBuffer | undefined> {
	const file = ca ?? (!service.isAws && (await exists(LATCHKEY_CA)) ? LATCHKEY_CA : undefined);
	return file === undefined ? undefined : await readTrustAnchor(file);
}

export interface WireComparison {
	readonly verdict: WireVerdict;
	readonly agree: boolean;
	readonly address: WireAddress;
	readonly result: WireResult;
	readonly findings: readonly Finding[];
}

/**
 * Sends the credential once and compares.
 * @param explained what is known of the test call's answer.
 * @throws {CommandFailure} where the gateway cannot be found or trusted, or the username not be built.
 */
export async function compareWire(
	service: Service,
	invocation: Invocation,
	explained: readonly Finding[],
	options: WireOptions,
): Promise<WireComparison> {
	const { input, authorizer, clientId } = invocation;
	const { address: target, certificate } = await findTarget(service, options);
	const fields = wireFields({ input, authorizer: authorizer.answer, clientId }, target);
	const wire = await connectOnce({ fields, certificate });
	const address = { host: fields.host, port: fields.port, serverName: fields.serverName };
	const { result } = invocation;
	const verdict = verdictOf(testVerdict(result), wire);
	const ofDomain = verdict === "only-test-admits" ? await explainDomainConfiguration(service, address.serverName) : [];
	const findings = explainWire({ verdict, input, result, wire, address, explained: [...explained, ...ofDomain] });
	return { verdict, agree: agree(verdict), address, result: wire, findings };
}
