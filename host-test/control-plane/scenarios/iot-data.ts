/**
 * Publish, GetRetainedMessage, ListRetainedMessages.
 * @module
 */
import { Newer, recent, type Scenario, type Step } from "../scenario.js";
import { atLeast, constraintText, fails, invalidRequest, notFound, succeeds } from "./steps.js";

const bytes = (text: string) => Buffer.from(text);

function publish(topic: string, payload: string, more: object = {}): Step {
	return succeeds("iot-data:Publish", { topic, payload: bytes(payload), ...more });
}

function retained(topic: string, payload: string, qos: 0 | 1, more: object = {}): Step {
	return succeeds(
		"iot-data:GetRetainedMessage",
		{ topic },
		{ topic, payload: bytes(payload).toString("base64"), qos, lastModifiedTime: recent, ...more },
	);
}

const summary = (topic: string, payloadSize: number, qos: 0 | 1) => ({
	topic,
	payloadSize,
	qos,
	lastModifiedTime: recent,
});

export const iotDataScenarios: readonly Scenario[] = [
	{
		title: "a message that is published with retain is kept, replaced and deleted by an empty one",
		steps: [
			publish("devices/dev1/state", "on", { qos: 1, retain: true }),
			retained("devices/dev1/state", "on", 1),
			publish("devices/dev1/state", "off", { retain: true }),
			retained("devices/dev1/state", "off", 0),
			publish("devices/dev1/state", "passing", { qos: 1 }),
			retained("devices/dev1/state", "off", 0),
			publish("devices/dev1/state", "", { retain: true }),
			fails(
				"iot-data:GetRetainedMessage",
				{ topic: "devices/dev1/state" },
				notFound("No retained message for topic devices/dev1/state"),
			),
		],
	},
	{
		title: "a message without a payload may be published",
		steps: [
			succeeds("iot-data:Publish", { topic: "a" }),
			succeeds("iot-data:ListRetainedMessages", {}, { retainedTopics: [] }),
		],
	},
	{
		title: "topics may hold blanks, slashes and letters of all alphabets",
		steps: [publish("räume/küche 1/t&h?", "x", { retain: true }), retained("räume/küche 1/t&h?", "x", 0)],
	},
	{
		title: "a payload is bytes, 128 KB of them at most",
		steps: [
			succeeds("iot-data:Publish", { topic: "a", payload: Buffer.from([0, 0xff, 0x80]), retain: true }),
			succeeds(
				"iot-data:GetRetainedMessage",
				{ topic: "a" },
				{ topic: "a", payload: "AP+A", qos: 0, lastModifiedTime: recent },
			),
			succeeds("iot-data:Publish", { topic: "b", payload: Buffer.alloc(131_072), retain: true }),
			fails(
				"iot-data:Publish",
				{ topic: "c", payload: Buffer.alloc(131_073) },
				invalidRequest("payload: expected at most 131072 bytes, got 131073"),
			),
			succeeds("iot-data:ListRetainedMessages", {}, { retainedTopics: [summary("a", 3, 0), summary("b", 131_072, 0)] }),
		],
	},
	{
		title: "user properties are kept with the message",
		steps: [
			publish("a", "x", { retain: true, userProperties: [{ unit: "celsius" }, { unit: "kelvin" }] }),
			retained("a", "x", 0, {
				userProperties: new Newer(base64Of('[{"unit":"celsius"},{"unit":"kelvin"}]')),
			}),
		],
	},
	{
		title: "retained messages are listed by topic in pages",
		steps: [
			...["c", "a", "b"].map((topic) => publish(topic, topic.repeat(3), { retain: true, qos: 1 })),
			succeeds(
				"iot-data:ListRetainedMessages",
				{ maxResults: 2 },
				{
					retainedTopics: [summary("a", 3, 1), summary("b", 3, 1)],
					nextToken: (token: unknown) => typeof token === "string",
				},
			),
			succeeds(
				"iot-data:ListRetainedMessages",
				(outputs) => ({ maxResults: 2, nextToken: outputs[3]?.["nextToken"] }),
				{ retainedTopics: [summary("c", 3, 1)] },
			),
			fails(
				"iot-data:ListRetainedMessages",
				{ nextToken: "AAAA" },
				invalidRequest("Invalid/Malformed marker passed for listRetainedMessages"),
			),
			fails(
				"iot-data:ListRetainedMessages",
				{ maxResults: 201 },
				invalidRequest(constraintText(["maxResults", "have value less than or equal to 200"])),
			),
			fails(
				"iot-data:ListRetainedMessages",
				{ maxResults: 0 },
				invalidRequest(constraintText(["maxResults", atLeast(1).replace("length", "value")])),
				"Invalid value for parameter maxResults, value: 0, valid min value: 1",
			),
		],
	},
	{
		title: "a topic to publish to has no wildcards, 256 bytes and 7 slashes at most, and no reserved beginning",
		steps: [
			...["a/+/b", "#", "t".repeat(257), "1/2/3/4/5/6/7/8/9", "$mine/a"].map((topic) =>
				fails("iot-data:Publish", { topic, payload: bytes("x") }, invalidRequest(/^topic name: /)),
			),
			publish("t".repeat(256), "x"),
			publish("1/2/3/4/5/6/7/8", "x"),
		],
	},
	{
		title: "a message of QoS 2 is refused",
		steps: [
			fails(
				"iot-data:Publish",
				{ topic: "a", payload: bytes("x"), qos: 2 },
				invalidRequest(constraintText(["qos", "have value less than or equal to 1"])),
			),
		],
	},
];

function base64Of(text: string): (value: unknown) => boolean {
	return (value) => Buffer.from(String(value), "base64").toString() === text || value === text;
}
