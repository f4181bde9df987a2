/**
 * What happens on the way of a token, said in lines a person enjoys reading: who did what, what was seen, how long it took.
 * @module
 */
import type { DeviceError } from "../device/device-error.js";
import { type GatewayEvent, policyDenied } from "../gateway/index.js";
import type { DeviceEvent } from "../host/virtual-device.js";
import { printable } from "../policy/index.js";
import type { Paint } from "./output.js";

/** One step; `duration` in milliseconds. */
export interface Line {
	/** The step by name. */
	readonly what: string;
	/** What was seen, secrets redacted. */
	readonly seen: string;
	readonly duration?: number;
	/** A refusal or a failure; its remedy follows on a line of its own. */
	readonly trouble?: boolean;
	readonly remedy?: string;
}

type Told<Event extends { readonly event: string }> = {
	readonly [Name in Event["event"]]: (event: Extract<Event, { readonly event: Name }>) => Line | undefined;
};

/** The line of a gateway's event; `undefined` for those that say nothing new to a person. */
export function tellGatewayEvent(event: GatewayEvent): Line | undefined {
	return (GATEWAY[event.event] as (event: GatewayEvent) => Line | undefined)(event);
}

/** The line of a device's event. */
export function tellDeviceEvent(event: DeviceEvent): Line | undefined {
	return (DEVICE[event.event] as (event: DeviceEvent) => Line | undefined)(event);
}

/** Columns of a line, in characters. */
const WHO = 14;
const WHAT = 22;
const SEEN = 64;
/** Characters of what was seen, at most. */
const LONGEST = 1000;
/** Blanks before what was seen. */
const INDENT = " ".repeat(2 + WHO + 3 + WHAT + 1);

/**
 * The line as text; what does not fit goes on below, the remedy after it. Client ids, topics and reasons are others' words:
 * what could act on a terminal is shown by its number.
 */
export function renderLine(paint: Paint, who: string, line: Line): string {
	const { what, seen, duration, trouble = false, remedy } = line;
	const mark = trouble ? paint.red("✗") : paint.green("✓");
	const time = duration === undefined ? "" : paint.dim(formatDuration(duration).padStart(8));
	const [first = "", ...more] = wrap(printable(seen, LONGEST));
	const head = `  ${paint.cyan(printable(who).padEnd(WHO))} ${mark} ${paint.bold(what.padEnd(WHAT))} ${first.padEnd(SEEN)} ${time}`;
	const below = more.map((text) => INDENT + text);
	if (remedy !== undefined) {
		const [start = "", ...rest] = wrap(printable(remedy, LONGEST));
		below.push(
			`  ${" ".repeat(WHO)}   ${paint.bold("remedy".padEnd(WHAT))} ${start}`,
			...rest.map((text) => INDENT + text),
		);
	}
	return [head.trimEnd(), ...below].join("\n");
}

/** `text` in lines of {@link SEEN} characters, broken at blanks; a word that is longer has a line of its own. */
function wrap(text: string): string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines[lines.length - 1];
		if (last !== undefined && last.length + 1 + word.length <= SEEN) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

