/**
 * A lamp: does what is desired of it and reports what it does, as a shadow of AWS IoT does it, with two topics of its own.
 *
 * `devices/<client id>/desired` says what it should be, `{"power": "on", "level": 40}`, any member or both; publish it
 * retained, so that a lamp that was off learns of it. `devices/<client id>/reported` says what it is, after every change and
 * whenever it comes online: `{"power": "on", "level": 40}`, and `"refused": ["level"]` for what it could not do.
 *
 * Run it without a board: `latchkey device --app examples/actuator.ts --credential credential.json --ca .latchkey/tls/ca.pem`.
 * @module
 */
import type { Application, Device, Json } from "../src/device/application/index.js";

export interface LampState {
	readonly power: "on" | "off";
	/** Percent, 0..100. */
	readonly level: number;
}

const AT_FIRST: LampState = { power: "off", level: 100 };

/** What each member may be. */
const RULES: Readonly<Record<keyof LampState, (value: unknown) => boolean>> = {
	power: (value) => value === "on" || value === "off",
	level: (value) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100,
};

/** @param drive sets the lamp. On a board: an output of the SDK's `embedded:io/pwm`. */
export function lamp(drive: (state: LampState) => void): Application {
	let state = AT_FIRST;

	function report(device: Device, refused: readonly string[] = []): void {
		device.publish(`devices/${device.clientId}/reported`, {
			...state,
			...(refused.length === 0 ? {} : { refused }),
		});
	}

	return {
		subscriptions: ({ clientId }) => [`devices/${clientId}/desired`],
		start(device) {
			state = { ...AT_FIRST, ...accepted(device.recall("lamp")).taken };
			drive(state);
		},
		changed(status, device) {
			if (status.state === "online") report(device);
		},
		message(message, device) {
			const { taken, refused } = accepted(message.json());
			const next = { ...state, ...taken };
			if (next.power !== state.power || next.level !== state.level) {
				state = next;
				drive(state);
				device.remember("lamp", { ...state });
			}
			report(device, refused);
		},
	};
}

/** The members of `value` that a lamp can take, and the names of those that it cannot. */
function accepted(value: Json | undefined): { taken: Partial<LampState>; refused: string[] } {
	const taken: Record<string, Json> = {};
	const refused: string[] = [];
	for (const [name, member] of Object.entries(typeof value === "object" && value !== null ? value : {})) {
		if (Object.hasOwn(RULES, name) && RULES[name as keyof LampState](member)) taken[name] = member;
		else refused.push(name);
	}
	return { taken, refused };
}

export default lamp(() => {
	// Without a board there is nothing to drive.
});
