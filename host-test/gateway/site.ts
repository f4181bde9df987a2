/**
 * A gateway with an account, a function that a test scripts, and everything that was told.
 * @module
 */
import { createSign, generateKeyPairSync } from "node:crypto";
import type { ExecutionContext } from "ava";
import type { IConnectPacket } from "mqtt-packet";
import { Account, type DomainConfiguration } from "../../src/account/index.js";
import type { AuthorizerEvent, AuthorizerFunction } from "../../src/authorizer/index.js";
import { createDevelopmentCa, issueServerCertificate } from "../../src/gateway/development-ca.js";
import { Gateway, type GatewayEvent, type GatewayOptions } from "../../src/gateway/index.js";
import { FakeClock } from "../broker/fake-clock.js";
import { RawClient, type RawOptions } from "./raw-client.js";

export const SERVER_NAME = "a1b2c3-ats.iot.eu-west-1.amazonaws.com";
export const DOMAIN_NAME = "devices.example.com";
export const TOKEN = "header.claims-of-dev1";
export const TOKEN_KEY = "MyAuthToken";

const AUTHORITY = await createDevelopmentCa(Date.now());
const IDENTITY = await issueServerCertificate(AUTHORITY, {
	serverNames: [SERVER_NAME, DOMAIN_NAME, "localhost"],
	now: Date.now(),
});
const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const CA = AUTHORITY.certificate;

/** Credentials of one server name, under the authority that clients trust. */
export async function credentialsFor(serverName: string): Promise<{ key: string; cert: string }> {
	const { certificate, privateKey } = await issueServerCertificate(AUTHORITY, {
		serverNames: [serverName],
		now: Date.now(),
	});
	return { key: privateKey, cert: certificate };
}

/** Standard base64, as AWS wants it. */
export function signatureOf(token: string): string {
	return createSign("SHA256").update(token).sign(KEYS.privateKey, "base64");
}

