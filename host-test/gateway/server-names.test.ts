/** Certificates for endpoints that come and go while the gateway runs. */
import { once } from "node:events";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import test, { type ExecutionContext } from "ava";
import type { CredentialSource } from "../../src/gateway/index.js";
import { TlsDoor } from "../../src/gateway/tls-door.js";
import { FakeClock } from "../broker/fake-clock.js";
import { CA, credentialsFor, DOMAIN_NAME, SERVER_NAME, Site } from "./site.js";

/** A source that keeps what it was asked. */
function source(issue: CredentialSource["credentials"] = credentialsFor) {
	const asked: string[] = [];
	const credentials = (serverName: string) => {
		asked.push(serverName);
		return issue(serverName);
	};
	return { asked, credentials };
}

/** A client that checks the certificate as a device does; resolves when TLS stands, rejects when it does not. */
async function secure(port: number, servername: string, more: ConnectionOptions = {}): Promise<TLSSocket> {
	const socket = connect({ port, host: "127.0.0.1", servername, ca: CA, ALPNProtocols: ["mqtt"], ...more });
	await once(socket, "secureConnect");
	return socket;
}

const DOMAIN = {
	name: "Custom",
	serverName: DOMAIN_NAME,
	allowAuthorizerOverride: true,
	authenticationType: "DEFAULT",
	applicationProtocol: "DEFAULT",
} as const;

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
	test(`${version}: an endpoint that is made later has a certificate of its own from its first client on`, async (t) => {
		const tls = source();
		const site = await Site.start(t, { tls });
		site.account.putDomainConfiguration(DOMAIN);
		const socket = await secure(site.gateway.port, DOMAIN_NAME, { minVersion: version, maxVersion: version });
		t.is(socket.getPeerCertificate().subjectaltname, `DNS:${DOMAIN_NAME}`);
		t.deepEqual(tls.asked, [DOMAIN_NAME]);
		socket.destroy();
	});
}

test("the source is asked once for a name, however it is spelled and however many clients come at once", async (t) => {
	const tls = source();
	const site = await Site.start(t, { tls });
	const names = [SERVER_NAME, SERVER_NAME.toUpperCase(), SERVER_NAME];
	const sockets = await Promise.all(names.map((name) => secure(site.gateway.port, name)));
	t.deepEqual(tls.asked, [SERVER_NAME]);
	for (const socket of sockets) socket.destroy();
});

test("the source is not asked for a name that no endpoint has", async (t) => {
	const tls = source();
	const site = await Site.start(t, { tls });
	await t.throwsAsync(secure(site.gateway.port, DOMAIN_NAME), { message: /handshake failure/ });
	t.is((await site.told("refused")).refusal.code, "unknown-server-name");
	t.deepEqual(tls.asked, []);
});

const FAILURES: readonly (readonly [string, CredentialSource["credentials"], RegExp])[] = [
	["a source that fails", () => Promise.reject(new RangeError("key: secret")), /failed with RangeError\.$/],
	[
		"a source that throws",
		() => {
			throw new TypeError("secret");
		},
		/failed with TypeError\.$/,
	],
	["a source that fails without an error", () => Promise.reject(undefined), /failed with undefined\.$/],
	["credentials that are none", async () => ({ key: "secret", cert: "secret" }), /failed with Error ERR_OSSL/],
];

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
	for (const [name, issue, cause] of FAILURES) {
		test(`${version}: ${name}: the client gets an alert, the refusal a name and no secret`, async (t) => {
			const site = await Site.start(t, { tls: source(issue) });
			const options = { minVersion: version, maxVersion: version };
			await t.throwsAsync(secure(site.gateway.port, SERVER_NAME, options), { message: /handshake failure/ });
			const { refusal } = await site.told("refused");
			t.like(refusal, { code: "server-credentials-failed", step: "tls", reason: "INTERNAL_SERVER_ERROR" });
			t.regex(refusal.cause, cause);
			t.notRegex(JSON.stringify(refusal), /secret/);
		});
	}
}

test("after a failure the source is asked again", async (t) => {
	let fails = true;
	const tls = source((serverName) => (fails ? Promise.reject(new Error("not yet")) : credentialsFor(serverName)));
	const site = await Site.start(t, { tls });
	await t.throwsAsync(secure(site.gateway.port, SERVER_NAME));
	fails = false;
	(await secure(site.gateway.port, SERVER_NAME)).destroy();
	t.deepEqual(tls.asked, [SERVER_NAME, SERVER_NAME]);
});

/** A door whose names a test changes, and what it told. */
class Entrance {
	readonly names = new Set([DOMAIN_NAME]);
	readonly door: TlsDoor;
	private readonly told: string[] = [];
	private readonly waiting: (() => void)[] = [];

	private constructor(tls: CredentialSource) {
		this.door = new TlsDoor({
			tls,
			serverNames: () => [...this.names],
			clock: new FakeClock(),
			handshakeTimeout: 10_000,
			maximumConnections: 10,
			accepted: (socket, _, serverName) => {
				socket.on("error", () => socket.destroy());
				socket.resume();
				this.tell(`accepted ${serverName}`);
			},
			refused: ({ code }) => this.tell(code),
		});
	}

	static async open(t: ExecutionContext, tls: CredentialSource): Promise<Entrance> {
		const entrance = new Entrance(tls);
		await entrance.door.listen("127.0.0.1", 0);
		t.teardown(() => entrance.door.close());
		return entrance;
	}

	/** What is told next. */
	async next(): Promise<string | undefined> {
		while (this.told.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
		return this.told.shift();
	}

	private tell(what: string): void {
		this.told.push(what);
		for (const look of this.waiting.splice(0)) look();
	}
}

test("an endpoint that was deleted and made again is given a new certificate", async (t) => {
	const tls = source();
	const { door, names } = await Entrance.open(t, tls);
	(await secure(door.port, DOMAIN_NAME)).destroy();
	names.clear();
	await t.throwsAsync(secure(door.port, DOMAIN_NAME), { message: /handshake failure/ });
	names.add(DOMAIN_NAME);
	(await secure(door.port, DOMAIN_NAME)).destroy();
	t.deepEqual(tls.asked, [DOMAIN_NAME, DOMAIN_NAME]);
});

test("a session cannot be resumed at an endpoint that was deleted", async (t) => {
	const entrance = await Entrance.open(t, source());
	const { port } = entrance.door;
	const first = connect({ port, host: "127.0.0.1", servername: DOMAIN_NAME, ca: CA, ALPNProtocols: ["mqtt"] });
	first.resume();
	const [session] = await once(first, "session");
	t.is(await entrance.next(), `accepted ${DOMAIN_NAME}`);
	first.destroy();
	const again = await secure(port, DOMAIN_NAME, { session });
	t.true(again.isSessionReused(), "the session is resumed while the endpoint stands");
	t.is(await entrance.next(), `accepted ${DOMAIN_NAME}`);
	again.destroy();
	entrance.names.clear();
	const late = await secure(port, DOMAIN_NAME, { session });
	late.resume();
	late.on("error", () => late.destroy());
	t.is(await entrance.next(), "unknown-server-name");
	if (!late.closed) await once(late, "close");
});
