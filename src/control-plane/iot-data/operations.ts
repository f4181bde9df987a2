/**
 * Operations of AWS IoT's data plane on MQTT messages (AWS IoT Data Plane API Reference, "Publish",
 * "GetRetainedMessage", "ListRetainedMessages"). They come with SigV4 credentials, and no IoT policy is asked.
 * @module
 */
import { ApiError } from "../errors.js";
import { operation } from "../operation.js";
import { page } from "../paging.js";
import { blob, boolean, header, integer, payload, query, string, structure, uri, word } from "../shape.js";
import type { MessageBroker } from "./message-broker.js";
import { readCorrelationData, readUserProperties, writeUserProperties } from "./mqtt5-headers.js";

export interface IotDataContext {
	readonly messages: MessageBroker;
}

const service = "iot-data";
const QOS = integer({ min: 0, max: 1 });
const LARGEST_PAGE = 200;

export const iotDataOperations = [
	operation({
		service,
		name: "Publish",
		method: "POST",
		path: "/topics/{topic+}",
		errors: ["InvalidRequestException", "MethodNotAllowedException"],
		input: structure({
			topic: uri(string()),
			qos: query(QOS),
			retain: query(boolean()),
			payload: payload(blob()),
			userProperties: header(string(), "x-amz-mqtt5-user-properties"),
			payloadFormatIndicator: header(word(["UNSPECIFIED_BYTES", "UTF8_DATA"]), "x-amz-mqtt5-payload-format-indicator"),
			contentType: query(string()),
			responseTopic: query(string()),
			correlationData: header(string(), "x-amz-mqtt5-correlation-data"),
			messageExpiry: query(integer({ min: 0 })),
		}),
		run: ({ userProperties, payloadFormatIndicator, correlationData, ...message }, { messages }: IotDataContext) => {
			messages.publish({
				...message,
				qos: message.qos === 1 ? 1 : 0,
				payload: message.payload ?? new Uint8Array(),
				userProperties: userProperties === undefined ? undefined : readUserProperties(userProperties),
				payloadFormatIndicator: payloadFormatIndicator === "UTF8_DATA" ? 1 : undefined,
				correlationData: correlationData === undefined ? undefined : readCorrelationData(correlationData),
			});
			return undefined;
		},
	}),
	operation({
		service,
		name: "GetRetainedMessage",
		method: "GET",
		path: "/retainedMessage/{topic+}",
		errors: ["InvalidRequestException", "ResourceNotFoundException", "MethodNotAllowedException"],
		input: structure({ topic: uri(string()) }),
		run: ({ topic }, { messages }: IotDataContext) => {
			const message = messages.retainedMessage(topic);
			if (message === undefined) {
				throw new ApiError("ResourceNotFoundException", `No retained message for topic ${topic}`);
			}
			const { userProperties } = message;
			return {
				topic,
				payload: Buffer.from(message.payload).toString("base64"),
				qos: message.qos,
				lastModifiedTime: message.lastModifiedTime,
				userProperties: userProperties.length === 0 ? null : writeUserProperties(userProperties),
			};
		},
	}),
	operation({
		service,
		name: "ListRetainedMessages",
		method: "GET",
		path: "/retainedMessage",
		errors: ["InvalidRequestException", "MethodNotAllowedException"],
		input: structure({
			nextToken: query(string()),
			maxResults: query(integer({ min: 1, max: LARGEST_PAGE })),
		}),
		run: ({ nextToken, maxResults = LARGEST_PAGE }, { messages }: IotDataContext) => {
			const { items, nextMarker } = page({
				operation: "listRetainedMessages",
				items: messages.listRetainedMessages(),
				place: ({ topic }) => [topic],
				size: maxResults,
				marker: nextToken,
			});
			return { retainedTopics: items, nextToken: nextMarker ?? null };
		},
	}),
];
