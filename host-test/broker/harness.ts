/**
 * A broker without sockets, and clients that speak raw packets to it.
 * @module
 */
import { generate, type IConnackPacket, type IConnectPacket, type Packet, parser } from "mqtt-packet";
import {
	type Admission,
	type AuthorizationRequest,
	AWS_LIMITS,
	Broker,
	type BrokerLimits,
	Connection,
	type ConnectRequest,
	type Ending,
	type Transport,
} from "../../src/broker/index.js";
import { FakeClock } from "./fake-clock.js";

/** An admission as a test gives it. */
export type Verdict = { admitted: true } | Extract<Admission, { admitted: false }>;

interface BenchOptions {
	readonly limits?: Partial<BrokerLimits>;
	readonly dialect?: "aws" | "standard";
	readonly authorize?: (clientId: string, request: AuthorizationRequest) => { allowed: boolean; reason?: string };
	readonly admit?: (request: ConnectRequest) => Verdict | Promise<Verdict>;
	readonly explain?: boolean;
}

/** A broker with a clock that stands still, and the clients of one test. */
export class Bench {
	readonly clock = new FakeClock();
	readonly broker: Broker;
	readonly options: BenchOptions;

	constructor(options: BenchOptions = {}) {
		this.options = options;
		this.broker = new Broker({
			limits: { ...AWS_LIMITS, ...options.limits },
			dialect: options.dialect ?? "aws",
			clock: this.clock,
		});
	}

	/** A network connection that has said nothing yet. */
	open(version: 4 | 5 = 5): Client {
		return new Client(this, version);
	}

	/** A connection that has sent CONNECT, once it was answered. */
	async connect(clientId: string, version: 4 | 5 = 5, connect: Partial<IConnectPacket> = {}): Promise<Client> {
		const client = this.open(version);
		client.send({ cmd: "connect", clientId, protocolVersion: version, clean: true, keepalive: 60, ...connect });
		await settled();
		return client;
	}
}

/** After everything that only waits for promises that are already settled. */
export function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

export class Client {
	/** What the broker sent, decoded. */
	readonly received: Packet[] = [];
	/** The bytes it sent. */
	readonly bytes: Buffer[] = [];
	/** What the observer was told, in words. */
	readonly log: string[] = [];
	readonly connection: Connection;
	ending: Ending | undefined;
	/** What has become of the network connection. */
	transportState: "open" | "ended" | "destroyed" = "open";
	paused = false;
	/** When false, the client takes no bytes: writes are kept by the transport. */
	reads = true;
	private readonly version: 4 | 5;
	private readonly decoder;
	private nextId = 0;

	constructor(bench: Bench, version: 4 | 5) {
		this.version = version;
		this.decoder = parser({ protocolVersion: version });
		this.decoder.on("packet", (packet) => this.received.push(packet));
		this.decoder.on("error", (error: unknown) => {
			throw error;
		});
		const { authorize = () => ({ allowed: true }), admit, explain } = bench.options;
		this.connection = new Connection({
			broker: bench.broker,
			transport: this.transport(),
			observer: {
				subscribed: (list) => this.log.push(`subscribed ${list.map(({ filter, qos }) => `${filter}@${qos}`)}`),
				unsubscribed: (filters) => this.log.push(`unsubscribed ${filters}`),
				published: ({ topic }, recipients) => this.log.push(`published ${topic} to ${recipients}`),
				delivered: ({ message, qos }) => this.log.push(`delivered ${message.topic}@${qos}`),
				dropped: ({ topic }, reason) => this.log.push(`dropped ${topic} ${reason}`),
				violated: ({ code }) => this.log.push(`violated ${code}`),
				closed: (ending) => {
					this.ending = ending;
				},
			},
			admit: async (request) => {
				const verdict = (await admit?.(request)) ?? { admitted: true };
				if (!verdict.admitted) return verdict;
				return {
					admitted: true,
					authorize: (wanted) => authorize(request.clientId, wanted),
					opened: () => this.log.push("opened"),
				};
			},
			assignClientId: () => `assigned-${this.nextId++}`,
			...(explain === true ? { explain: ({ code, message }) => `${code}: ${message}` } : {}),
		});
	}

	send(packet: Packet): void {
		this.sendBytes(generate(packet, { protocolVersion: this.version }));
	}

	sendBytes(bytes: Uint8Array | string): void {
		this.connection.receive(typeof bytes === "string" ? Buffer.from(bytes.replace(/\s/g, ""), "hex") : bytes);
	}

	/** Takes what was received so far out of the list. */
	take(): Packet[] {
		return this.received.splice(0);
	}

	/** The CONNACK that came first. */
	connack(): IConnackPacket {
		const [first] = this.received;
		if (first?.cmd !== "connack") throw new Error(`expected CONNACK, got ${first?.cmd}`);
		return first;
	}

	/** The network connection goes away without a word. */
	lose(): void {
		this.connection.closed();
	}

	/** The client reads again what the transport kept. */
	drain(): void {
		this.reads = true;
		this.connection.drained();
	}

	private transport(): Transport {
		return {
			write: (bytes) => {
				this.bytes.push(Buffer.from(bytes));
				this.decoder.parse(Buffer.from(bytes));
				return this.reads;
			},
			pause: () => {
				this.paused = true;
			},
			resume: () => {
				this.paused = false;
			},
			end: () => {
				this.transportState = "ended";
			},
			destroy: () => {
				this.transportState = "destroyed";
			},
		};
	}
}
