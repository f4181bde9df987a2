/**
 * The states of the MQTT client and what each event does in each of them, as data: nothing here sends, waits or throws.
 *
 * Model: the state machine of FreeRTOS coreMQTT.
 *
 *     idle --connect--> connecting --CONNACK 0--> connected --nothing heard--> pinging
 *                                                     ^---------PINGRESP---------'
 *     any of these --refusal, DISCONNECT, violation, silence--> closed, for good
 * @module
 */

/** `pinging` is `connected` with a PINGREQ unanswered. */
export type ClientState = "idle" | "connecting" | "connected" | "pinging" | "closed";

/** The application's calls. A request is a PUBLISH, SUBSCRIBE or UNSUBSCRIBE. */
type Call = "connect" | "request" | "disconnect";

/** Packets of the server. `traffic` is PUBLISH, PUBACK, SUBACK, UNSUBACK. */
type Arrival = "connack" | "connack-refused" | "traffic" | "pingresp" | "server-disconnect";

export type ClientEventName =
	| Call
	| Arrival
	/** The server broke the protocol, by a packet's bytes or by its order. */
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
	/** The application must not do this now. */
	| "refuse"
	/** The server must not send this now: the event `violation` follows. */
	| "violate"
	/** Tell the application of the violation; on MQTT 5 tell the server first (section 4.13.1). */
	| "fail-and-tell"
	/** The same without a word to the server: nothing is sent before CONNACK (AWS IoT Core). */
	| "fail"
	/** Failures, by the code the application gets. */
	| "connack-timed-out"
	| "keep-alive-timed-out";

/** The next state and the action; as one text, for text is what takes the least flash. */
type Transition = `${ClientState} ${ClientAction}`;

/** What is not here leaves the state as it is, with the action of {@link OTHERWISE}. */
const TRANSITIONS: Readonly<Record<ClientState, Readonly<Partial<Record<ClientEventName, Transition>>>>> = {
	idle: {
		connect: "connecting send",
		disconnect: "closed none",
		violation: "closed fail",
	},
	connecting: {
		disconnect: "closed none",
		connack: "connected open",
		"connack-refused": "closed report",
		// Too early [MQTT-3.14.0-1], but the reason it gives is worth more than the fault.
		"server-disconnect": "closed report",
		violation: "closed fail",
		timeout: "closed connack-timed-out",
	},
	connected: {
		request: "connected send",
		disconnect: "closed send",
		traffic: "connected deliver",
		// Unasked for, and harmless.
		pingresp: "connected none",
		"server-disconnect": "closed report",
		violation: "closed fail-and-tell",
		timeout: "pinging send",
	},
	pinging: {
		request: "pinging send",
		disconnect: "closed send",
		traffic: "pinging deliver",
		pingresp: "connected none",
		"server-disconnect": "closed report",
		violation: "closed fail-and-tell",
		timeout: "closed keep-alive-timed-out",
	},
	closed: {
		disconnect: "closed none",
	},
};

const OTHERWISE: Readonly<Record<ClientEventName, ClientAction>> = {
	connect: "refuse",
	request: "refuse",
	disconnect: "refuse",
	connack: "violate",
	"connack-refused": "violate",
	traffic: "violate",
	pingresp: "violate",
	"server-disconnect": "violate",
	violation: "none",
	timeout: "none",
};

/** What `event` does in `state`: the state after it, and what is to be done. */
export function transition(state: ClientState, event: ClientEventName): { next: ClientState; action: ClientAction } {
	const found = TRANSITIONS[state][event];
	if (found === undefined) return { next: state, action: OTHERWISE[event] };
	const words = found.split(" ");
	return { next: words[0] as ClientState, action: words[1] as ClientAction };
}

/** Packets that use a packet id: `-out` sent by this client, `-in` received. */
export type ExchangeEvent =
	| "publish-out"
	| "subscribe-out"
	| "unsubscribe-out"
	| "publish-in"
	| "puback-in"
	| "suback-in"
	| "unsuback-in"
	| "puback-out";

/** A packet id is free, or waits for the one event that frees it. Each side has ids of its own (section 2.2.1). */
export type ExchangeState = "free" | "puback-in" | "suback-in" | "unsuback-in" | "puback-out";

/** Why a packet does not fit what its id waits for. */
type ExchangeViolation = "packet-id-unknown" | "packet-id-in-use";

/** What begins an exchange, and what ends it. */
const EXCHANGES: Readonly<Partial<Record<ExchangeEvent, ExchangeState>>> = {
	"publish-out": "puback-in",
	"subscribe-out": "suback-in",
	"unsubscribe-out": "unsuback-in",
	"publish-in": "puback-out",
};

/** The state of a packet id after `event`, or why the event must not happen to it. */
export function exchange(state: ExchangeState, event: ExchangeEvent): ExchangeState | ExchangeViolation {
	if (state === event) return "free";
	return state === "free" ? (EXCHANGES[event] ?? "packet-id-unknown") : "packet-id-in-use";
}

/** The packet id after `previous` that is not busy: 1..65535, round and round. At most 65534 may be busy. */
export function nextPacketId(previous: number, busy: { has(packetId: number): boolean }): number {
	let packetId = previous;
	do packetId = packetId === 0xffff ? 1 : packetId + 1;
	while (busy.has(packetId));
	return packetId;
}
