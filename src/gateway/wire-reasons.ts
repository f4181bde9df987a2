/**
 * What a refused MQTT 5 client reads in the reason string: AWS's own words, which say nothing, or the explanation.
 * @module
 */
import type { Refusal } from "../authorizer/index.js";

/** Characters; a reason string is cut here so that it fits the small buffers of devices. */
const LONGEST_REASON = 512;

/** As AWS IoT Core words a refused CONNECT and a refused QoS 0 PUBLISH. */
export function opaqueReason(packet: "CONNACK" | "DISCONNECT", traceId: string): string {
	return `${packet}:Client is not authenticated/authorized to send the message:${traceId}`;
}

export function explainedReason({ code, cause, remedy }: Pick<Refusal, "code" | "cause" | "remedy">): string {
	const text = `${code}: ${cause.replace(/\.$/, "")}; ${remedy}`;
	return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 3)}...` : text;
}
