/**
 * Tries a client against every server of the tables, then declares one test a server, titled with what came of it.
 * @module
 */
import test, { type ExecutionContext } from "ava";
import type { BadServer, GoodServer, LateServer } from "./bad-server.js";
import { badServers } from "./bad-servers.js";
import { type Encounter, encounter, leaks, type TlsClientUnderTest } from "./client-under-test.js";
import { goodServers } from "./good-servers.js";
import { lateServers } from "./late-servers.js";

/** A client that has not ended by then hangs; milliseconds. */
const PATIENCE = 30_000;

/** The codes in which a client may refuse a server. */
export type Expectation = (server: BadServer) => readonly string[];

/** A row of one of the three tables. */
export type Server = BadServer | LateServer | GoodServer;

export interface Trial {
	/** How a client may refuse a server; its `refusedWith` where it is not given. */
	readonly expected?: Expectation | undefined;
	/** Which servers; all where it is not given. */
	readonly only?: ((server: Server) => boolean) | undefined;
	/** How many servers a client is tried against at once; 4 where it is not given. */
	readonly atOnce?: number | undefined;
}

/** Settles when all of it is declared; nothing may be declared before it in the same file. */
export async function testServers(client: TlsClientUnderTest, trial: Trial = {}): Promise<void> {
	const { expected = ({ refusedWith }) => refusedWith, atOnce = 4, only = () => true } = trial;
	const turn = limiter(atOnce);
	const meet = (servers: readonly Server[]): Promise<(() => void)[]> =>
		Promise.all(
			servers
				.filter((server) => fits(client, server) && only(server))
				.map(async (server) => {
					const met = await turn(() => within(encounter(client, server)));
					return () => declare(client, server, met, expected);
				}),
		);
	const tests = await meet([...badServers, ...lateServers, ...goodServers]);
	for (const add of tests) add();
}

function fits(client: TlsClientUnderTest, server: Server): boolean {
	if ("endsWith" in server && !client.tellsEnd) return false;
	return (client.tls13 || server.tls13 !== true) && (client.severalRoots || server.severalRoots !== true);
}

function declare(client: TlsClientUnderTest, server: Server, met: Encounter | Error, expected: Expectation): void {
	const { name } = server;
	if (met instanceof Error) test(`${name} comes to an end`, (t) => t.fail(met.stack ?? met.message));
	else if ("endsWith" in server)
		test(`${name} ends with: ${met.attempt.failure ?? "an orderly close"}`, (t) => late(t, met, server));
	else if ("is" in server) test(`${name} is accepted`, (t) => accepted(t, met, server.answer));
	else declareBad(server, server.takenBy?.[client.stack], met, expected);
}

function declareBad(server: BadServer, taken: string | undefined, met: Encounter, expected: Expectation): void {
	if (taken !== undefined) test(`${server.name} is taken: ${taken}`, (t) => accepted(t, met, undefined));
	else {
		const failure = met.attempt.failure ?? "no";
		test(`${server.name} is refused: ${failure}`, (t) => refused(t, server, expected(server), met));
	}
}

function refused(t: ExecutionContext, server: BadServer, codes: readonly string[], met: Encounter): void {
	const { failure = "none", alert, opened, received } = met.attempt;
	t.deepEqual(leaks(met, server.encryptsHandshake), [], server.wrong);
	t.false(opened, server.wrong);
	t.is(received.length, 0, "nothing was taken for the server's word");
	t.true(codes.includes(failure), `${server.wrong}: ${failure}, expected ${codes.join(" or ")}`);
	if (server.alert !== undefined && alert !== undefined) t.is(alert, server.alert);
}

function accepted(t: ExecutionContext, met: Encounter, answer: Buffer | undefined): void {
	const { failure, opened, received } = met.attempt;
	t.is(failure, undefined);
	t.true(opened);
	t.deepEqual(met.understood, met.plaintext, "the server understood what the client sent");
	t.deepEqual(received, answer ?? met.plaintext);
}

function late(t: ExecutionContext, { attempt, understood, plaintext }: Encounter, server: LateServer): void {
	t.true(attempt.opened);
	t.true(
		server.endsWith.some((failure) => failure === attempt.failure),
		`${server.wrong}: ${attempt.failure}`,
	);
	t.deepEqual(attempt.received, server.says);
	t.deepEqual(understood, plaintext);
}

/** What came of it, or the error; an error, too, when nothing did in time. */
async function within(meeting: Promise<Encounter>): Promise<Encounter | Error> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<Error>((resolve) => {
		timer = setTimeout(() => resolve(new Error(`neither open nor refused after ${PATIENCE} ms`)), PATIENCE);
	});
	try {
		return await Promise.race([meeting, late]);
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	} finally {
		clearTimeout(timer);
	}
}

/** Lets at most `count` tasks run at once, in the order they came. */
function limiter(count: number): <T>(task: () => Promise<T>) => Promise<T> {
	const waiting: (() => void)[] = [];
	let free = count;
	return async (task) => {
		if (free > 0) free--;
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await task();
		} finally {
			const next = waiting.shift();
			if (next === undefined) free++;
			else next();
		}
	};
}
