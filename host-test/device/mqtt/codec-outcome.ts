/**
 * What the codec makes of bytes, as a text that two engines can be compared by.
 * @module
 */
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import { MqttError } from "../../../src/device/mqtt/errors.js";
import { PacketStream } from "../../../src/device/mqtt/packet-stream.js";
import type { ProtocolVersion } from "../../../src/device/mqtt/packets.js";
import { describe, fromHex, toHex } from "../case.js";

/** The packets in `hex`, each with the bytes it is encoded to again, and the error that ends them. */
export function codecOutcome(hex: string, version: ProtocolVersion): string {
	const stream = new PacketStream({ version, maximumPacketSize: 100_000 });
	const told: string[] = [];
	try {
		stream.push(fromHex(hex));
		for (let packet = stream.next(); packet !== undefined; packet = stream.next())
			told.push(`${describe(packet)} ${toHex(encodePacket(packet, version))}`);
	} catch (error) {
		if (!(error instanceof MqttError)) throw error;
		told.push(`${error.code} ${error.reasonCode} ${error.message}`);
	}
	return told.join("\n");
}
