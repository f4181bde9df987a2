/**
 * The packets of SNTP (RFC 4330): a question and the answer to it, without I/O.
 *
 * Whoever sets a device's clock decides which certificates are valid to it. So the question carries 64 random bits where
 * the protocol has the client's own time, which no server needs, and only what echoes them is an answer: who does not see
 * the question cannot forge one (RFC 4330 section 5, the originate timestamp; RFC 5905 section 6).
 * @module
 */

/** Bytes of a question, and of an answer without authentication, which may follow it. */
const SNTP_PACKET_BYTES = 48;

/** Bytes of the random number that a question carries. */
export const SNTP_NONCE_BYTES = 8;

/** UDP port of the protocol. */
export const SNTP_PORT = 123;

/** Why an answer to our own question sets no clock. */
export type SntpRefusal =
	/** Stratum 0: the server asks to be left alone ("kiss of death", RFC 4330 section 8). */
	| "kiss-of-death"
	/** The server does not know the time itself. */
	| "unsynchronized";

export type SntpAnswer =
	/** Milliseconds since 1970 as the answer left the server. */
	{ readonly time: number } | { readonly refusal: SntpRefusal };

/** Leap indicator 0, version 4, mode 3 (client): RFC 4330 section 4. */
const QUESTION = 0x23;
const MODE_SERVER = 4;
/** The leap indicator of a server whose clock is not synchronized. */
const LEAP_ALARM = 3;
const MAXIMUM_STRATUM = 15;

const ORIGINATE = 24;
const TRANSMIT = 40;

/** Seconds from 1900 to 1970, and from the protocol's second era (2036-02-07T06:28:16Z) backwards to 1970. */
const SECONDS_1900_TO_1970 = 2_208_988_800;
const SECONDS_1970_TO_2036 = 2_085_978_496;

/** @param nonce {@link SNTP_NONCE_BYTES} random bytes, new for each question. */
export function encodeSntpQuestion(nonce: Uint8Array): Uint8Array {
	if (nonce.length !== SNTP_NONCE_BYTES)
		throw new RangeError(`nonce: expected ${SNTP_NONCE_BYTES} bytes, got ${nonce.length}`);
	const packet = new Uint8Array(SNTP_PACKET_BYTES);
	packet[0] = QUESTION;
	packet.set(nonce, TRANSMIT);
	return packet;
}

/** @returns `undefined` for what is no server's answer to the question with this nonce: it is to be passed over. */
export function decodeSntpAnswer(packet: Uint8Array, nonce: Uint8Array): SntpAnswer | undefined {
	const [head = 0, stratum = 0] = packet;
	if (packet.length < SNTP_PACKET_BYTES || (head & 7) !== MODE_SERVER || !echoes(packet, nonce)) return undefined;
	if (stratum === 0) return { refusal: "kiss-of-death" };
	const time = timeAt(packet, TRANSMIT);
	if (head >> 6 === LEAP_ALARM || stratum > MAXIMUM_STRATUM || time === undefined) return { refusal: "unsynchronized" };
	return { time };
}

function echoes(packet: Uint8Array, nonce: Uint8Array): boolean {
	let difference = 0;
	for (let i = 0; i < SNTP_NONCE_BYTES; i++) difference |= packet[ORIGINATE + i]! ^ nonce[i]!;
	return difference === 0;
}

/**
 * The timestamp at `at` in milliseconds since 1970; `undefined` for 0, which is none. A first bit of 1 is the era
 * that began in 1900, of 0 the one that begins in 2036 (RFC 4330 section 3).
 */
function timeAt(packet: Uint8Array, at: number): number | undefined {
	const seconds = uint32(packet, at);
	const fraction = uint32(packet, at + 4);
	if (seconds === 0 && fraction === 0) return undefined;
	const since1970 = seconds >= 0x80000000 ? seconds - SECONDS_1900_TO_1970 : seconds + SECONDS_1970_TO_2036;
	return since1970 * 1000 + Math.floor((fraction * 1000) / 0x100000000);
}

function uint32(packet: Uint8Array, at: number): number {
	return packet[at]! * 0x1000000 + ((packet[at + 1]! << 16) | (packet[at + 2]! << 8) | packet[at + 3]!);
}