/** Milliseconds in the unit that suits them. */
export function formatDuration(milliseconds: number): string {
	if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
	return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** Why a message is kept no longer. */
const DROPPED: Readonly<Record<Extract<DeviceEvent, { readonly event: "dropped" }>["cause"], string>> = {
	full: "the outbox was full, and a newer one came",
	denied: "the gateway ends the connection whenever it is published",
	unsendable: "it cannot be sent",
	damaged: "it was no longer whole in the store",
};

function troubleOf(what: string, { message, remedy }: DeviceError): Line {
	return { what, seen: message, trouble: true, remedy };
}

const DEVICE: Told<DeviceEvent> = {
	"outbox-opened": ({ messages, damaged }) => ({
		what: "outbox",
		seen: `${messages} messages wait${damaged === 0 ? "" : `, ${damaged} were damaged`}`,
		...(damaged === 0 ? {} : { trouble: true }),
	}),
	"credential-read": ({ credential: { mode, clientId, tokenKeyName }, onTrial }) => ({
		what: onTrial ? "credential on trial" : "credential read",
		seen: `mode ${mode}, client id ${clientId}${tokenKeyName === undefined ? "" : `, token key name ${tokenKeyName}`}`,
	}),
	joining: () => ({ what: "joining", seen: "the network" }),
	"network-up": ({ address }) => ({ what: "network", seen: `address ${address}` }),
	"clock-set": ({ wallTime, jump }) => ({
		what: "clock set",
		seen: `${new Date(wallTime).toISOString()}${jump === undefined ? "" : `, it was ${formatDuration(Math.abs(jump))} ${jump > 0 ? "behind" : "ahead"}`}`,
	}),
	"token-signed": ({ algorithm, duration }) => ({
		what: algorithm === "Ed25519" ? "claim signed" : "token signed",
		seen: algorithm,
		duration,
	}),
	connecting: ({ usernameBytes, attempt }) => ({
		what: "connecting",
		seen: `username of ${usernameBytes} bytes${attempt === 0 ? "" : `, retry ${attempt}`}`,
	}),
	secured: ({ duration, tls, tlsVersion, cipherSuite, alpn }) => ({
		what: "gateway verified",
		seen:
			tls === undefined ? "chain, server name and ALPN mqtt" : `by ${tls}, ${tlsVersion}, ALPN ${alpn}, ${cipherSuite}`,
		duration,
	}),
	online: ({ duration }) => ({ what: "online", seen: "CONNACK 0x00 success", duration }),
	subscribed: ({ filters, codes, reason }) => ({
		what: "subscribed",
		seen: codes
			.map((code, at) => `${filters[at]} ${code < 0x80 ? `at QoS ${code}` : `refused 0x${code.toString(16)}`}`)
			.join(", "),
		...(codes.some((code) => code >= 0x80) ? { trouble: true } : {}),
		...(reason === undefined ? {} : { remedy: reason }),
	}),
	message: ({ packet }) => ({ what: "message received", seen: `${packet.topic} ${readable(packet.payload)}` }),
	acknowledged: ({ id, code, reason }) => ({
		what: "PUBACK received",
		seen: code < 0x80 ? `message ${id}` : `message ${id} refused 0x${code.toString(16)}`,
		...(code < 0x80 ? {} : { trouble: true }),
		...(reason === undefined ? {} : { remedy: reason }),
	}),
	dropped: ({ id, topic, cause, error }) => ({
		what: "message dropped",
		seen: `message ${id}${topic === undefined ? "" : ` to ${topic}`}: ${DROPPED[cause]}`,
		trouble: true,
		...(error === undefined ? {} : { remedy: error.remedy }),
	}),
	suspected: ({ id, topic, denials }) => ({
		what: "message denied",
		seen: `message ${id}${topic === undefined ? "" : ` to ${topic}`} ended ${denials} connection${denials === 1 ? "" : "s"}`,
		trouble: true,
		remedy: "let the authorizer's function return a policy that allows this topic",
	}),
	"store-failed": ({ error }) => troubleOf("store failed", error),
	refreshing: ({ cause }) => ({
		what: "connecting anew",
		seen: cause === "time-to-live" ? "ahead of disconnectAfterInSeconds" : "with the new credential",
	}),
	"credential-proposed": () => ({ what: "new credential", seen: "stored; it will be tried" }),
	"credential-unusable": ({ error }) => troubleOf("new credential", error),
	"credential-proven": () => ({ what: "credential proven", seen: "it has connected and is kept" }),
	"update-offered": ({ version, size }) => ({ what: "update offered", seen: `version ${version}, ${size} bytes` }),
	// One a chunk would be too many lines.
	"update-progress": () => undefined,
	"update-refused": ({ version, error }) =>
		troubleOf(`update${version === undefined ? "" : ` ${version}`} refused`, error),
	"update-ready": ({ version }) => ({ what: "update complete", seen: `version ${version} boots at the next restart` }),
	"update-failed": ({ version, error }) => troubleOf(`update ${version} failed`, error),
	"update-confirmed": ({ version }) => ({ what: "update confirmed", seen: `version ${version} has come online` }),
	"update-rolled-back": ({ version }) => ({
		what: "update taken back",
		seen: `version ${version} did not come online in time`,
		trouble: true,
	}),
	"update-rollback-failed": ({ version, error }) => troubleOf(`update ${version} stays`, error),
	"updates-unavailable": () => ({
		what: "no updates",
		seen: "the application takes updates, but this device has no place for another image",
		trouble: true,
		remedy: "build the firmware of a board with --ota; a virtual device of this command has none",
	}),
	"application-fault": ({ where, cause }) => ({ what: "application fault", seen: `${where}: ${cause}`, trouble: true }),
	over: ({ outcome: { kind, cause, detail, reason, remedy }, retryIn }) => ({
		what: kind,
		seen: `${detail === undefined ? "" : `${detail}: `}${cause}${reason === undefined ? "" : ` (${reason})`}; next attempt in ${formatDuration(retryIn)}`,
		trouble: true,
		remedy,
	}),
	failed: ({ error }) => troubleOf(error.code, error),
};

const GATEWAY: Told<GatewayEvent> = {
	"tls-accepted": ({ serverName, alpn, tlsVersion, duration }) => ({
		what: "TLS accepted",
		seen: `${tlsVersion}, server name ${serverName}, ALPN ${alpn}`,
		duration,
	}),
	"connect-received": ({ version, clientId, bytes, username, warnings }) => ({
		what: "CONNECT received",
		seen: `MQTT ${version}, client id ${clientId}, ${bytes} bytes, ${username === undefined ? "no username" : `username ${breakable(username)}`}`,
		...(warnings.length === 0 ? {} : { trouble: true, remedy: warnings.join("; ") }),
	}),
	"authorizer-selected": ({ authorizer, chosenBy }) => ({
		what: "authorizer selected",
		seen: `${authorizer}, by ${CHOSEN_BY[chosenBy] ?? chosenBy}`,
	}),
	"signing-disabled": () => ({ what: "signing disabled", seen: "the function alone decides" }),
	"signature-verified": ({ keyName, duration }) => ({
		what: "signature verified",
		seen: `by key ${keyName}`,
		duration,
	}),
	"function-invoked": ({ functionArn, duration }) => ({
		what: "function invoked",
		seen: functionArn.split(":").pop() ?? "",
		duration,
	}),
	"answer-accepted": ({ principalId, policies, refreshAfterInSeconds, disconnectAfterInSeconds }) => ({
		what: "answer accepted",
		seen: `principal ${principalId}, ${count(policies, "policy", "policies")}, refresh ${refreshAfterInSeconds} s, disconnect ${disconnectAfterInSeconds} s`,
	}),
	"session-opened": ({ duration }) => ({ what: "session opened", seen: "iot:Connect allowed", duration }),
	subscribed: ({ subscriptions }) => ({
		what: "subscribed",
		seen: subscriptions.map(({ filter, qos }) => `${filter} at QoS ${qos}`).join(", "),
	}),
	unsubscribed: ({ filters }) => ({ what: "unsubscribed", seen: filters.join(", ") }),
	published: ({ publisher, topic, qos, retain, bytes, recipients }) => ({
		what: publisher === "api" ? "published" : "publish allowed",
		seen: `${topic}, QoS ${qos}${retain ? ", retained" : ""}, ${bytes} bytes, to ${count(recipients, "session", "sessions")}`,
	}),
	delivered: ({ topic, publisher = "the API" }) => ({ what: "delivered", seen: `${topic} from ${publisher}` }),
	dropped: ({ topic, reason }) => ({ what: "dropped", seen: `${topic}: ${reason}`, trouble: true }),
	"policy-denied": ({ action, explanation }) => ({
		what: `${action} denied`,
		seen: explanation,
		trouble: true,
		remedy: policyDenied(action, explanation).remedy,
	}),
	"policies-refreshed": ({ policies, refreshAfterInSeconds }) => ({
		what: "policies refreshed",
		seen: `${count(policies, "policy", "policies")}, again in ${refreshAfterInSeconds} s`,
	}),
	refused: ({ refusal: { code, cause, remedy } }) => ({ what: code, seen: cause, trouble: true, remedy }),
	closed: ({ disconnectReason }) => ({ what: "closed", seen: disconnectReason }),
};

const CHOSEN_BY: Readonly<Record<string, string>> = {
	name: "its name",
	"domain-configuration": "default of the domain configuration",
	"account-default": "default of the account",
};

/** A redacted username that breaks between its parameters and nowhere else. */
function breakable(username: string): string {
	return username.replaceAll(" ", "\u00a0").replaceAll("&", " &");
}

function count(number: number, one: string, many: string): string {
	return `${number} ${number === 1 ? one : many}`;
}

/** Characters of a payload that are shown. */
const SHOWN = 60;

/** A payload as a person reads it: short text as it is, everything else by its size. */
function readable(payload: Uint8Array): string {
	const text = new TextDecoder().decode(payload.subarray(0, SHOWN));
	const plain = payload.length <= SHOWN && /^[\x20-\x7e]*$/.test(text);
	return plain ? text : `(${payload.length} bytes)`;
}
