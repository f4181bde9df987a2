/**
 * A stream of packets of either side, for whoever plays the server's side too.
 * @module
 */
import { acceptedFrom, decodePacket } from "./decode.js";
import { PacketAssembler } from "./packet-assembler.js";
import type { Packet, ProtocolVersion, Sender } from "./packets.js";

interface PacketStreamOptions {
	readonly version: ProtocolVersion;
	/** Bytes a packet may have, its fixed header included. */
	readonly maximumPacketSize: number;
	/** Whose packets are taken; either side's when omitted. */
	readonly from?: Sender | undefined;
}

export class PacketStream extends PacketAssembler<Packet> {
	constructor({ version, maximumPacketSize, from }: PacketStreamOptions) {
		super(maximumPacketSize, acceptedFrom(from, version), (header, body) => decodePacket(header, body, version, from));
	}
}
