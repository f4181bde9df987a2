/**
 * One network connection from its first byte to its last: CONNECT, admission, session, end.
 *
 * It knows bytes and packets, yet no socket and no credentials: those are the transport and the `admit` it is given.
 * Nothing it holds grows without bound: while the peer does not take what was written, nothing more is read from it.
 * @module
 */
import { generate, type Packet } from "mqtt-packet";
import { type Broker, TAKEN_OVER } from "./broker.js";
import type { Timer } from "./clock.js";
import { acceptance, type ConnectRequest, readConnect } from "./connect-request.js";
import type { Ending } from "./ending.js";
import { PacketReader } from "./packet-reader.js";
import { Patience } from "./patience.js";
import { type Authorize, Session, type SessionLink, type SessionObserver } from "./session.js";
import { Violation } from "./violation.js";

/** The byte stream below a connection. No method throws, whatever has become of the stream. */
export interface Transport {
	/** @returns false when the peer reads slower than this is written; {@link Connection.drained} is called then. */
	write(bytes: Uint8Array): boolean;
	/** Stops the calls of {@link Connection.receive}. */
	pause(): void;
	resume(): void;
	/** Closes after what was written. */
	end(): void;
	/** Closes at once. */
	destroy(): void;
}

/** What became of a CONNECT. */
export type Admission =
	| {
			readonly admitted: true;
			readonly authorize: Authorize;
			/** Called when CONNACK was sent and the session stands; never when the client has gone meanwhile. */
			readonly opened: () => void;
	  }
	| {
			readonly admitted: false;
			/** Reason code of the CONNACK that an MQTT 5 client gets; MQTT 3.1.1 clients are closed without one. */
			readonly reasonCode: number;
			readonly reason?: string | undefined;
	  };

/** What happens on a connection, told as it happens. */
export interface ConnectionObserver extends SessionObserver {
	/** The last that is told. */
	closed(ending: Ending): void;
}

export interface ConnectionOptions {
	readonly broker: Broker;
	readonly transport: Transport;
	readonly observer: ConnectionObserver;
	/** Decides on a CONNECT; must not reject. Nothing is read from the client meanwhile. */
	readonly admit: (request: ConnectRequest) => Promise<Admission>;
	/** Makes the identifier of an MQTT 5 client that sent none. */
	readonly assignClientId: () => string;
	/** Reason string for an MQTT 5 client that broke a rule; without it there is none. */
	readonly explain?: ((violation: Violation) => string) | undefined;
}

/** CONNACK "unacceptable protocol version" as every version of MQTT before 5 reads it [MQTT-3.1.2-2]. */
const UNACCEPTABLE_PROTOCOL_VERSION = Buffer.from([0x20, 0x02, 0x00, 0x01]);

/** Causes after which the client is not told anything: it has gone, or it said goodbye itself. */
const SILENT: ReadonlySet<Ending["cause"]> = new Set([
	"client-disconnect",
	"client-disconnect-with-will",
	"connection-lost",
]);

export class Connection implements SessionLink {
	private readonly options: ConnectionOptions;
	private readonly reader: PacketReader;
	private state: "connecting" | "admitting" | "open" | "ended" = "connecting";
	private request: ConnectRequest | undefined;
	private session: Session | undefined;
	private congested = false;
	/** Waits for CONNECT, and in the end for the transport to close. */
	private timer: Timer;
	/** Waits for the client while the connection is open. */
	private patience: Patience | undefined;

	constructor(options: ConnectionOptions) {
		this.options = options;
		const { limits, clock } = options.broker;
		this.reader = new PacketReader(limits.packetBytes);
		this.timer = clock.setTimer(() => {
			this.violate(new Violation("connect-timeout", `CONNECT: expected within ${limits.connectTimeout} ms`));
		}, limits.connectTimeout);
	}

	/** Bytes have come. */
	receive(bytes: Uint8Array): void {
		if (this.state === "ended") return;
		this.reader.push(bytes);
		this.process();
	}

	/** The transport takes bytes again. */
	drained(): void {
		if (!this.congested) return;
		this.congested = false;
		if (this.state === "open") this.patience?.awaitPackets();
		this.session?.resume();
		this.continueReading();
	}

	/** The transport is closed, by whomever. */
	closed(): void {
		this.end({ cause: "connection-lost", reasonCode: 0 });
		this.options.broker.clock.clearTimer(this.timer);
	}

