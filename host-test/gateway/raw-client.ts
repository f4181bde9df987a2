/**
 * A client that says exactly what a test wants, over TLS.
 * @module
 */
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { generate, type IConnectPacket, type Packet, parser } from "mqtt-packet";

export interface RawOptions {
	readonly port: number;
	/** PEM. */
	readonly ca: string;
	/** TLS server name; "" for none. */
	readonly serverName: string;
	/** ALPN; `["mqtt"]` unless said otherwise, `[]` for none. */
	readonly alpn?: readonly string[];
	readonly version: 4 | 5;
	readonly tlsVersion?: "TLSv1.2" | "TLSv1.3";
}

type PacketOf<C extends Packet["cmd"]> = Extract<Packet, { cmd: C }>;

export class RawClient {
	/** Packets that came and were not taken yet. */
	readonly received: Packet[] = [];
	/** Resolves when the connection is closed, whatever the reason. */
	readonly closed: Promise<void>;
	readonly socket: TLSSocket;
	/** Why TLS failed. */
	failure: NodeJS.ErrnoException | undefined;
	private readonly tcp: Socket;
	private readonly version: 4 | 5;
	private readonly waiting: (() => void)[] = [];
	private isClosed = false;

	private constructor(options: RawOptions) {
		const { port, ca, serverName, alpn = ["mqtt"], tlsVersion } = options;
		this.version = options.version;
		this.tcp = connectTcp(port, "127.0.0.1");
		this.socket = connect({
			socket: this.tcp,
			ca,
			checkServerIdentity: () => undefined,
			...(serverName === "" ? {} : { servername: serverName }),
			...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
			...(tlsVersion === undefined ? {} : { minVersion: tlsVersion, maxVersion: tlsVersion }),
		});
		const decoder = parser({ protocolVersion: options.version });
		decoder.on("packet", (packet) => {
			this.received.push(packet);
			this.look();
		});
		this.socket.on("data", (bytes) => decoder.parse(bytes));
		this.socket.on("error", (error) => {
			this.failure = error;
		});
		this.closed = new Promise((resolve) => {
			this.socket.on("close", () => {
				this.isClosed = true;
				resolve();
				this.look();
			});
		});
	}

	/** Resolves when TLS stands or has failed. */
	static async dial(options: RawOptions): Promise<RawClient> {
		const client = new RawClient(options);
		await Promise.race([once(client.socket, "secureConnect").catch(() => client.closed), client.closed]);
		return client;
	}

	connect(packet: Partial<IConnectPacket>): void {
		this.send({
			cmd: "connect",
			clientId: "dev1",
			protocolVersion: this.version,
			clean: true,
			keepalive: 60,
			...packet,
		});
	}

	send(packet: Packet): void {
		this.socket.write(generate(packet, { protocolVersion: this.version }));
	}

	/** Takes the next packet, which must be of this type. */
	async next<C extends Packet["cmd"]>(cmd: C): Promise<PacketOf<C>> {
		await this.answered();
		const packet = this.received.shift();
		if (packet === undefined) throw new Error(`expected ${cmd}, the connection is closed`);
		if (packet.cmd !== cmd) throw new Error(`expected ${cmd}, got ${JSON.stringify(packet)}`);
		return packet as PacketOf<C>;
	}

	/** Goes away as a device does that loses power: TCP is reset. */
	reset(): void {
		this.tcp.resetAndDestroy();
	}

	/** Resolves when a packet is there to be taken, or the connection is closed. */
	async answered(): Promise<void> {
		while (this.received.length === 0 && !this.isClosed) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
	}

	/** Sends SUBSCRIBE and waits for SUBACK; the codes in it. */
	async subscribe(filter: string, qos: 0 | 1 = 1): Promise<unknown> {
		this.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: filter, qos }] });
		return (await this.next("suback")).granted;
	}

	/** Sends PUBLISH. */
	publish(topic: string, qos: 0 | 1 = 0, payload = "hello", retain = false): void {
		this.send({ cmd: "publish", topic, qos, payload, messageId: 2, dup: false, retain });
	}

	/** Sends PINGREQ and waits for the answer: everything before it was handled. */
	async roundTrip(): Promise<void> {
		this.send({ cmd: "pingreq" });
		await this.next("pingresp");
	}

	private look(): void {
		for (const resolve of this.waiting.splice(0)) resolve();
	}
}
