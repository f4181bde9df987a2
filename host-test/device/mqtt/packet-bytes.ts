/**
 * What the codec's cases share: packets from bytes in hex, and texts as bytes.
 * @module
 */
import { PacketStream } from "../../../src/device/mqtt/packet-stream.js";
import type { Packet, ProtocolVersion, Sender } from "../../../src/device/mqtt/packets.js";
import { fromHex } from "../case.js";

/** A limit that no case comes near. */
export const PLENTY = 1_000_000;

/** The one packet that `hex` is. */
export function decodeHex(hex: string, version: ProtocolVersion, from?: Sender): Packet | undefined {
	const stream = new PacketStream({ version, maximumPacketSize: PLENTY, from });
	stream.push(fromHex(hex));
	return stream.next();
}

/** The bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