	/** Ends the connection; the first ending is the one that counts. */
	end(ending: Ending): void {
		if (this.state === "ended") return;
		const { transport, observer, broker } = this.options;
		const wasOpen = this.state === "open";
		this.state = "ended";
		this.patience?.stop();
		this.session?.finish(ending.cause === "client-disconnect");
		if (this.reader.version === 5 && !SILENT.has(ending.cause)) this.sayGoodbye(ending, wasOpen);
		transport.end();
		// Read on and throw away: closing over unread bytes would reset the connection and lose the goodbye.
		transport.resume();
		broker.clock.clearTimer(this.timer);
		this.timer = broker.clock.setTimer(() => transport.destroy(), broker.limits.lingerTimeout);
		observer.closed(ending);
	}

	/** Writes a packet, without its reason string where that makes it larger than the client takes [MQTT-3.1.2-24]. */
	send(packet: Packet): boolean {
		const { transport } = this.options;
		const maximum = this.request?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
		const version = { protocolVersion: this.reader.version ?? 4 };
		let bytes = generate(packet, version);
		if (bytes.length > maximum && packet.cmd !== "publish" && packet.cmd !== "connack") {
			const { properties, ...rest } = packet as Packet & { properties?: object };
			bytes = generate(rest as Packet, version);
		}
		if (bytes.length > maximum) return false;
		if (!transport.write(bytes)) this.waitForDrain();
		return true;
	}

	private waitForDrain(): void {
		if (this.congested) return;
		this.congested = true;
		this.options.transport.pause();
		if (this.state === "open") this.patience?.awaitDrain();
	}

	get writable(): boolean {
		return this.state === "open" && !this.congested;
	}

	private sayGoodbye({ reasonCode, reason }: Ending, wasOpen: boolean): void {
		const properties = reason === undefined ? {} : { properties: { reasonString: reason } };
		if (wasOpen) this.send({ cmd: "disconnect", reasonCode, ...properties });
		else this.send({ cmd: "connack", sessionPresent: false, reasonCode, ...properties });
	}

	private process(): void {
		try {
			while (this.reads) {
				const next = this.reader.next();
				if (next === undefined) return;
				this.handle(next.packet, next.bytes);
			}
		} catch (error) {
			if (!(error instanceof Violation)) throw error;
			this.violate(error);
		}
	}

	private get reads(): boolean {
		return (this.state === "connecting" || this.state === "open") && !this.congested;
	}

	private continueReading(): void {
		if (!this.reads) return;
		this.process();
		if (this.reads) this.options.transport.resume();
	}

	private handle(packet: Packet, bytes: number): void {
		this.patience?.heard();
		if (packet.cmd === "connect") {
			const { broker, assignClientId } = this.options;
			const rules = { limits: broker.limits, dialect: broker.dialect, arrival: broker.arrive(), assignClientId };
			void this.admit(readConnect(packet, this.reader.version ?? 4, bytes, rules));
		} else {
			this.session?.handle(packet);
		}
	}

	private async admit(request: ConnectRequest): Promise<void> {
		const { broker, transport, admit } = this.options;
		this.state = "admitting";
		this.request = request;
		broker.clock.clearTimer(this.timer);
		transport.pause();
		const admission = await admit(request);
		if (this.state === "admitting") this.conclude(request, admission);
	}

	private conclude(request: ConnectRequest, admission: Admission): void {
		const { broker, observer } = this.options;
		if (!admission.admitted) {
			const { reasonCode, reason } = admission;
			this.end({ cause: "connect-refused", reasonCode, reason });
			return;
		}
		if (!this.send(acceptance(request, broker.limits))) {
			this.violate(new Violation("packet-too-large", "Maximum Packet Size: CONNACK does not fit"));
			return;
		}
		this.state = "open";
		// The client hears that it was taken over, as if its own admission had been the quicker one. There is no session
		// yet, hence no will: published now, it would tell of the newer connection that it is gone.
		if (broker.isOvertaken(request)) {
			this.end(TAKEN_OVER);
			return;
		}
		this.session = new Session({ broker, request, authorize: admission.authorize, observer, link: this });
		broker.join(this.session);
		this.startPatience(request.keepAlive);
		admission.opened();
		this.continueReading();
	}

	private startPatience(keepAlive: number): void {
		const { clock, limits } = this.options.broker;
		const end = (ending: Ending) => this.end(ending);
		this.patience = new Patience({ clock, keepAlive, stallTimeout: limits.stallTimeout, end });
		if (this.congested) this.patience.awaitDrain();
	}

	private violate(violation: Violation): void {
		const { observer, transport, explain } = this.options;
		if (this.state === "ended") return;
		observer.violated(violation);
		if (violation.code === "unsupported-protocol-version") transport.write(UNACCEPTABLE_PROTOCOL_VERSION);
		this.end({ cause: "violation", reasonCode: violation.reasonCode, reason: explain?.(violation) });
	}
}
