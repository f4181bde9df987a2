/**
 * One fault after another, at every byte of one direction of a connection: TLS handshake, CONNECT, CONNACK, SUBSCRIBE,
 * PUBLISH and their answers.
 * @module
 */
import type { ExecutionContext } from "ava";
import type { XsEngine } from "../xs/index.js";
import type { Direction, FaultKind } from "./faulty-network.js";
import { Field } from "./field.js";

/** Bytes that a connection has at least: less, and the test would not test what it says. */
const LEAST = { down: 800, up: 500 };
/** By how many bytes two connections may differ: signatures of ECDSA do not all have the same length. */
const SPREAD = 12;

/**
 * Whatever befalls the connection, the device neither hangs nor breaks, waits as its rule says, and loses no message that
 * it has taken.
 */
export async function failAtEveryByte(
	t: ExecutionContext,
	engine: XsEngine,
	kind: FaultKind,
	direction: Direction,
): Promise<void> {
	const field = await Field.start(t, { engine, subscriptions: ["devices/dev1/commands"] });
	const { network, attempts } = field;
	await field.publish();
	await field.until("a connection without a fault", () => field.unacknowledged === 0);
	const length = network.moved[direction];
	t.true(length >= LEAST[direction], `a connection has ${length} bytes`);

	let struck = 0;
	for (let at = 0; at < length; at++) {
		network.fault = { kind, direction, at };
		await endConnection(field);
		if (field.unacknowledged < 3) await field.publish();
		const { begun } = attempts;
		await field.until("the next connection", () => attempts.begun > begun);
		await field.until(`the end of ${kind} at ${at}`, () => attempts.ended > begun || field.unacknowledged === 0);
		if (network.struck) struck++;
	}
	t.true(struck >= length - SPREAD, `${struck} of ${length} positions`);

	network.fault = undefined;
	await endConnection(field);
	await field.until("every acknowledgement", () => field.unacknowledged === 0);
	t.deepEqual(field.lost, []);
	t.is(await field.waiting(), 0);
}

/** A connection that its fault has not ended is ended by the network. */
async function endConnection(field: Field): Promise<void> {
	const { attempts, network } = field;
	if (attempts.ended === attempts.begun) return;
	network.cutAll();
	await field.until("the end of the connection", () => attempts.ended === attempts.begun);
}
