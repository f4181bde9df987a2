/**
 * mqtt-packet 9.0.2 as the oracle of the codec: our packets as its packets and back.
 *
 * Where the oracle differs, by design or by fault; the tests stay clear of these:
 * - Flags are booleans there, Maximum QoS a number; user properties are an object of texts and lists of texts, so the
 *   order among different names is lost. Packets are compared with user properties in the order of their names.
 * - Of two user properties with one name the first is lost when its value is empty.
 * - It writes a PUBACK of failure with an empty property length (4 bytes, where 3 do) and a DISCONNECT always with code
 *   and property length. Both forms are allowed; ours is the shortest.
 * - Parsing a DISCONNECT or PUBACK that ends before its property length it reads on into the packet behind it. So it is
 *   given one packet at a time.
 * - It cannot make a CONNECT of MQTT 5 with a password and no user name, nor one that resumes a session with an empty
 *   client id.
 * - It takes what is refused here: packet id 0, truncated packet ids, ill-formed UTF-8 and U+0000, wildcards in
 *   topics, dup at QoS 0, properties in the wrong packet, bytes after the end, QoS 2, AUTH.
 * @module
 */
import mqttPacket, { type Packet as OraclePacket, type QoS } from "mqtt-packet";
import type { Packet, ProtocolVersion, Will } from "../../../src/device/mqtt/packets.js";

type Loose = Readonly<Record<string, unknown>>;

/** Bytes of a packet, by the oracle. */
export function oracleEncode(packet: Packet, version: ProtocolVersion): Uint8Array {
	return new Uint8Array(mqttPacket.generate(toOracle(packet, version), { protocolVersion: version }));
}

/**
 * The packet that `bytes` are, by the oracle.
 * @throws what the oracle emits as an error.
 */
export function oracleDecode(bytes: Uint8Array, version: ProtocolVersion): Packet {
	const parser = mqttPacket.parser({ protocolVersion: version });
	const packets: OraclePacket[] = [];
	parser.on("packet", (packet) => packets.push(packet));
	parser.on("error", (error) => {
		throw error;
	});
	const left = parser.parse(Buffer.from(bytes));
	if (packets.length !== 1 || left !== 0) throw new Error(`oracle: ${packets.length} packets, ${left} bytes left`);
	return fromOracle(packets[0] as unknown as Loose, version);
}

/** A packet in the one form in which two that say the same are equal. */
export function comparable(packet: Packet): object {
	const plain = Object.fromEntries(Object.entries(packet).filter(([, value]) => value !== undefined));
	if ("will" in packet && packet.will !== undefined) plain["will"] = comparable(packet.will as unknown as Packet);
	if ("properties" in packet && packet.properties !== undefined) {
		const { userProperties, ...others } = packet.properties;
		const sorted = userProperties?.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
		plain["properties"] = { ...others, ...(sorted === undefined ? {} : { userProperties: sorted }) };
	}
	return plain;
}

const FLAGS: ReadonlySet<string> = new Set([
	"payloadFormatIndicator",
	"requestProblemInformation",
	"requestResponseInformation",
	"retainAvailable",
	"wildcardSubscriptionAvailable",
	"subscriptionIdentifiersAvailable",
	"sharedSubscriptionAvailable",
]);

function toOracle(packet: Packet, version: ProtocolVersion): OraclePacket {
	return { ...oracleFields(packet, version), ...oracleProperties(packet) } as unknown as OraclePacket;
}

