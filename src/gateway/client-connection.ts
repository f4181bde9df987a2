/**
 * One client at the gateway: joins its TLS socket, the broker's connection, the admission, the policies and their lease,
 * and tells what happens.
 * @module
 */
import { randomUUID } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { AuthenticationOutcome, AuthorizerAnswer, Refusal } from "../authorizer/index.js";
import {
	type Admission,
	type Authorization,
	type AuthorizationRequest,
	type Broker,
	Connection,
	type ConnectionObserver,
	type ConnectRequest,
	type Ending,
} from "../broker/index.js";
import { type AdmissionDesk, type Admittance, admitClient } from "./admission.js";
import { type GatewayEventBody, publication } from "./events.js";
import { Lease } from "./lease.js";
import { disconnectReason } from "./lifecycle.js";
import type { GuardedAction, PolicyGuard } from "./policy-guard.js";
import { internalError, isCertificateRejection, policyDenied, tlsFailed, violationRefusal } from "./refusals.js";
import { socketTransport } from "./socket-transport.js";
import { explainedReason, opaqueReason } from "./wire-reasons.js";

export interface ClientConnectionOptions extends Omit<AdmissionDesk, "tell" | "now"> {
	readonly socket: TLSSocket;
	readonly broker: Broker;
	/** Whether MQTT 5 clients are told what AWS does not tell. */
	readonly explain: boolean;
	/** `clientId` is undefined before CONNECT. */
	readonly tell: (event: GatewayEventBody, clientId: string | undefined) => void;
	/** Keeps a refusal that did not end in an event `refused`. */
	readonly record: (refusal: Refusal, clientId: string | undefined) => void;
}

const NOT_AUTHORIZED = 0x87;
const SERVER_SHUTTING_DOWN = 0x8b;
/** AWS does not document the packet that ends a connection's time; of the codes it lists, this one says it best. */
const ADMINISTRATIVE_ACTION = 0x98;

const ACTIONS: Readonly<Record<AuthorizationRequest["action"], GuardedAction>> = {
	publish: "iot:Publish",
	"retain-publish": "iot:RetainPublish",
	subscribe: "iot:Subscribe",
	receive: "iot:Receive",
};

export class ClientConnection {
	private readonly options: ClientConnectionOptions;
	private readonly connection: Connection;
	private clientId: string | undefined;
	private lease: Lease | undefined;
	private isClosed = false;

	constructor(options: ClientConnectionOptions) {
		const { socket, broker, explain } = options;
		this.options = options;
		this.connection = new Connection({
			broker,
			transport: socketTransport(socket),
			observer: this.observer(),
			admit: (request) => this.admit(request),
			assignClientId: randomUUID,
			explain: explain ? (violation) => explainedReason(violationRefusal(violation)) : undefined,
		});
		socket.on("data", (bytes) => this.connection.receive(bytes));
		socket.on("drain", () => this.connection.drained());
		socket.on("error", (error: NodeJS.ErrnoException) => this.failed(error.code ?? ""));
		socket.on("close", () => this.connection.closed());
	}

	/** Says goodbye because the gateway closes; resolves when the socket is closed. */
	async shutDown(): Promise<void> {
		const { socket } = this.options;
		const closed = new Promise((resolve) => socket.once("close", resolve));
		this.connection.end({ cause: "server-shutdown", reasonCode: SERVER_SHUTTING_DOWN });
		socket.destroySoon();
		await closed;
	}

	private async admit(request: ConnectRequest): Promise<Admission> {
		this.clientId = request.clientId;
		const { account, approach, serverName, broker } = this.options;
		const tell = (event: GatewayEventBody) => this.tell(event);
		const desk = { account, approach, serverName, tell, now: () => broker.clock.now() };
		const admittance = await admitClient(request, desk).catch(refusedByDefect);
		if (!admittance.admitted) {
			this.tell({ event: "refused", refusal: admittance.refusal });
			const reason = this.lastReason("CONNACK", admittance.refusal);
			return { admitted: false, reasonCode: NOT_AUTHORIZED, reason };
		}
		const { guard } = admittance;
		return {
			admitted: true,
			authorize: (wanted) => this.authorize(guard, wanted),
			opened: () => this.opened(admittance),
		};
	}

