/**
 * One image on its way into the other place: what has come, what was asked for, and whether it is what was offered.
 *
 * Every byte passes the hash and the writer, in order and once. The writer is completed only when the hash is the one
 * that was signed; until then whatever happens leaves the image that runs as it is.
 * @module
 */
import type { DeviceError } from "../device-error.js";
import type { FirmwareSlots, FirmwareWriter, Hash } from "../ports.js";
import type { ChunkRequest, DataMessage, Offer } from "./offer.js";
import { thrownText, updateError } from "./update-error.js";

export class ImageTransfer {
	readonly offer: Offer;
	private readonly hash: Hash;
	private readonly writer: FirmwareWriter;
	private written = 0;
	/** End of what was asked for last. */
	private asked = 0;

	/**
	 * @param offer one that was checked: from here on flash is written.
	 * @throws {DeviceError} step `update`, code `hash-failed` or `does-not-fit`.
	 */
	constructor(offer: Offer, slots: FirmwareSlots, createHash: () => Hash) {
		this.offer = offer;
		this.hash = attempt(createHash, hashFailed);
		this.writer = attempt(
			() => slots.begin(offer.size),
			(why) =>
				updateError(
					"does-not-fit",
					`the device cannot take an image of ${offer.size} bytes (${why})`,
					"offer an image that fits the device's partition for updates",
				),
		);
	}

	/** Bytes that are written. */
	get received(): number {
		return this.written;
	}

	get isWhole(): boolean {
		return this.written === this.offer.size;
	}

	/** Whether all that was asked for has come. */
	get isAnswered(): boolean {
		return this.written >= this.asked;
	}

	/** What comes next, `most` bytes at most; from now on it is expected. */
	next(most: number): ChunkRequest {
		const length = Math.min(most, this.offer.size - this.written);
		this.asked = this.written + length;
		return { version: this.offer.version, offset: this.written, length };
	}

	/** Whether a message is the next part of this image: bytes that were asked for, from where the written ones end. */
	expects({ version, offset, bytes }: DataMessage): boolean {
		return (
			version === this.offer.version &&
			offset === this.written &&
			bytes.length > 0 &&
			offset + bytes.length <= this.asked
		);
	}

	/**
	 * Writes bytes that are expected.
	 * @throws {DeviceError} step `update`, code `hash-failed` or `flash-failed`; the transfer is to be closed then.
	 */
	take(bytes: Uint8Array): void {
		attempt(() => this.hash.update(bytes), hashFailed);
		attempt(
			() => this.writer.write(bytes),
			(why) =>
				updateError(
					"flash-failed",
					`byte ${this.written} and those that follow cannot be written (${why})`,
					"offer the image again; if it recurs, the device's flash is worn out",
				),
		);
		this.written += bytes.length;
	}

	/**
	 * Makes the image the one that boots next.
	 * @throws {DeviceError} step `update`, code `incomplete`, `hash-failed`, `hash-mismatch` or `image-refused`; the
	 * transfer is to be closed then.
	 */
	complete(): void {
		const { size, sha256 } = this.offer;
		if (!this.isWhole)
			throw updateError("incomplete", `${this.written} of ${size} bytes have come`, "send the image to its end");
		if (hexOf(attempt(() => this.hash.digest(), hashFailed)) !== sha256)
			throw updateError(
				"hash-mismatch",
				"the bytes that came do not have the SHA-256 that was offered",
				"send the very image that was signed",
			);
		attempt(
			() => this.writer.complete(),
			(why) =>
				updateError(
					"image-refused",
					`the platform does not take what came for an image (${why})`,
					"offer an image that was built for this chip and this partition table",
				),
		);
	}

	/** Forgets it; the device goes on as it is. */
	close(): void {
		this.writer.close();
	}
}

function attempt<T>(run: () => T, errorOf: (why: string) => DeviceError): T {
	try {
		return run();
	} catch (error) {
		throw errorOf(thrownText(error));
	}
}

function hashFailed(why: string): DeviceError {
	return updateError(
		"hash-failed",
		`the device cannot compute a SHA-256 (${why})`,
		"offer the image again; if it recurs, the device has too little memory left",
	);
}

function hexOf(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += (byte < 16 ? "0" : "") + byte.toString(16);
	return text;
}
