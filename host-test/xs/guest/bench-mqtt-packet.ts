/**
 * A guest of the bench: the peer of the device's codec, mqtt-packet. Its cache of numbers is off: it would take 8 MB.
 * @module
 */
import { generate, type IConnectPacket, parser, writeToStream } from "mqtt-packet";
import { encodeUsername } from "../../../src/device/connect-fields.js";
import { startWork } from "./bench-work.js";

Object.assign(writeToStream, { cacheNumbers: false });

startWork(() => ({
	"connect-encode"({ username }) {
		const packet = connectOf(encodeUsername(username));
		return () => void generate(packet, { protocolVersion: 5 });
	},
	"connack-decode"({ username, connack }) {
		const packet = connectOf(encodeUsername(username));
		const bytes = Uint8Array.from(connack);
		return () => {
			generate(packet, { protocolVersion: 5 });
			const reading = parser({ protocolVersion: 5 });
			let packets = 0;
			reading.on("packet", () => packets++);
			reading.parse(bytes as Parameters<typeof reading.parse>[0]);
			if (packets !== 1) throw new Error("no CONNACK");
		};
	},
}));

function connectOf(username: string): IConnectPacket {
	return {
		cmd: "connect",
		protocolId: "MQTT",
		protocolVersion: 5,
		clean: true,
		clientId: "thermometer-1",
		keepalive: 60,
		username,
		password: "" as unknown as NonNullable<IConnectPacket["password"]>,
		properties: { maximumPacketSize: 8192 },
	};
}
