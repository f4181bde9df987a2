/**
 * Bytes of the first CONNECT, beside what AWS's own SDK put on the wire for the same credential (recorded from
 * aws-iot-device-sdk-v2 1.28.0 in `vectors/aws/mqtt-connect.json`).
 * @module
 */
import { encodeUsername } from "../../src/device/connect-fields.js";
import { utf8Encode } from "../../src/device/encoding/utf8.js";
import { MqttClient, type ProtocolVersion } from "../../src/device/mqtt/index.js";
import { readVectors } from "../vectors.js";
import { type Row, row } from "./rows.js";

interface RecordedConnect {
	readonly id: string;
	readonly input: Readonly<Record<string, string>>;
	readonly connect: {
		readonly protocolVersion: ProtocolVersion;
		readonly clientId: string;
		readonly keepAlive: number;
	};
	readonly packetHex: string;
}

const COMPARED: Readonly<Record<string, string>> = {
	"sdk5-signed-token-username-password": "CONNECT of MQTT 5, beside AWS's SDK",
	"sdk5-signed-token-metrics-disabled": "CONNECT of MQTT 5, beside AWS's SDK without metrics",
	"sdk311-signed-token-username-password": "CONNECT of MQTT 3.1.1, beside AWS's SDK",
	"sdk311-signed-token-metrics-disabled": "CONNECT of MQTT 3.1.1, beside AWS's SDK without metrics",
};

export function benchWire(): Row[] {
	const recorded = readVectors<{ readonly vectors: readonly RecordedConnect[] }>("aws/mqtt-connect.json")!.vectors;
	return Object.entries(COMPARED).map(([id, name]) => {
		const sent = recorded.find((vector) => vector.id === id)!;
		return row(name, "bytes", sent.packetHex.length / 2, connectOf(sent).length);
	});
}

/** What the device's client sends first; the rest as the agent has it. */
function connectOf({ input, connect }: RecordedConnect): Uint8Array {
	const { username, authorizerName, tokenKeyName, tokenValue: token, password } = input;
	const signature = input["authorizerSignature"] ?? input["tokenSignature"];
	const packets: Uint8Array[] = [];
	const client = new MqttClient(
		{
			version: connect.protocolVersion,
			clientId: connect.clientId,
			username: encodeUsername({ username, authorizerName, signature, tokenKeyName, token }),
			password: utf8Encode(password!),
			keepAlive: connect.keepAlive,
			cleanStart: true,
			maximumPacketSize: 8192,
			connackTimeout: 15_000,
		},
		{ send: (bytes) => packets.push(bytes), event: () => {} },
	);
	client.connect(0);
	return packets[0]!;
}