function oracleFields(packet: Packet, version: ProtocolVersion): object {
	switch (packet.type) {
		case "connect": {
			const { clientId, keepAlive, username, password, will, cleanStart } = packet;
			return {
				cmd: "connect",
				protocolId: "MQTT",
				protocolVersion: version,
				clean: cleanStart,
				clientId,
				keepalive: keepAlive,
				username,
				password: password && Buffer.from(password),
				will: will && { ...will, payload: Buffer.from(will.payload), ...oracleProperties(will) },
			};
		}
		case "connack": {
			const { sessionPresent, code } = packet;
			return { cmd: "connack", sessionPresent, [version === 5 ? "reasonCode" : "returnCode"]: code };
		}
		case "publish": {
			const { topic, payload, qos, retain, dup, packetId } = packet;
			return { cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup, messageId: packetId };
		}
		case "puback":
			return { cmd: "puback", messageId: packet.packetId, reasonCode: packet.code };
		case "subscribe":
			return {
				cmd: "subscribe",
				messageId: packet.packetId,
				subscriptions: packet.subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) => ({
					topic: filter,
					qos: qos as QoS,
					nl: noLocal,
					rap: retainAsPublished,
					rh: retainHandling,
				})),
			};
		case "suback":
		case "unsuback":
			return { cmd: packet.type, messageId: packet.packetId, granted: [...packet.codes] };
		case "unsubscribe":
			return { cmd: "unsubscribe", messageId: packet.packetId, unsubscriptions: [...packet.filters] };
		case "disconnect":
			return { cmd: "disconnect", reasonCode: packet.code };
		default:
			return { cmd: packet.type };
	}
}

function oracleProperties(packet: Packet | Will): object {
	const properties = "properties" in packet ? packet.properties : undefined;
	if (properties === undefined) return {};
	const values = Object.entries(properties).map(([name, value]) => {
		if (name === "userProperties") return [name, grouped(value as [string, string][])];
		if (value instanceof Uint8Array) return [name, Buffer.from(value)];
		return [name, FLAGS.has(name) ? value === 1 : value];
	});
	return { properties: Object.fromEntries(values) };
}

/** Without a prototype: a user property may be called `__proto__`. */
function grouped(pairs: readonly (readonly [string, string])[]): object {
	const groups: Record<string, string[]> = Object.create(null);
	for (const [name, value] of pairs) groups[name] = [...(groups[name] ?? []), value];
	return groups;
}

function fromOracle(packet: Loose, version: ProtocolVersion): Packet {
	return { type: packet["cmd"], ...ourFields(packet, version), ...ourProperties(packet) } as unknown as Packet;
}

function ourFields(packet: Loose, version: ProtocolVersion): object {
	const packetId = packet["messageId"];
	switch (packet["cmd"]) {
		case "connect": {
			const { clean, keepalive, clientId, username, password, will } = packet;
			return {
				cleanStart: clean,
				keepAlive: keepalive,
				clientId,
				username,
				password: password && plainBytes(password),
				will: will && ourWill(will as Loose),
			};
		}
		case "connack": {
			const code = packet[version === 5 ? "reasonCode" : "returnCode"];
			return { sessionPresent: packet["sessionPresent"], code };
		}
		case "publish": {
			const { topic, payload, qos, retain, dup } = packet;
			return { topic, payload: plainBytes(payload), qos, retain, dup, packetId };
		}
		case "puback":
			return { packetId, code: packet["reasonCode"] ?? 0 };
		case "subscribe":
			return { packetId, subscriptions: (packet["subscriptions"] as Loose[]).map(ourSubscription) };
		case "suback":
		case "unsuback":
			return { packetId, codes: packet["granted"] ?? [] };
		case "unsubscribe":
			return { packetId, filters: packet["unsubscriptions"] };
		case "disconnect":
			return { code: packet["reasonCode"] ?? 0 };
		default:
			return {};
	}
}

function ourWill(will: Loose): Will {
	const { topic, payload, qos, retain } = will;
	return { topic, payload: plainBytes(payload), qos, retain, ...ourProperties(will) } as unknown as Will;
}

function ourSubscription({ topic, qos, nl, rap, rh }: Loose): object {
	return {
		filter: topic,
		qos,
		...(nl === undefined ? {} : { noLocal: nl, retainAsPublished: rap, retainHandling: rh }),
	};
}

function ourProperties({ properties }: Loose): object {
	if (properties === undefined) return {};
	const values = Object.entries(properties as object).map(([name, value]) => {
		if (name === "userProperties") return [name, pairsOf(value)];
		if (Buffer.isBuffer(value)) return [name, plainBytes(value)];
		return [name, typeof value === "boolean" ? Number(value) : value];
	});
	return { properties: Object.fromEntries(values) };
}

function pairsOf(groups: object): [string, string][] {
	return Object.entries(groups).flatMap(([name, values]) =>
		[values].flat().map((value): [string, string] => [name, value]),
	);
}

function plainBytes(buffer: unknown): Uint8Array {
	return new Uint8Array(buffer as Buffer);
}
