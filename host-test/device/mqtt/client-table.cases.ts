/**
 * The client's tables, whole: every state with every event.
 * @module
 */
import {
	type ClientEventName,
	type ClientState,
	type ExchangeEvent,
	type ExchangeState,
	exchange,
	nextPacketId,
	transition,
} from "../../../src/device/mqtt/client-table.js";
import type { Case, Cases } from "../case.js";

/** Per state and event: the next state and the action. */
const CLIENT: Readonly<Record<ClientState, Readonly<Record<ClientEventName, string>>>> = {
	idle: {
		connect: "connecting send",
		request: "idle refuse",
		disconnect: "closed none",
		connack: "idle violate",
		"connack-refused": "idle violate",
		traffic: "idle violate",
		pingresp: "idle violate",
		"server-disconnect": "idle violate",
		violation: "closed fail",
		timeout: "idle none",
	},
	connecting: {
		connect: "connecting refuse",
		request: "connecting refuse",
		disconnect: "closed none",
		connack: "connected open",
		"connack-refused": "closed report",
		traffic: "connecting violate",
		pingresp: "connecting violate",
		"server-disconnect": "closed report",
		violation: "closed fail",
		timeout: "closed connack-timed-out",
	},
	connected: {
		connect: "connected refuse",
		request: "connected send",
		disconnect: "closed send",
		connack: "connected violate",
		"connack-refused": "connected violate",
		traffic: "connected deliver",
		pingresp: "connected none",
		"server-disconnect": "closed report",
		violation: "closed fail-and-tell",
		timeout: "pinging send",
	},
	pinging: {
		connect: "pinging refuse",
		request: "pinging send",
		disconnect: "closed send",
		connack: "pinging violate",
		"connack-refused": "pinging violate",
		traffic: "pinging deliver",
		pingresp: "connected none",
		"server-disconnect": "closed report",
		violation: "closed fail-and-tell",
		timeout: "closed keep-alive-timed-out",
	},
	closed: {
		connect: "closed refuse",
		request: "closed refuse",
		disconnect: "closed none",
		connack: "closed violate",
		"connack-refused": "closed violate",
		traffic: "closed violate",
		pingresp: "closed violate",
		"server-disconnect": "closed violate",
		violation: "closed none",
		timeout: "closed none",
	},
};

/** Per state of a packet id and event: the next state, or the violation. */
const EXCHANGES: Readonly<Record<ExchangeState, Readonly<Record<ExchangeEvent, string>>>> = {
	free: {
		"publish-out": "puback-in",
		"subscribe-out": "suback-in",
		"unsubscribe-out": "unsuback-in",
		"publish-in": "puback-out",
		"puback-in": "packet-id-unknown",
		"suback-in": "packet-id-unknown",
		"unsuback-in": "packet-id-unknown",
		"puback-out": "packet-id-unknown",
	},
	"puback-in": {
		"publish-out": "packet-id-in-use",
		"subscribe-out": "packet-id-in-use",
		"unsubscribe-out": "packet-id-in-use",
		"publish-in": "packet-id-in-use",
		"puback-in": "free",
		"suback-in": "packet-id-in-use",
		"unsuback-in": "packet-id-in-use",
		"puback-out": "packet-id-in-use",
	},
	"suback-in": {
		"publish-out": "packet-id-in-use",
		"subscribe-out": "packet-id-in-use",
		"unsubscribe-out": "packet-id-in-use",
		"publish-in": "packet-id-in-use",
		"puback-in": "packet-id-in-use",
		"suback-in": "free",
		"unsuback-in": "packet-id-in-use",
		"puback-out": "packet-id-in-use",
	},
	"unsuback-in": {
		"publish-out": "packet-id-in-use",
		"subscribe-out": "packet-id-in-use",
		"unsubscribe-out": "packet-id-in-use",
		"publish-in": "packet-id-in-use",
		"puback-in": "packet-id-in-use",
		"suback-in": "packet-id-in-use",
		"unsuback-in": "free",
		"puback-out": "packet-id-in-use",
	},
	"puback-out": {
		"publish-out": "packet-id-in-use",
		"subscribe-out": "packet-id-in-use",
		"unsubscribe-out": "packet-id-in-use",
		"publish-in": "packet-id-in-use",
		"puback-in": "packet-id-in-use",
		"suback-in": "packet-id-in-use",
		"unsuback-in": "packet-id-in-use",
		"puback-out": "free",
	},
};

function eachClientState(): Cases {
	const cases: Record<string, Case> = {};
	for (const state of Object.keys(CLIENT) as ClientState[]) {
		cases[`${state}: what each event does`] = (check) => {
			for (const event of Object.keys(CLIENT[state]) as ClientEventName[]) {
				const { next, action } = transition(state, event);
				check.is(`${next} ${action}`, CLIENT[state][event], event);
			}
		};
	}
	return cases;
}

function eachExchangeState(): Cases {
	const cases: Record<string, Case> = {};
	for (const state of Object.keys(EXCHANGES) as ExchangeState[]) {
		cases[`a packet id, ${state}: what each packet does`] = (check) => {
			for (const event of Object.keys(EXCHANGES[state]) as ExchangeEvent[]) {
				check.is<string>(exchange(state, event), EXCHANGES[state][event], event);
			}
		};
	}
	return cases;
}

export const cases: Cases = {
	...eachClientState(),
	...eachExchangeState(),
	"packet ids begin with 1": (check) => check.is(nextPacketId(0, new Set()), 1),
	"after packet id 65535 comes 1": (check) => check.is(nextPacketId(65535, new Set()), 1),
	"packet ids in use are skipped": (check) => check.is(nextPacketId(65533, new Set([65534, 65535, 1, 3])), 2),
};
