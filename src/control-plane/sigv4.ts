/**
 * Verifies AWS Signature Version 4 by signing the request again with the secret key that its access key names.
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { Hash } from "@smithy/hash-node";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import { ApiError, type Service } from "./errors.js";
import { headerValues, parseSignedRequest, type SignedRequest } from "./sigv4-request.js";

export interface SigV4Credentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	/** Where given, requests must carry it. */
	readonly sessionToken?: string | undefined;
}

export interface SigV4Options {
	/** Whose signatures are taken. */
	readonly credentials: readonly SigV4Credentials[];
	/** The region that signatures must be scoped to. */
	readonly region: string;
}

/** A request as it was on the wire. */
export interface ReceivedRequest {
	readonly method: string;
	/** Request target, `/path?query`. */
	readonly target: string;
	/** Parameters, percent-decoded, in their order. */
	readonly query: readonly (readonly [name: string, value: string])[];
	/** Names and values in turn. */
	readonly rawHeaders: readonly string[];
	readonly body: Uint8Array;
}

/**
 * Service parts of the credential scope that each API is called under: the model of 2022 has `execute-api` and
 * `iotdata`, the present one `iot` and `iotdevicegateway`.
 */
const SCOPES: Readonly<Record<Service, readonly string[]>> = {
	iot: ["iot", "execute-api"],
	"iot-data": ["iotdata", "iotdevicegateway"],
	lambda: ["lambda"],
};

/** How far a signature's date may be from the present, either way, in minutes. */
const WINDOW = 15;

const MISMATCH =
	"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const BAD_TOKEN = "The security token included in the request is invalid.";

export class SigV4Verifier {
	private readonly options: SigV4Options;
	private readonly now: () => number;

	/** @param now milliseconds since the epoch. */
	constructor(options: SigV4Options, now: () => number) {
		this.options = options;
		this.now = now;
	}

	/** @throws {ApiError} with status 403, in AWS's words. */
	async verify(request: ReceivedRequest, service: Service): Promise<void> {
		const signed = parseSignedRequest(request.rawHeaders);
		const credentials = this.credentialsOf(signed);
		this.checkScope(signed, service);
		this.checkDate(signed);
		checkBody(signed, request.body);
		const expected = Buffer.from(await sign(request, signed, credentials));
		const given = Buffer.from(signed.signature);
		if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw mismatch();
	}

	private credentialsOf({ accessKeyId, sessionToken }: SignedRequest): SigV4Credentials {
		const found = this.options.credentials.find((known) => known.accessKeyId === accessKeyId);
		if (found === undefined || !sameToken(found.sessionToken, sessionToken)) {
			throw new ApiError("UnrecognizedClientException", BAD_TOKEN);
		}
		return found;
	}

	private checkScope({ scopeRegion, scopeService }: SignedRequest, service: Service): void {
		const problems: string[] = [];
		if (scopeRegion !== this.options.region) {
			problems.push(`Credential should be scoped to a valid region, not '${printable(scopeRegion)}'.`);
		}
		const [first = "", ...others] = SCOPES[service];
		if (![first, ...others].includes(scopeService)) {
			problems.push(`Credential should be scoped to correct service: '${first}'.`);
		}
		if (problems.length > 0) throw new ApiError("InvalidSignatureException", problems.join(" "));
	}

	private checkDate({ date, longDate, scopeDate }: SignedRequest): void {
		if (scopeDate !== longDate.slice(0, 8)) {
			const message = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${longDate.slice(0, 8)}', from '${longDate}'.`;
			throw new ApiError("InvalidSignatureException", message);
		}
		const now = this.now();
		const earliest = now - WINDOW * 60_000;
		const latest = now + WINDOW * 60_000;
		if (date < earliest) {
			const message = `Signature expired: ${longDate} is now earlier than ${basicDate(earliest)} (${basicDate(now)} - ${WINDOW} min.)`;
			throw new ApiError("InvalidSignatureException", message);
		}
		if (date > latest) {
			const message = `Signature not yet current: ${longDate} is still later than ${basicDate(latest)} (${basicDate(now)} + ${WINDOW} min.)`;
			throw new ApiError("InvalidSignatureException", message);
		}
	}
}

/** The header that declares the body's hash, where there is one, is what the signature covers. */
function checkBody({ contentSha256 }: SignedRequest, body: Uint8Array): void {
	if (contentSha256 === undefined) return;
	if (contentSha256 !== createHash("sha256").update(body).digest("hex")) throw mismatch();
}

/** The signature that this request would have with these credentials. */
async function sign(
	request: ReceivedRequest,
	signed: SignedRequest,
	{ accessKeyId, secretAccessKey }: SigV4Credentials,
): Promise<string> {
	const { method, target, query, rawHeaders, body } = request;
	const { scopeRegion: region, scopeService: service } = signed;
	// The session token, if any, is among the signed headers; the signer would add it to those of a request without.
	const credentials = { accessKeyId, secretAccessKey };
	const signer = new SignatureV4({
		service,
		region,
		credentials,
		sha256: Hash.bind(null, "sha256"),
		applyChecksum: false,
	});
	const signableHeaders = new Set(signed.signedHeaders);
	const headers = Object.fromEntries(
		signed.signedHeaders.map((name) => [name, headerValues(rawHeaders, name).join(",")]),
	);
	const [path = "/"] = target.split("?", 1);
	const again = new HttpRequest({ method, path, query: queryBag(query), headers, body });
	const { headers: resigned } = await signer.sign(again, { signingDate: new Date(signed.date), signableHeaders });
	return /Signature=([0-9a-f]+)$/.exec(resigned["authorization"] ?? "")?.[1] ?? "";
}

function queryBag(query: ReceivedRequest["query"]): Record<string, string[]> {
	const bag = new Map<string, string[]>();
	for (const [name, value] of query) {
		const values = bag.get(name);
		if (values === undefined) bag.set(name, [value]);
		else values.push(value);
	}
	return Object.fromEntries(bag);
}

function sameToken(known: string | undefined, given: string | undefined): boolean {
	if (known === undefined || given === undefined) return known === given;
	const digest = (text: string) => createHash("sha256").update(text).digest();
	return timingSafeEqual(digest(known), digest(given));
}

function mismatch(): ApiError {
	return new ApiError("InvalidSignatureException", MISMATCH);
}

/** `20260102T030405Z`. */
function basicDate(time: number): string {
	return `${new Date(time).toISOString().replace(/[-:]/g, "").slice(0, 15)}Z`;
}

/** A part of the scope, which anybody may have chosen. */
function printable(text: string): string {
	return /^[\w-]{0,64}$/.test(text) ? text : "?";
}
