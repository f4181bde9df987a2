/**
 * Names to addresses by the platform's own resolver, within a bound.
 * @module
 */
import type { Clock } from "../device/ports.js";
import { guarded, type OnFault } from "./faults.js";
import type { Resolve } from "./tcp-socket.js";

/** The SDK's `System.resolve`: asks the name servers that DHCP told, and calls back once, some time. */
export type LookUp = (host: string, answer: (host: string, address?: string) => void) => void;

/** Milliseconds; lwIP asks four times at most and may have another question before this one. */
const TIMEOUT = 20_000;

/** A {@link Resolve} whose answer comes once: none, where the platform takes longer than that, and a late one is dropped. */
export function boundedResolve(lookUp: LookUp, clock: Clock, onFault: OnFault): Resolve {
	return (host, answer) => {
		let answered = false;
		const finish = guarded("resolver", onFault, (address: string | undefined) => {
			if (answered) return;
			answered = true;
			clock.clearTimer(timer);
			answer(address);
		});
		const timer = clock.setTimer(() => finish(undefined), TIMEOUT);
		try {
			lookUp(host, (_host, address) => finish(address));
		} catch (error) {
			answered = true;
			clock.clearTimer(timer);
			throw error;
		}
	};
}
