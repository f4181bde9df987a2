/**
 * The front door of AWS IoT Core's custom authentication, on this machine: TLS with SNI and ALPN, MQTT, authorizer,
 * policies, broker.
 *
 * A refused client learns what it would learn from AWS; the events tell the developer everything.
 * @module
 */
import type { TLSSocket } from "node:tls";
import type { Account } from "../account/index.js";
import type { Refusal } from "../authorizer/index.js";
import { AWS_LIMITS, Broker, type BrokerLimits, type Clock } from "../broker/index.js";
import {
	type ApiMessage,
	publishError,
	type RetainedMessage,
	type RetainedMessageSummary,
	readApiMessage,
	retainedMessage,
	summarizeRetained,
} from "./api-message.js";
import { ClientConnection } from "./client-connection.js";
import { systemClock } from "./clock.js";
import { type GatewayEvent, type GatewayEventBody, publication } from "./events.js";
import { RefusalJournal, type RefusalRecord } from "./journal.js";
import type { CredentialSource, ServerCredentials } from "./server-contexts.js";
import { type Approach, TlsDoor } from "./tls-door.js";

export interface GatewayLimits extends BrokerLimits {
	/** Milliseconds from TCP accept to the end of the TLS handshake, on the real clock. */
	readonly handshakeTimeout: number;
	/** Connections at once; further ones are closed. */
	readonly connections: number;
	/** Refusals that are kept for {@link Gateway.refusals}. */
	readonly journal: number;
}

export interface GatewayOptions {
	/** Address to listen on. */
	readonly host: string;
	/** 0 for any free port. */
	readonly port: number;
	/** One certificate that bears every server name, or a source that is asked for each name when it is first used. */
	readonly tls: ServerCredentials | CredentialSource;
	/** Names of the account's default data endpoint; those of its domain configurations are known besides. */
	readonly serverNames: readonly string[];
	readonly account: Account;
	/** Whether MQTT 5 clients read in the reason string why they are refused; AWS does not tell. */
	readonly explain?: boolean | undefined;
	readonly clock?: Clock | undefined;
	readonly limits?: Partial<GatewayLimits> | undefined;
}

const DEFAULT_LIMITS: GatewayLimits = {
	...AWS_LIMITS,
	handshakeTimeout: 10_000,
	connections: 1000,
	journal: 1000,
};

export type GatewayListener = (event: GatewayEvent) => void;

export class Gateway {
	private readonly options: GatewayOptions;
	private readonly limits: GatewayLimits;
	private readonly clock: Clock;
	private readonly broker: Broker;
	private readonly journal: RefusalJournal;
	private readonly door: TlsDoor;
	private readonly listeners = new Set<GatewayListener>();
	private readonly clients = new Set<ClientConnection>();

	private constructor(options: GatewayOptions) {
		const { clock = systemClock, limits } = options;
		this.options = options;
		this.clock = clock;
		this.limits = { ...DEFAULT_LIMITS, ...limits };
		this.broker = new Broker({ limits: this.limits, dialect: "aws", clock });
		this.journal = new RefusalJournal(this.limits.journal);
		this.door = new TlsDoor({
			tls: options.tls,
			serverNames: () => this.serverNames(),
			clock,
			handshakeTimeout: this.limits.handshakeTimeout,
			maximumConnections: this.limits.connections,
			accepted: (socket, approach, serverName) => this.welcome(socket, approach, serverName),
			refused: (refusal, approach) => this.tell(approach, undefined, { event: "refused", refusal }),
		});
	}

	/**
	 * Starts to listen.
	 * @throws the error of the socket where the port cannot be had, or of the certificate.
	 */
	static async start(options: GatewayOptions): Promise<Gateway> {
		const gateway = new Gateway(options);
		await gateway.door.listen(options.host, options.port);
		return gateway;
	}

	/** The TCP port it listens on. */
	get port(): number {
		return this.door.port;
	}

	/** Sessions at this moment. */
	get sessions(): number {
		return this.broker.size;
	}

	/**
	 * Calls `listener` with every event, in order, from now on; it must not throw.
	 * @returns a function that ends it.
	 */
	onEvent(listener: GatewayListener): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/**
	 * Publishes a message that comes from no MQTT client (AWS IoT data plane, "Publish"); no policy of a client is asked.
	 * @returns how many sessions it was passed to.
	 * @throws {PublishError} when it is not published.
	 */
	publish(message: ApiMessage): { readonly recipients: number } {
		const outcome = this.broker.publish(readApiMessage(message, this.limits), undefined);
		if (!outcome.taken) throw publishError(outcome.violation);
		const { recipients } = outcome;
		const told = publication(outcome.message, recipients);
		this.emit({ at: this.clock.now(), event: "published", publisher: "api", ...told });
		return { recipients };
	}

	/** The retained message of one topic (AWS IoT data plane, "GetRetainedMessage"). */
	retainedMessage(topic: string): RetainedMessage | undefined {
		const message = this.broker.retained.get(topic);
		return message === undefined ? undefined : retainedMessage(message);
	}

	/** All retained messages, sorted by topic (AWS IoT data plane, "ListRetainedMessages"). */
	listRetainedMessages(): readonly RetainedMessageSummary[] {
		return summarizeRetained(this.broker.retained.all());
	}

	/** The last refusals, newest first. */
	refusals(): readonly RefusalRecord[] {
		return this.journal.newest();
	}

	/** Says goodbye to every client and stops to listen. */
	async close(): Promise<void> {
		const goodbyes = [...this.clients].map((client) => client.shutDown());
		await Promise.all([this.door.close(), ...goodbyes]);
	}

	private welcome(socket: TLSSocket, approach: Approach, serverName: string): void {
		this.tell(approach, undefined, {
			event: "tls-accepted",
			serverName,
			alpn: socket.alpnProtocol || "",
			tlsVersion: socket.getProtocol() ?? "unknown",
			cipher: socket.getCipher().standardName,
			remote: approach.remote,
			duration: this.clock.now() - approach.startedAt,
		});
		const { account, explain = false } = this.options;
		const client = new ClientConnection({
			socket,
			approach,
			serverName,
			broker: this.broker,
			account,
			explain,
			tell: (event, clientId) => this.tell(approach, clientId, event),
			record: (refusal, clientId) => this.record(approach, clientId, refusal),
		});
		this.clients.add(client);
		socket.on("close", () => this.clients.delete(client));
	}

	private serverNames(): readonly string[] {
		const { serverNames, account } = this.options;
		return [...serverNames, ...account.domainNames()].map((name) => name.toLowerCase());
	}

	private tell(approach: Approach, clientId: string | undefined, body: GatewayEventBody): void {
		if (body.event === "refused") this.record(approach, clientId, body.refusal);
		const client = clientId === undefined ? {} : { client: clientId };
		this.emit({ at: this.clock.now(), connection: approach.connection, ...client, ...body });
	}

	private emit(event: GatewayEvent): void {
		for (const listener of this.listeners) listener(event);
	}

	private record({ connection, remote }: Approach, clientId: string | undefined, refusal: Refusal): void {
		const client = clientId === undefined ? {} : { client: clientId };
		this.journal.add({ at: this.clock.now(), connection, remote, ...client, refusal });
	}
}
