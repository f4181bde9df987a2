/** Messages of the API's Publish as a device gets them. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { IoTDataPlaneClient, PublishCommand, type PublishCommandInput } from "@aws-sdk/client-iot-data-plane";
import test, { type ExecutionContext } from "ava";
import mqtt, { type IPublishPacket } from "mqtt";
import { ADMISSION, openSite } from "./site.js";

const REGION = "eu-west-1";
const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" };

/** A Latchkey, a device of MQTT 5 that subscribes to everything, and the SDK's client. */
async function openScene(t: ExecutionContext) {
	const site = await openSite();
	t.teardown(() => site.close());
	const { endpoint, certificates } = site.stage;
	const device = await mqtt.connectAsync({
		host: "127.0.0.1",
		port: endpoint.port,
		protocol: "mqtts",
		servername: endpoint.serverName,
		ca: await readFile(certificates.caFile),
		ALPNProtocols: ["mqtt"],
		protocolVersion: 5,
		reconnectPeriod: 0,
		clientId: `device-${randomUUID()}`,
		username: "device?x-amz-customauthorizer-name=Unsigned",
		password: JSON.stringify({ answer: ADMISSION }),
	});
	t.teardown(() => device.endAsync());
	const api = new IoTDataPlaneClient({ endpoint: site.url, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
	t.teardown(() => api.destroy());
	const publish = (input: PublishCommandInput) => api.send(new PublishCommand(input));
	return { device, publish };
}

type Device = Awaited<ReturnType<typeof openScene>>["device"];

function nextMessage(device: Device): Promise<{ readonly text: string; readonly packet: IPublishPacket }> {
	return new Promise((resolve) => {
		device.once("message", (_topic, payload, packet) => resolve({ text: payload.toString(), packet }));
	});
}

for (const qos of [0, 1] as const) {
	test(`a message published by the API with QoS ${qos} reaches a device that subscribed`, async (t) => {
		const { device, publish } = await openScene(t);
		await device.subscribeAsync("devices/+/commands", { qos: 1 });
		const message = nextMessage(device);
		await publish({ topic: "devices/dev 1/commands", payload: Buffer.from("on"), qos });
		const { text, packet } = await message;
		t.like(
			{ text, topic: packet.topic, qos: packet.qos, retain: packet.retain },
			{
				text: "on",
				topic: "devices/dev 1/commands",
				qos,
				retain: false,
			},
		);
	});
}

test("properties of MQTT 5 travel from the API to a device", async (t) => {
	const { device, publish } = await openScene(t);
	await device.subscribeAsync("commands", { qos: 1 });
	const message = nextMessage(device);
	await publish({
		topic: "commands",
		payload: Buffer.from('{"on":true}'),
		qos: 1,
		contentType: "application/json",
		responseTopic: "answers/1",
		correlationData: Buffer.from("request 1").toString("base64"),
		payloadFormatIndicator: "UTF8_DATA",
		messageExpiry: 60,
		userProperties: JSON.stringify([{ unit: "celsius" }, { unit: "kelvin" }]),
	});
	const { properties } = (await message).packet;
	t.is(properties?.contentType, "application/json");
	t.is(properties?.responseTopic, "answers/1");
	t.is(properties?.correlationData?.toString(), "request 1");
	t.is(properties?.payloadFormatIndicator, true);
	t.is(properties?.messageExpiryInterval, 60);
	t.deepEqual({ ...properties?.userProperties }, { unit: ["celsius", "kelvin"] });
});

test("a message that the API published with retain waits for whoever subscribes", async (t) => {
	const { device, publish } = await openScene(t);
	await publish({ topic: "state", payload: Buffer.from("on"), qos: 1, retain: true });
	const message = nextMessage(device);
	await device.subscribeAsync("state", { qos: 1 });
	const { text, packet } = await message;
	t.is(text, "on");
	t.true(packet.retain);
});

test("a device's retained message is deleted by an empty one of the API", async (t) => {
	const { device, publish } = await openScene(t);
	await device.publishAsync("state", "on", { qos: 1, retain: true });
	await publish({ topic: "state", qos: 1, retain: true });
	const message = nextMessage(device);
	await device.subscribeAsync("state", { qos: 1 });
	await publish({ topic: "state", payload: Buffer.from("live") });
	t.is((await message).text, "live");
});
