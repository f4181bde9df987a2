/**
 * The states of the MQTT client and what each event does in each of them, as data: nothing here sends, waits or throws.
 *
 * Model: the state machine of FreeRTOS coreMQTT.
 *
 *     idle --connect--> connecting --CONNACK 0--> connected <--PINGRESP-- pinging
 *                                                     `----nothing heard------^
 *     any --refusal, DISCONNECT, violation, time-out--> closed (for good)
 * @module
 */

/** `pinging` is `connected` with a PINGREQ unanswered. */
export type ClientState = "idle" | "connecting" | "connected" | "pinging" | "closed";

export type ClientEventName =
	/** The application's calls; a request is a PUBLISH, SUBSCRIBE or UNSUBSCRIBE. */
	| "connect"
	| "request"
	| "disconnect"
	/** Packets of the server. `traffic` is PUBLISH, PUBACK, SUBACK, UNSUBACK. */
	| "connack"
	| "connack-refused"
	| "traffic"
	| "pingresp"
	| "server-disconnect"
	/** The server broke the protocol, in a packet's bytes or by its order. */
	| "violation"
	/** The deadline of the state passed. */
	| "timeout";

export type ClientAction =
	| "none"
	/** Hand the packet to the transport; after a time-out that is a PINGREQ. */
	| "send"
	/** Take what CONNACK grants and tell the application. */
	| "open"
	/** Tell the application what the server's packet says. */
	| "report"
	| "deliver"
	/** The server must not send this now: the event `violation` follows. */
	| "violate"
	/** Tell the application of the violation; on MQTT 5 tell the server first (section 4.13.1). */
	| "fail-and-tell"
	/** The same without a word to the server: nothing is sent before CONNACK (AWS IoT Core). */
	| "fail"
	/** Errors, by the code the application gets. */
	| "connack-timed-out"
	| "keep-alive-timed-out"
	| "not-connected"
	| "already-used";

export type Transition = readonly [next: ClientState, action: ClientAction];

const TRANSITIONS: Readonly<Record<ClientState, Readonly<Record<ClientEventName, Transition>>>> = {
	idle: {
		connect: ["connecting", "send"],
		request: ["idle", "not-connected"],
		disconnect: ["closed", "none"],
		connack: ["idle", "violate"],
		"connack-refused": ["idle", "violate"],
		traffic: ["idle", "violate"],
		pingresp: ["idle", "violate"],
		"server-disconnect": ["idle", "violate"],
		violation: ["closed", "fail"],
		timeout: ["idle", "none"],
	},
	connecting: {
		connect: ["connecting", "already-used"],
		request: ["connecting", "not-connected"],
		disconnect: ["closed", "none"],
		connack: ["connected", "open"],
		"connack-refused": ["closed", "report"],
		traffic: ["connecting", "violate"],
		pingresp: ["connecting", "violate"],
		// Too early [MQTT-3.14.0-1], but the reason it gives is worth more than the fault.
		"server-disconnect": ["closed", "report"],
		violation: ["closed", "fail"],
		timeout: ["closed", "connack-timed-out"],
	},
	connected: {
		connect: ["connected", "already-used"],
		request: ["connected", "send"],
		disconnect: ["closed", "send"],
		connack: ["connected", "violate"],
		"connack-refused": ["connected", "violate"],
		traffic: ["connected", "deliver"],
		// Unasked for, and harmless.
		pingresp: ["connected", "none"],
		"server-disconnect": ["closed", "report"],
		violation: ["closed", "fail-and-tell"],
		timeout: ["pinging", "send"],
	},
	pinging: {
		connect: ["pinging", "already-used"],
		request: ["pinging", "send"],
		disconnect: ["closed", "send"],
		connack: ["pinging", "violate"],
		"connack-refused": ["pinging", "violate"],
		traffic: ["pinging", "deliver"],
		pingresp: ["connected", "none"],
		"server-disconnect": ["closed", "report"],
		violation: ["closed", "fail-and-tell"],
		timeout: ["closed", "keep-alive-timed-out"],
	},
	closed: {
		connect: ["closed", "already-used"],
		request: ["closed", "not-connected"],
		disconnect: ["closed", "none"],
		connack: ["closed", "none"],
		"connack-refused": ["closed", "none"],
		traffic: ["closed", "none"],
		pingresp: ["closed", "none"],
		"server-disconnect": ["closed", "none"],
		violation: ["closed", "none"],
		timeout: ["closed", "none"],
	},
};

/** What `event` does in `state`: the state after it, and what is to be done. */
export function transition(state: ClientState, event: ClientEventName): Transition {
	return TRANSITIONS[state][event];
}

/**
 * What a packet id is busy with: our packet that waits for its answer, or the server's PUBLISH that waits for our PUBACK.
 * Each side has its own ids (section 2.2.1).
 */
export type ExchangeState = "free" | "publish-sent" | "subscribe-sent" | "unsubscribe-sent" | "publish-received";

/** Packets that carry a packet id: sent by us, then received. */
export type ExchangeEvent =
	| "send-publish"
	| "send-subscribe"
	| "send-unsubscribe"
	| "send-puback"
	| "publish"
	| "puback"
	| "suback"
	| "unsuback";

/** Why a packet does not fit what its id is busy with. */
export type ExchangeViolation = "packet-id-unknown" | "packet-id-in-use";

/** Each event's state before and after; before every other state it is a violation. */
const EXCHANGES: Readonly<Record<ExchangeEvent, readonly [from: ExchangeState, to: ExchangeState]>> = {
	"send-publish": ["free", "publish-sent"],
	"send-subscribe": ["free", "subscribe-sent"],
	"send-unsubscribe": ["free", "unsubscribe-sent"],
	"send-puback": ["publish-received", "free"],
	publish: ["free", "publish-received"],
	puback: ["publish-sent", "free"],
	suback: ["subscribe-sent", "free"],
	unsuback: ["unsubscribe-sent", "free"],
};

/** The state of a packet id after `event`, or why the event must not happen to it. */
export function exchange(state: ExchangeState, event: ExchangeEvent): ExchangeState | ExchangeViolation {
	const [from, to] = EXCHANGES[event];
	if (state === from) return to;
	return state === "free" ? "packet-id-unknown" : "packet-id-in-use";
}

/** The packet id after `previous` that is not busy: 1..65535, round and round. At most 65534 may be busy. */
export function nextPacketId(previous: number, busy: { has(packetId: number): boolean }): number {
	let packetId = previous;
	do packetId = packetId === 0xffff ? 1 : packetId + 1;
	while (busy.has(packetId));
	return packetId;
}
