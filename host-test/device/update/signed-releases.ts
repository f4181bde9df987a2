/**
 * Releases of any image, signed in Node by the published test key.
 * @module
 */
import { createHash, createPrivateKey, sign } from "node:crypto";
import { canonicalText } from "../../../src/device/update/offer.js";
import { readVectors } from "../../vectors.js";
import type { Release } from "./played-updater.js";

const vectors = readVectors<{ readonly publicTestKeyPkcs8DerBase64: string }>("aws/token-signature.json")!;

/** The private half of `PUBLIC_KEY`. */
export const testKey = createPrivateKey({
	key: Buffer.from(vectors.publicTestKeyPkcs8DerBase64, "base64"),
	format: "der",
	type: "pkcs8",
});

export function releaseOf(image: Uint8Array, version: number): Release {
	const sha256 = createHash("sha256").update(image).digest("hex");
	const description = { version, size: image.length, sha256 };
	const signature = sign("sha256", Buffer.from(canonicalText(description)), testKey).toString("base64");
	return { ...description, image, signature };
}
