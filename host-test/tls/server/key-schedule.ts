/**
 * Keys of TLS 1.2 with an AES-128-GCM-SHA256 suite (RFC 5246 sections 5, 6.3, 8.1; RFC 5288; RFC 7627).
 * @module
 */
import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import { TLS_1_2 } from "./peer.js";

/** PRF of RFC 5246 section 5 with SHA-256. */
function prf(secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
	const labelled = Buffer.concat([Buffer.from(label, "latin1"), seed]);
	const mac = (data: Uint8Array): Buffer => createHmac("sha256", secret).update(data).digest();
	let a: Buffer = labelled;
	let output = Buffer.alloc(0);
	while (output.length < length) {
		a = mac(a);
		output = Buffer.concat([output, mac(Buffer.concat([a, labelled]))]);
	}
	return output.subarray(0, length);
}

export interface Randoms {
	readonly client: Buffer;
	readonly server: Buffer;
}

/** @param sessionHash of the extended master secret; without it the classic one. */
export function masterSecret(premaster: Uint8Array, randoms: Randoms, sessionHash: Buffer | undefined): Buffer {
	return sessionHash === undefined
		? prf(premaster, "master secret", Buffer.concat([randoms.client, randoms.server]), 48)
		: prf(premaster, "extended master secret", sessionHash, 48);
}

export function transcriptHash(messages: readonly Buffer[]): Buffer {
	return createHash("sha256").update(Buffer.concat(messages)).digest();
}

/** verify_data of a Finished (RFC 5246 section 7.4.9). */
export function verifyData(master: Uint8Array, side: "client" | "server", messages: readonly Buffer[]): Buffer {
	return prf(master, `${side} finished`, transcriptHash(messages), 12);
}

/** One direction's record protection (RFC 5288 section 3). */
class RecordProtection {
	private readonly key: Buffer;
	private readonly salt: Buffer;
	private sequence = 0n;

	constructor(key: Buffer, salt: Buffer) {
		this.key = key;
		this.salt = salt;
	}

	/** The body of the protected record. */
	seal(type: number, plaintext: Uint8Array): Buffer {
		const nonce = this.number();
		const cipher = createCipheriv("aes-128-gcm", this.key, Buffer.concat([this.salt, nonce]));
		cipher.setAAD(additionalData(nonce, type, plaintext.length));
		return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
	}

	/** @throws when the record is not authentic. */
	open(type: number, body: Buffer): Buffer {
		const sequence = this.number();
		const cipher = createDecipheriv("aes-128-gcm", this.key, Buffer.concat([this.salt, body.subarray(0, 8)]));
		cipher.setAAD(additionalData(sequence, type, body.length - 24));
		cipher.setAuthTag(body.subarray(-16));
		return Buffer.concat([cipher.update(body.subarray(8, -16)), cipher.final()]);
	}

	private number(): Buffer {
		const bytes = Buffer.alloc(8);
		bytes.writeBigUInt64BE(this.sequence++);
		return bytes;
	}
}

function additionalData(sequence: Buffer, type: number, length: number): Buffer {
	return Buffer.concat([sequence, Buffer.of(type, TLS_1_2 >> 8, TLS_1_2 & 0xff, length >> 8, length & 0xff)]);
}

export interface TrafficKeys {
	readonly client: RecordProtection;
	readonly server: RecordProtection;
}

/** Keys of both directions out of the key block. */
export function trafficKeys(master: Uint8Array, randoms: Randoms): TrafficKeys {
	const block = prf(master, "key expansion", Buffer.concat([randoms.server, randoms.client]), 40);
	return {
		client: new RecordProtection(block.subarray(0, 16), block.subarray(32, 36)),
		server: new RecordProtection(block.subarray(16, 32), block.subarray(36, 40)),
	};
}
