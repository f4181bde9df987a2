/**
 * A message as an application reads it.
 * @module
 */
import { JsonError, parseJson } from "../encoding/json.js";
import { Utf8Error, utf8Decode } from "../encoding/utf8.js";
import type { PublishPacket } from "../mqtt/index.js";
import type { Json, Message } from "./application.js";

export class ReceivedMessage implements Message {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly isRetained: boolean;

	constructor({ topic, payload, retain }: Pick<PublishPacket, "topic" | "payload" | "retain">) {
		this.topic = topic;
		this.payload = payload;
		this.isRetained = retain;
	}

	text(): string | undefined {
		return textOf(this.payload);
	}

	json(): { readonly [name: string]: Json } | undefined {
		const value = parsed(this.text());
		return typeof value === "object" && value !== null && !Array.isArray(value)
			? (value as { readonly [name: string]: Json })
			: undefined;
	}
}

/** `undefined` for what is not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
	try {
		return utf8Decode(bytes);
	} catch (error) {
		if (!(error instanceof Utf8Error)) throw error;
		return undefined;
	}
}

/** What `text` says in JSON; `undefined` for what is none, or nests deeper than the device takes. */
export function parsed(text: string | undefined): Json | undefined {
	try {
		return text === undefined ? undefined : (parseJson(text) as Json);
	} catch (error) {
		if (!(error instanceof JsonError)) throw error;
		return undefined;
	}
}