	private opened({ guard, answer, authenticateAgain }: Extract<Admittance, { admitted: true }>): void {
		const { broker, approach } = this.options;
		this.tell({ event: "session-opened", duration: broker.clock.now() - approach.startedAt });
		this.lease = new Lease(answer, {
			clock: broker.clock,
			authenticate: () => authenticateAgain().catch(unauthenticatedByDefect),
			refreshed: (renewed) => this.refreshed(guard, renewed),
			withdrawn: (refusal) => this.withdrawn(refusal),
			expired: () => this.connection.end({ cause: "time-to-live", reasonCode: ADMINISTRATIVE_ACTION }),
		});
	}

	private refreshed(guard: PolicyGuard, { policies, refreshAfterInSeconds }: AuthorizerAnswer): void {
		guard.replace(policies);
		this.tell({ event: "policies-refreshed", policies: policies.length, refreshAfterInSeconds });
	}

	private withdrawn(refusal: Refusal): void {
		this.tell({ event: "refused", refusal });
		const reason = this.lastReason("DISCONNECT", refusal);
		this.connection.end({ cause: "authorization-withdrawn", reasonCode: NOT_AUTHORIZED, reason });
	}

	private authorize(guard: PolicyGuard, { action, topic, qos }: AuthorizationRequest): Authorization {
		const denial = guard.denial(ACTIONS[action], topic);
		if (denial === undefined) return { allowed: true };
		const refusal = policyDenied(denial.action, denial.explanation);
		this.tell({ event: "policy-denied", ...denial });
		this.options.record(refusal, this.clientId);
		const isLast = (action === "publish" || action === "retain-publish") && qos === 0;
		if (isLast) return { allowed: false, reason: this.lastReason("DISCONNECT", refusal) };
		return { allowed: false, reason: this.options.explain ? explainedReason(refusal) : undefined };
	}

	/** The reason string of a packet that ends the connection. */
	private lastReason(packet: "CONNACK" | "DISCONNECT", refusal: Refusal): string {
		return this.options.explain ? explainedReason(refusal) : opaqueReason(packet, randomUUID());
	}

	/** The socket failed; that it is closed is told by itself. */
	private failed(errorCode: string): void {
		const isHandshake = this.clientId === undefined && isCertificateRejection(errorCode);
		if (isHandshake) this.tell({ event: "refused", refusal: tlsFailed(errorCode) });
	}

	private closed({ cause }: Ending): void {
		this.lease?.cancel();
		this.tell({ event: "closed", disconnectReason: disconnectReason(cause) });
	}

	private observer(): ConnectionObserver {
		return {
			subscribed: (subscriptions) => this.tell({ event: "subscribed", subscriptions }),
			unsubscribed: (filters) => this.tell({ event: "unsubscribed", filters }),
			published: (message, recipients) =>
				this.tell({ event: "published", publisher: "client", ...publication(message, recipients) }),
			delivered: ({ message: { topic, payload, publisher }, qos, retain }) =>
				this.tell({ event: "delivered", topic, qos, retain, bytes: payload.length, publisher }),
			dropped: ({ topic }, reason) => this.tell({ event: "dropped", topic, reason }),
			violated: (violation) => this.tell({ event: "refused", refusal: violationRefusal(violation) }),
			closed: (ending) => this.closed(ending),
		};
	}

	/** `closed` is the last that is told, also when a function answers after it. */
	private tell(event: GatewayEventBody): void {
		if (this.isClosed) return;
		this.isClosed = event.event === "closed";
		this.options.tell(event, this.clientId);
	}
}

function unauthenticatedByDefect(error: unknown): AuthenticationOutcome {
	return { authenticated: false, refusal: internalError(error) };
}

function refusedByDefect(error: unknown): Admittance {
	return { admitted: false, refusal: internalError(error) };
}
