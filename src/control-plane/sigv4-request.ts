/**
 * The parts of a request's Signature Version 4 (AWS, "Create a signed AWS API request"): the header Authorization and
 * the headers beside it.
 * @module
 */
import { ApiError } from "./errors.js";

export interface SignedRequest {
	readonly accessKeyId: string;
	/** `YYYYMMDD`. */
	readonly scopeDate: string;
	readonly scopeRegion: string;
	readonly scopeService: string;
	/** In small letters. */
	readonly signedHeaders: readonly string[];
	/** 64 hexadecimal digits. */
	readonly signature: string;
	/** `YYYYMMDDTHHMMSSZ`. */
	readonly longDate: string;
	/** The same in milliseconds since the epoch. */
	readonly date: number;
	/** Hash of the body as the client declares it, in hexadecimal. */
	readonly contentSha256: string | undefined;
	readonly sessionToken: string | undefined;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Headers that a signature must cover whether they are sent or not, by the names that AWS's messages have for them. */
const MUST_BE_SIGNED: Readonly<Record<string, string>> = {
	host: "'Host' or ':authority'",
	"x-amz-date": "'X-Amz-Date'",
};

/**
 * @param rawHeaders names and values in turn.
 * @throws {ApiError} in AWS's words, without the header's value, which AWS repeats.
 */
export function parseSignedRequest(rawHeaders: readonly string[]): SignedRequest {
	const authorization = only(rawHeaders, "authorization");
	if (authorization === undefined) {
		throw new ApiError("MissingAuthenticationTokenException", "Missing Authentication Token");
	}
	const fields = parseAuthorization(authorization);
	const longDate = only(rawHeaders, "x-amz-date");
	const scope = fields.credential?.split("/") ?? [];
	const { signature, signedHeaders } = fields;
	const date = longDate === undefined ? undefined : parseBasicDate(longDate);
	if (
		fields.credential === undefined ||
		signature === undefined ||
		signedHeaders === undefined ||
		longDate === undefined
	) {
		throw incomplete(fields, longDate);
	}
	// An access key holds no slash, whereas the last four parts are fixed.
	const [accessKeyId, scopeDate, scopeRegion, scopeService, terminator, ...rest] = scope;
	if (
		accessKeyId === undefined ||
		scopeDate === undefined ||
		scopeRegion === undefined ||
		scopeService === undefined ||
		terminator !== "aws4_request" ||
		rest.length > 0
	) {
		throw incompleteBecause(
			"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
		);
	}
	if (date === undefined) throw incompleteBecause("Date must be in ISO-8601 'basic format', YYYYMMDDTHHMMSSZ.");
	if (!/^\d{8}$/.test(scopeDate)) throw incompleteBecause("Date in Credential scope must be YYYYMMDD.");
	checkCoverage(signedHeaders, rawHeaders);
	return {
		accessKeyId,
		scopeDate,
		scopeRegion,
		scopeService,
		signedHeaders,
		signature,
		longDate,
		date,
		contentSha256: only(rawHeaders, "x-amz-content-sha256"),
		sessionToken: only(rawHeaders, "x-amz-security-token"),
	};
}

/** Values of a header, in their order. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
	return rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** @throws {ApiError} where a header that must be sent once is sent more often. */
function only(rawHeaders: readonly string[], name: string): string | undefined {
	const [value, ...others] = headerValues(rawHeaders, name);
	if (others.length > 0) throw incompleteBecause(`The header ${name} is sent more than once.`);
	return value;
}

interface AuthorizationFields {
	readonly credential: string | undefined;
	readonly signedHeaders: readonly string[] | undefined;
	readonly signature: string | undefined;
}

function parseAuthorization(authorization: string): AuthorizationFields {
	const [algorithm, ...rest] = authorization.trim().split(" ");
	if (algorithm !== ALGORITHM) return { credential: undefined, signedHeaders: undefined, signature: undefined };
	const fields = new Map(
		rest
			.join(" ")
			.split(",")
			.map((field) => field.trim().split("=", 2) as [string, string | undefined]),
	);
	const signedHeaders = fields.get("SignedHeaders")?.split(";");
	return { credential: fields.get("Credential"), signedHeaders, signature: fields.get("Signature") };
}

function incomplete({ credential, signedHeaders, signature }: AuthorizationFields, date: string | undefined): ApiError {
	const missing = [
		credential === undefined ? "Authorization header requires 'Credential' parameter." : "",
		signature === undefined ? "Authorization header requires 'Signature' parameter." : "",
		signedHeaders === undefined ? "Authorization header requires 'SignedHeaders' parameter." : "",
		date === undefined ? "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header." : "",
	];
	return incompleteBecause(missing.filter((part) => part !== "").join(" "));
}

function incompleteBecause(message: string): ApiError {
	return new ApiError("IncompleteSignatureException", message);
}

/**
 * What must be signed, and whatever else was sent under AWS's own prefix: otherwise somebody in between could change what
 * an operation reads there. `x-amzn-trace-id` is none of them, and clients sign it never.
 */
function checkCoverage(signedHeaders: readonly string[], rawHeaders: readonly string[]): void {
	for (const [name, shown] of Object.entries(MUST_BE_SIGNED)) {
		if (!signedHeaders.includes(name)) throw notSigned(shown);
	}
	const sent = rawHeaders.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());
	const stray = sent.find((name) => name.startsWith("x-amz-") && !signedHeaders.includes(name));
	if (stray !== undefined) throw notSigned(`'${stray}'`);
}

function notSigned(shown: string): ApiError {
	return new ApiError("InvalidSignatureException", `${shown} must be a 'SignedHeader' in the AWS Authorization.`);
}

/** `YYYYMMDDTHHMMSSZ` in milliseconds since the epoch. */
function parseBasicDate(text: string): number | undefined {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
	if (parts === null) return undefined;
	const [, year, month, day, hour, minute, second] = parts;
	const date = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return Number.isNaN(date) ? undefined : date;
}
