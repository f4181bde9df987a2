/**
 * An image of the firmware as its maker releases it: signed, and given out part by part to the devices that ask.
 * @module
 */
import { createHash, createSign } from "node:crypto";
import { type ChunkRequest, canonicalText, encodeDataMessage } from "../device/update/offer.js";

/** Bytes of an image that one data message has at most: within AWS IoT Core's 128 KB with room to spare. */
const LARGEST_PART = 65_536;

export class FirmwareRelease {
	readonly version: number;
	/** Bytes of the image. */
	readonly size: number;
	/** Payload of the topic `offer`. */
	readonly offer: Uint8Array;
	private readonly image: Uint8Array;

	/**
	 * @param version 1..4294967295, above that of every image before.
	 * @param privateKey RSA, PEM: its public half is in the firmware that is to be updated.
	 * @throws {RangeError} for an image or a version out of bounds; node:crypto's own error for a key that is none.
	 */
	constructor(image: Uint8Array, version: number, privateKey: string) {
		if (image.length === 0 || image.length > 0xffffffff)
			throw new RangeError(`image: expected 1..4294967295 bytes, got ${image.length}`);
		if (!Number.isInteger(version) || version < 1 || version > 0xffffffff)
			throw new RangeError(`version: expected 1..4294967295, got ${version}`);
		const description = { version, size: image.length, sha256: createHash("sha256").update(image).digest("hex") };
		const signature = createSign("SHA256").update(canonicalText(description)).sign(privateKey, "base64");
		this.version = version;
		this.size = image.length;
		this.offer = new Uint8Array(Buffer.from(JSON.stringify({ ...description, signature })));
		this.image = image;
	}

	/**
	 * @param request payload of the topic `request`.
	 * @returns payload of the topic `data`; `undefined` for what asks for nothing of this image.
	 */
	answer(request: Uint8Array): { readonly payload: Uint8Array; readonly sent: number } | undefined {
		const asked = readRequest(request);
		if (asked === undefined) return undefined;
		const { version, offset, length } = asked;
		if (version !== this.version || offset >= this.image.length || length === 0) return undefined;
		const bytes = this.image.subarray(offset, offset + Math.min(length, LARGEST_PART));
		return { payload: encodeDataMessage({ version, offset, bytes }), sent: offset + bytes.length };
	}
}

/** Bytes of a request with numbers of 32 bits, and room to be sure. */
const LONGEST_REQUEST = 256;

/** Whoever may publish to the topic may publish anything. */
function readRequest(payload: Uint8Array): ChunkRequest | undefined {
	if (payload.length > LONGEST_REQUEST) return undefined;
	let request: Partial<ChunkRequest> | null;
	try {
		request = JSON.parse(Buffer.from(payload).toString("utf8"));
	} catch {
		return undefined;
	}
	const { version, offset, length } = request ?? {};
	return isCount(version) && isCount(offset) && isCount(length) ? { version, offset, length } : undefined;
}

function isCount(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
