/**
 * Keeps web pages away. The API runs code (CreateFunction), needs no credentials by default and listens on this machine,
 * where every page that a browser shows could reach it: by a request across origins, or as its own origin after its name
 * was made to lead here (DNS rebinding).
 * @module
 */
import { isIP } from "node:net";
import { ApiError } from "./errors.js";

export interface ApproachHeaders {
	readonly host?: string | undefined;
	readonly origin?: string | undefined;
	readonly "sec-fetch-site"?: string | string[] | undefined;
}

/**
 * @param allowedHosts names, besides IP addresses and `localhost`, by which the API may be addressed; in small letters.
 * @throws {ApiError} AccessDeniedException for what a web page may have sent.
 */
export function refuseWebPages(headers: ApproachHeaders, allowedHosts: ReadonlySet<string>): void {
	const site = headers["sec-fetch-site"];
	if (headers.origin !== undefined || (site !== undefined && site !== "none")) {
		throw new ApiError(
			"AccessDeniedException",
			"Latchkey's API does not answer web pages: the request has an Origin or Sec-Fetch-Site header. " +
				"Use the AWS CLI, an SDK or curl",
		);
	}
	if (headers.host === undefined) throw new ApiError("InvalidRequestException", "The request has no Host header");
	const name = hostName(headers.host);
	if (name !== undefined && (isIP(name) !== 0 || isLocal(name) || allowedHosts.has(name))) return;
	throw new ApiError(
		"AccessDeniedException",
		"Latchkey's API answers under localhost and IP addresses only, so that no web page reaches it under a name of its " +
			"own: use http://127.0.0.1 or http://localhost, or name the host among those allowed when Latchkey starts",
	);
}

/** The name of a Host header in small letters, without brackets and port; undefined where it is none. */
function hostName(host: string): string | undefined {
	const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec(host.toLowerCase()) ?? [];
	return bracketed ?? plain;
}

/** RFC 6761 section 6.3: these names lead to this machine alone. */
function isLocal(name: string): boolean {
	return name === "localhost" || name.endsWith(".localhost");
}
