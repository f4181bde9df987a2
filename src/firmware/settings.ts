/**
 * What was chosen when the firmware was built: the manifest's `config`, and `name=value` on mcconfig's command line.
 * @module
 */
import { SNTP_PORT } from "./sntp-packet.js";
import type { TimeServer } from "./sntp-source.js";

export interface FirmwareSettings {
	/** A counter, 0..4294967295; 0 where nobody numbers the images. */
	readonly firmwareVersion: number;
	/** When the firmware was built, or earlier, milliseconds since 1970: the clock cannot be right before. */
	readonly notBefore: number;
	readonly timeServers: readonly TimeServer[];
	/** The pin of the status light; `undefined` where there is none. */
	readonly lightPin: number | undefined;
	/** It is lit when the pin is low. */
	readonly lightIsActiveLow: boolean;
}

/** For a build that does not say when it is made: these sources are of a later day. */
const SOURCES = Date.UTC(2026, 10, 1);

/** Public servers of time that say what they are for; a product asks pool.ntp.org for a zone of its own, or runs one. */
const TIME_SERVERS: readonly TimeServer[] = [
	{ host: "time.aws.com", port: SNTP_PORT },
	{ host: "time.cloudflare.com", port: SNTP_PORT },
	{ host: "pool.ntp.org", port: SNTP_PORT },
];

/**
 * @param config `firmwareVersion`, `built` (milliseconds), `timeServers` (names, `host:port`; in one text with commas),
 * `lightPin`, `lightActiveLow`. Values of the command line come as text. What is absent or makes no sense is as if
 * nobody had said it: a device that does not start because of its build would be worse.
 */
export function firmwareSettings(config: Readonly<Record<string, unknown>>): FirmwareSettings {
	const servers = serversOf(config["timeServers"]);
	return {
		firmwareVersion: integerOf(config["firmwareVersion"], 0xffffffff) ?? 0,
		notBefore: Math.max(SOURCES, integerOf(config["built"], Number.MAX_SAFE_INTEGER) ?? 0),
		timeServers: servers.length > 0 ? servers : TIME_SERVERS,
		lightPin: integerOf(config["lightPin"], 255),
		lightIsActiveLow: isTrue(config["lightActiveLow"]),
	};
}

/** A number or its decimal digits, 0..`most`. */
function integerOf(value: unknown, most: number): number | undefined {
	const number = typeof value === "string" && /^[0-9]{1,16}$/.test(value) ? Number(value) : value;
	return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= most ? number : undefined;
}

function isTrue(value: unknown): boolean {
	return value === true || value === "true" || value === "1" || value === 1;
}

function serversOf(value: unknown): TimeServer[] {
	const names: unknown[] = typeof value === "string" ? value.split(",") : Array.isArray(value) ? value : [];
	const servers: TimeServer[] = [];
	for (const name of names) {
		const server = typeof name === "string" ? serverOf(name.trim()) : undefined;
		if (server !== undefined) servers.push(server);
	}
	return servers;
}

/** A name or IPv4 address, with or without a port; `undefined` for what is none. */
export function serverOf(text: string): TimeServer | undefined {
	const parts = /^([A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?$/.exec(text);
	if (parts === null) return undefined;
	const port = parts[2] === undefined ? SNTP_PORT : Number(parts[2]);
	return port >= 1 && port <= 65535 ? { host: parts[1]!, port } : undefined;
}
