/**
 * The folder that stands for a simulated device's flash: what provisioning writes into a chip's NVS, as files.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseCredential, provisionStore } from "../device/credential/index.js";
import type { KeyValueStore } from "../device/ports.js";
import { DEVICE_DOMAIN, ROOT_KEY, WIFI_DOMAIN } from "../firmware/key-value.js";
import { ACCESS_POINT_FILE } from "../firmware/lin/process-ends.js";
import { FileStore } from "../host/file-store.js";
import { nodeDigest } from "../host/ports.js";
import { ToolchainFailure, wrongOption } from "./toolchain-failure.js";

export interface StoreContents {
	/** JSON, as `latchkey device` takes it; without it the device keeps what it has. */
	readonly credentialFile?: string | undefined;
	/** `host:port` in place of the credential's. */
	readonly endpoint?: string | undefined;
	/** Root of the gateway, PEM or DER. */
	readonly rootFile?: string | undefined;
	/** Name of the Wi-Fi network. */
	readonly ssid: string;
	/** What its access point does. */
	readonly accessPoint: string;
}

/** @throws {ToolchainFailure} `wrong-option`, `unreadable`; or a DeviceError for a credential that the device would refuse. */
export function fillStore(folder: string, contents: StoreContents): void {
	const { credentialFile, endpoint, rootFile, ssid, accessPoint } = contents;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const device = new FileStore(join(folder, DEVICE_DOMAIN));
	if (credentialFile !== undefined) provision(device, readText(credentialFile), endpoint);
	if (rootFile !== undefined) writeBytes(device, ROOT_KEY, derOf(rootFile));
	writeBytes(new FileStore(join(folder, WIFI_DOMAIN)), "ssid", new TextEncoder().encode(ssid));
	writeFileSync(join(folder, ACCESS_POINT_FILE), accessPoint);
}

function provision(store: KeyValueStore, text: string, endpoint: string | undefined): void {
	// What is wrong with it is told before the endpoint is put into it.
	parseCredential(text, nodeDigest);
	provisionStore(store, endpoint === undefined ? text : withEndpoint(text, endpoint), nodeDigest);
}

function withEndpoint(text: string, endpoint: string): string {
	const [, host, port] = /^([A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(endpoint) ?? [];
	if (host === undefined) throw wrongOption("--endpoint", "host:port", endpoint);
	const credential = JSON.parse(text) as { endpoint: object };
	return JSON.stringify({ ...credential, endpoint: { ...credential.endpoint, host, port: Number(port) } });
}

function derOf(file: string): Uint8Array {
	try {
		return new X509Certificate(readBytes(file)).raw;
	} catch (error) {
		if (error instanceof ToolchainFailure) throw error;
		throw new ToolchainFailure({
			code: "unreadable",
			cause: `${file} holds no certificate`,
			remedy: "give the gateway's root, PEM or DER: latchkey up says where it is",
		});
	}
}

function writeBytes(store: KeyValueStore, key: string, bytes: Uint8Array): void {
	store.write(key, Uint8Array.from(bytes).buffer);
}

function readText(file: string): string {
	return readBytes(file).toString("utf8");
}

function readBytes(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw new ToolchainFailure({ code: "unreadable", cause: `${file} cannot be read (${code})` });
	}
}
