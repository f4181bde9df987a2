/**
 * What the data plane needs of the gateway's broker.
 * @module
 */

export interface PublishedMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: 0 | 1;
	readonly retain?: boolean | undefined;
	readonly contentType?: string | undefined;
	readonly responseTopic?: string | undefined;
	readonly correlationData?: Uint8Array | undefined;
	/** 1: the payload is text in UTF-8. */
	readonly payloadFormatIndicator?: 0 | 1 | undefined;
	/** Seconds. */
	readonly messageExpiry?: number | undefined;
	readonly userProperties?: readonly (readonly [name: string, value: string])[] | undefined;
}

export interface RetainedSummary {
	readonly topic: string;
	/** Bytes. */
	readonly payloadSize: number;
	readonly qos: 0 | 1;
	/** Milliseconds since the epoch. */
	readonly lastModifiedTime: number;
}

export interface RetainedMessage {
	readonly payload: Uint8Array;
	readonly qos: 0 | 1;
	/** Milliseconds since the epoch. */
	readonly lastModifiedTime: number;
	/** Empty where it has none. */
	readonly userProperties: readonly (readonly [name: string, value: string])[];
}

export interface MessageBroker {
	/** @throws {ApiError} InvalidRequestException for a message that AWS IoT does not take. */
	publish(message: PublishedMessage): void;
	retainedMessage(topic: string): RetainedMessage | undefined;
	listRetainedMessages(): readonly RetainedSummary[];
}