/** The username of a client that names the authorizer and carries a signed token. */
export function signedUsername(token = TOKEN, signature = signatureOf(token), user = "user1"): string {
	const query = [
		["x-amz-customauthorizer-name", "Devices"],
		["x-amz-customauthorizer-signature", signature],
		[TOKEN_KEY, token],
	];
	return `${user}?${query.map(([name = "", value = ""]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

/** One statement of a policy; `resource` without the account's prefix. */
export function statement(
	effect: "Allow" | "Deny",
	action: string | readonly string[],
	resource: string,
	condition?: object,
): object {
	const Resource = `arn:aws:iot:eu-west-1:123456789012:${resource}`;
	return { Effect: effect, Action: action, Resource, ...(condition === undefined ? {} : { Condition: condition }) };
}

const ALLOW_ALL = { Effect: "Allow", Action: "iot:*", Resource: "*" };

/** An answer that lets the client in, with one policy of these statements. */
export function answer(statements: readonly object[] = [ALLOW_ALL], more: object = {}): object {
	return {
		isAuthenticated: true,
		principalId: "principal1",
		policyDocuments: [{ Version: "2012-10-17", Statement: statements }],
		refreshAfterInSeconds: 300,
		disconnectAfterInSeconds: 3600,
		...more,
	};
}

/** A function whose answer a test sets, and that keeps the events it was called with. */
class ScriptedFunction implements AuthorizerFunction {
	readonly calls: AuthorizerEvent[] = [];
	respond: (event: AuthorizerEvent) => unknown = () => answer();

	async invoke(event: AuthorizerEvent): Promise<unknown> {
		this.calls.push(event);
		return this.respond(event);
	}

	async close(): Promise<void> {}
}

export interface SiteOptions extends Partial<Pick<GatewayOptions, "explain" | "limits" | "port" | "tls">> {
	/** What the function answers. */
	readonly respond?: (event: AuthorizerEvent) => unknown;
	readonly signingDisabled?: boolean;
	readonly domain?: Partial<DomainConfiguration>;
}

export interface ConnectOptions extends Partial<RawOptions> {
	readonly packet?: Partial<IConnectPacket>;
}

type Told<E extends GatewayEvent["event"]> = Extract<GatewayEvent, { event: E }>;

export class Site {
	readonly events: GatewayEvent[] = [];
	readonly clock: FakeClock;
	/** Whatever the account has for a function, this one runs. */
	readonly function: ScriptedFunction;
	readonly account: Account;
	readonly gateway: Gateway;
	private waiting: (() => void)[] = [];

	private constructor(account: Account, run: ScriptedFunction, gateway: Gateway, clock: FakeClock) {
		this.account = account;
		this.function = run;
		this.clock = clock;
		this.gateway = gateway;
		gateway.onEvent((event) => {
			this.events.push(event);
			for (const look of this.waiting.splice(0)) look();
		});
	}

	/** Starts a gateway that ends with the test. */
	static async start(t: ExecutionContext, options: SiteOptions = {}): Promise<Site> {
		const run = new ScriptedFunction();
		const account = new Account({ region: "eu-west-1", openFunction: () => run });
		const { explain, limits, signingDisabled = false } = options;
		const clock = new FakeClock();
		const gateway = await Gateway.start({
			host: "127.0.0.1",
			port: options.port ?? 0,
			tls: options.tls ?? { key: IDENTITY.privateKey, cert: IDENTITY.certificate },
			serverNames: [SERVER_NAME, "localhost"],
			account,
			clock,
			explain,
			limits,
		});
		const site = new Site(account, run, gateway, clock);
		if (options.respond !== undefined) site.function.respond = options.respond;
		account.putFunction("devices", site.function);
		account.putAuthorizer({
			name: "Devices",
			functionArn: account.functionArn("devices"),
			tokenKeyName: TOKEN_KEY,
			tokenSigningPublicKeys: signingDisabled ? {} : { key1: publicKey() },
			signingDisabled,
		});
		if (options.domain !== undefined) account.putDomainConfiguration(domainConfiguration(options.domain));
		t.teardown(() => gateway.close());
		return site;
	}

	/** A client that has done TLS, if TLS lets it. */
	dial(options: Partial<RawOptions> = {}): Promise<RawClient> {
		return RawClient.dial({ port: this.gateway.port, ca: CA, serverName: SERVER_NAME, version: 5, ...options });
	}

	/** A client that has sent CONNECT, with a good token unless said otherwise, and was answered or closed. */
	async connect(clientId: string, options: ConnectOptions = {}): Promise<RawClient> {
		const { packet, ...dial } = options;
		const client = await this.dial(dial);
		client.connect({ clientId, username: signedUsername(), ...packet });
		await client.answered();
		return client;
	}

	/** A client that was let in; its CONNACK is taken. */
	async join(clientId: string, options: ConnectOptions = {}): Promise<RawClient> {
		const client = await this.connect(clientId, options);
		await client.next("connack");
		return client;
	}

	/** The first event of this name that was or will be told, of this client where one is given. */
	async told<E extends GatewayEvent["event"]>(event: E, clientId?: string): Promise<Told<E>> {
		for (;;) {
			const found = this.events.find((one) => one.event === event && (clientId ?? one.client) === one.client);
			if (found !== undefined) return found as Told<E>;
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
	}

	/** Names of the events of one client, TLS apart. */
	namesOf(clientId: string): string[] {
		return this.events.filter(({ client }) => client === clientId).map(({ event }) => event);
	}
}

function publicKey(): string {
	return KEYS.publicKey.export({ type: "spki", format: "pem" }).toString();
}

function domainConfiguration(more: Partial<DomainConfiguration>): DomainConfiguration {
	return {
		name: "Custom",
		serverName: DOMAIN_NAME,
		allowAuthorizerOverride: true,
		authenticationType: "DEFAULT",
		applicationProtocol: "DEFAULT",
		...more,
	};
}
