/**
 * A world of the device's own for portable cases: a clock that moves when told, sockets that do what a case says, and a
 * gateway's side of the wire spoken with the device's own codec.
 * @module
 */
import { utf8Encode } from "../../src/device/encoding/utf8.js";
import { encodePacket } from "../../src/device/mqtt/encode.js";
import { PacketStream } from "../../src/device/mqtt/packet-stream.js";
import type { Packet, ProtocolVersion } from "../../src/device/mqtt/packets.js";
import type {
	Clock,
	KeyValueStore,
	Network,
	NetworkChange,
	NetworkFailureCode,
	Timer,
	TimeSource,
	TLSSocket,
	TLSSocketConstructor,
	TLSSocketOptions,
	TransportFailure,
	TransportFailureCode,
} from "../../src/device/ports.js";

/** Time that stands still until {@link advance}. */
export class VirtualClock implements Clock {
	private now = 0;
	private timers: { due: number; callback: () => void }[] = [];
	/** Wall time at the start in milliseconds; `undefined` while nobody has set the clock. */
	epoch: number | undefined;

	/** @param epoch wall time at the start in milliseconds, or a clock that was never set. */
	constructor(epoch: number | "unset" = 1_800_000_000_000) {
		this.epoch = epoch === "unset" ? undefined : epoch;
	}

	wallTime(): number | undefined {
		return this.epoch === undefined ? undefined : this.epoch + this.now;
	}

	monotonic(): number {
		return this.now;
	}

	/** Sets the wall clock, milliseconds. */
	set(wallTime: number): void {
		this.epoch = wallTime - this.now;
	}

	setTimer(callback: () => void, delay: number): Timer {
		const timer = { due: this.now + delay, callback };
		this.timers.push(timer);
		return timer;
	}

	clearTimer(timer: Timer): void {
		this.timers = this.timers.filter((other) => other !== timer);
	}

	/** Moves on by `milliseconds`, running every timer at its moment. */
	advance(milliseconds: number): void {
		const end = this.now + milliseconds;
		for (;;) {
			const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
			if (next === undefined) break;
			this.clearTimer(next);
			this.now = Math.max(this.now, next.due);
			next.callback();
		}
		this.now = end;
	}

	get pending(): number {
		return this.timers.length;
	}

	/** Milliseconds until the next timer; `undefined` without one. */
	get untilNext(): number | undefined {
		if (this.timers.length === 0) return undefined;
		return Math.max(0, Math.min(...this.timers.map(({ due }) => due)) - this.now);
	}

	/** Loses the timers due between these moments, as a platform does that is broken. */
	loseTimers(from: number, to: number): void {
		this.timers = this.timers.filter(({ due }) => due < from || due > to);
	}
}

/** The gateway lets the device in. */
export const CONNACK = { type: "connack", sessionPresent: false, code: 0 } as const;

/** A socket whose network is the case itself. */
export class ScriptedSocket implements TLSSocket {
	readonly options: TLSSocketOptions;
	closed = false;
	/** Everything the device sent, packet by packet. */
	readonly sent: Packet[] = [];
	private readonly version: ProtocolVersion;
	private readonly stream: PacketStream;
	private incoming: number[] = [];
	private room = 0;
	private packetId = 0;

	constructor(options: TLSSocketOptions, version: ProtocolVersion) {
		this.options = options;
		this.version = version;
		this.stream = new PacketStream({ version, maximumPacketSize: 200_000, from: "client" });
	}

	read(count?: number): ArrayBuffer | undefined {
		const bytes = this.incoming.splice(0, count ?? this.incoming.length);
		return bytes.length === 0 ? undefined : Uint8Array.from(bytes).buffer;
	}

	write(data: Uint8Array): number {
		if (data.length > this.room) throw new RangeError(`write: ${data.length} bytes into room for ${this.room}`);
		this.room -= data.length;
		this.stream.push(data);
		for (let packet = this.stream.next(); packet !== undefined; packet = this.stream.next()) this.sent.push(packet);
		return this.room;
	}

	close(): void {
		this.closed = true;
	}

