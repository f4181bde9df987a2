/**
 * A guest of the bench: what the device core does between signing and being online, digests included.
 * @module
 */
import { encodeUsername } from "../../../src/device/connect-fields.js";
import { base64Encode } from "../../../src/device/encoding/base64.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { MqttClient } from "../../../src/device/mqtt/index.js";
import { startWork } from "./bench-work.js";

startWork(({ digest }) => ({
	sha256() {
		const data = new Uint8Array(1024).fill(7);
		return () => void digest.sha256(data);
	},
	base64() {
		const data = new Uint8Array(256).fill(0xa5);
		return () => base64Encode(data);
	},
	username:
		({ username }) =>
		() =>
			encodeUsername(username),
	"connect-encode"({ username }) {
		const encoded = encodeUsername(username);
		return () => void clientOf(encoded).connect(0);
	},
	"connack-decode"({ username, connack }) {
		const encoded = encodeUsername(username);
		const bytes = Uint8Array.from(connack);
		return () => {
			const client = clientOf(encoded);
			client.connect(0);
			client.receive(bytes, 0);
		};
	},
}));

function clientOf(username: string): MqttClient {
	return new MqttClient(
		{
			version: 5,
			clientId: "thermometer-1",
			username,
			password: utf8Encode(""),
			keepAlive: 60,
			cleanStart: true,
			maximumPacketSize: 8192,
			connackTimeout: 15_000,
		},
		{ send: () => {}, event: () => {} },
	);
}
