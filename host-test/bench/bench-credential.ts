/**
 * The credential of the benches: the same in every run.
 * @module
 */
import { sign } from "node:crypto";
import type { KeyValueStore } from "../../src/device/ports.js";
import { provisionedStore } from "../provisioned-store.js";
import { benchKey } from "./bench-key.js";

/** How the device comes to its token's signature. */
export type Mode = "presigned" | "rsa";

/** What is signed: claims of a device in base64url. */
export const BENCH_TOKEN = "eyJzdWIiOiJ0aGVybW9tZXRlci0xIiwicm9sZSI6ImRldmljZSIsImV4cCI6MTg5MzQ1NjAwMH0";

const SIGNATURE = sign("sha256", Buffer.from(BENCH_TOKEN), benchKey()).toString("base64");

const TOKEN_FIELDS = { authorizerName: "DeviceTokens", tokenKeyName: "token", token: BENCH_TOKEN };

/** What the device has to make its MQTT username of. */
export const BENCH_USERNAME = { username: "", ...TOKEN_FIELDS, signature: SIGNATURE };

/** A device's store with the credential in it. */
export function credentialStore(mode: Mode): KeyValueStore {
	const proof =
		mode === "rsa"
			? { privateKey: benchKey().export({ type: "pkcs8", format: "pem" }) }
			: { signature: BENCH_USERNAME.signature };
	const credential = {
		version: 1,
		mode,
		clientId: "thermometer-1",
		endpoint: { host: "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com", port: 443 },
		...TOKEN_FIELDS,
		...proof,
	};
	return provisionedStore(credential);
}