	/** The handshake is done, or the socket has drained: `room` bytes can be written. */
	writable(room = 65_536): void {
		this.room = room;
		this.options.onWritable?.(room);
	}

	/** The gateway sends a packet. */
	deliver(packet: Packet): void {
		this.deliverBytes(encodePacket(packet, this.version));
	}

	/** The gateway delivers a message at QoS 1: bytes, a text, or what is to be JSON. */
	receive(topic: string, payload: Uint8Array | object | string, retain = false): void {
		const bytes = payload instanceof Uint8Array ? payload : utf8Encode(textOf(payload));
		const packetId = ++this.packetId;
		this.deliver({ type: "publish", topic, payload: bytes, qos: 1, retain, dup: false, packetId });
	}

	deliverBytes(bytes: Uint8Array): void {
		for (const byte of bytes) this.incoming.push(byte);
		this.options.onReadable?.(this.incoming.length);
	}

	/** @param told what the platform tells besides. */
	fail(code: TransportFailureCode, told: Partial<TransportFailure> = {}): void {
		this.options.onError?.({ code, message: `scripted ${code}`, ...told });
	}

	/** Bytes delivered that the device has not read. */
	get unread(): number {
		return this.incoming.length;
	}

	/** Types of what was sent, in order. */
	get types(): string {
		return this.sent.map(({ type }) => type).join(" ");
	}
}

function textOf(payload: object | string): string {
	return typeof payload === "string" ? payload : JSON.stringify(payload);
}

/** A network whose sockets are kept in the order they were opened. */
export class ScriptedNetwork {
	readonly sockets: ScriptedSocket[] = [];
	readonly TLSSocket: TLSSocketConstructor;

	constructor(version: ProtocolVersion = 5) {
		const { sockets } = this;
		this.TLSSocket = class extends ScriptedSocket {
			constructor(options: TLSSocketOptions) {
				super(options, version);
				sockets.push(this);
			}
		};
	}

	/** The socket opened last. */
	get last(): ScriptedSocket {
		return this.sockets[this.sockets.length - 1]!;
	}

	/** Those that the device has not closed. */
	get open(): readonly ScriptedSocket[] {
		return this.sockets.filter(({ closed }) => !closed);
	}

	/** Of all but the last one. */
	forget(): void {
		this.sockets.splice(0, this.sockets.length - 1);
	}
}

/** A Wi-Fi whose access point is the case itself. */
export class ScriptedWifi implements Network {
	/** How often the device joined. */
	joins = 0;
	/** What is to be told of the last join. */
	onChange: ((change: NetworkChange) => void) | undefined;

	join(onChange: (change: NetworkChange) => void): void {
		this.joins++;
		this.onChange = onChange;
	}

	leave(): void {
		this.onChange = undefined;
	}

	up(address = "192.0.2.7"): void {
		this.onChange?.({ isUp: true, address });
	}

	down(code: NetworkFailureCode): void {
		this.onChange?.({ isUp: false, failure: { code, message: `scripted ${code}` } });
	}
}

/** A server of time whose answers a case gives. */
export class ScriptedTime implements TimeSource {
	/** How often it was asked. */
	asked = 0;
	private readonly clock: VirtualClock;
	private answer: ((failure?: string) => void) | undefined;

	constructor(clock: VirtualClock) {
		this.clock = clock;
	}

	synchronize(answer: (failure?: string) => void): void {
		this.asked++;
		this.answer = answer;
	}

	cancel(): void {
		this.answer = undefined;
	}

	/** Sets the clock to `wallTime`, milliseconds. */
	set(wallTime: number): void {
		this.clock.set(wallTime);
		this.answer?.();
	}

	fail(): void {
		this.answer?.("scripted silence");
	}
}

/** A store in memory. */
export function memoryStore(initial: Readonly<Record<string, Uint8Array>> = {}): KeyValueStore {
	const values = new Map(Object.entries(initial));
	return {
		read: (key) => values.get(key)?.slice().buffer,
		write: (key, value) => void values.set(key, new Uint8Array(value.slice(0))),
		delete: (key) => void values.delete(key),
	};
}
