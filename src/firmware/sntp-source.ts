/**
 * The time source of `src/device/ports.ts` over SNTP: several servers in turn, each asked twice.
 * @module
 */
import type { Clock, Random, Timer, TimeSource } from "../device/ports.js";
import { faultText, guarded, type OnFault } from "./faults.js";
import { decodeSntpAnswer, encodeSntpQuestion, SNTP_NONCE_BYTES, type SntpAnswer } from "./sntp-packet.js";
import type { Resolve } from "./tcp-socket.js";

/** The SDK's `embedded:io/socket/udp`, as far as it is used. */
export interface UDPSocket {
	/** @throws where there is no network, or no such address. */
	write(data: Uint8Array, address: string, port: number): void;
	/** The next packet that has come; its sender is told as its properties. */
	read(): (ArrayBuffer & { readonly address: string; readonly port: number }) | undefined;
	close(): void;
}

export type UDPSocketConstructor = new (options: { onReadable: (packets: number) => void }) => UDPSocket;

export interface TimeServer {
	/** Name or address. */
	readonly host: string;
	/** UDP port, 1..65535. */
	readonly port: number;
}

export interface SntpSourceOptions {
	/** One at least; asked in this order. */
	readonly servers: readonly TimeServer[];
	readonly UDP: UDPSocketConstructor;
	readonly resolve: Resolve;
	readonly clock: Clock;
	readonly random: Random;
	/** @param seconds since 1970. */
	readonly setTime: (seconds: number) => void;
	/** Milliseconds since 1970: a server that tells an earlier moment is wrong. */
	readonly notBefore: number;
	readonly onFault: OnFault;
}

/** Questions to a server before the next one is asked. */
const QUESTIONS = 2;
/** Milliseconds that an answer may take; on the way it may be late by no more than this. */
const PATIENCE = 3_000;

export class SntpSource implements TimeSource {
	private readonly options: SntpSourceOptions;
	private round: Round | undefined;

	constructor(options: SntpSourceOptions) {
		this.options = options;
	}

	synchronize(answer: (failure?: string) => void): void {
		this.cancel();
		const round = new Round(this.options, (failure) => {
			if (this.round !== round) return;
			this.round = undefined;
			answer(failure);
		});
		this.round = round;
		round.start();
	}

	cancel(): void {
		this.round?.stop();
		this.round = undefined;
	}
}

/** One synchronization: the servers in turn, until one of them has told the time. */
class Round {
	private readonly options: SntpSourceOptions;
	private readonly finish: (failure?: string) => void;
	/** What came of each server that was asked. */
	private readonly failures: string[] = [];
	private server = 0;
	private questions = 0;
	private socket: UDPSocket | undefined;
	private timer: Timer | undefined;
	private nonce: Uint8Array = new Uint8Array(0);
	private askedAt = 0;
	private over = false;

	constructor(options: SntpSourceOptions, finish: (failure?: string) => void) {
		this.options = options;
		this.finish = finish;
	}

	start(): void {
		this.after(0, () => this.reach());
	}

	stop(): void {
		this.over = true;
		this.release();
	}

	private reach(): void {
		const server = this.options.servers[this.server];
		if (server === undefined) {
			this.end(this.failures.join("; "));
			return;
		}
		const turn = this.server;
		try {
			this.options.resolve(server.host, (address) => {
				if (this.over || turn !== this.server) return;
				if (address === undefined) this.next("its name has no address");
				else this.attempt(() => this.open(server, address));
			});
		} catch (error) {
			this.next(faultText(error));
		}
	}

	private open({ port }: TimeServer, address: string): void {
		const { UDP, onFault } = this.options;
		const socket: UDPSocket = new UDP({
			onReadable: guarded("UDP", onFault, () => {
				if (socket === this.socket) this.attempt(() => this.receive(socket, address, port));
			}),
		});
		this.socket = socket;
		this.questions = 0;
		this.ask(socket, address, port);
	}

	private ask(socket: UDPSocket, address: string, port: number): void {
		if (this.questions === QUESTIONS) {
			this.next("it does not answer");
			return;
		}
		this.questions++;
		const { random, clock } = this.options;
		this.nonce = random.bytes(SNTP_NONCE_BYTES);
		this.askedAt = clock.monotonic();
		this.after(PATIENCE, () => this.attempt(() => this.ask(socket, address, port)));
		socket.write(encodeSntpQuestion(this.nonce), address, port);
	}

	private receive(socket: UDPSocket, address: string, port: number): void {
		for (let packet = socket.read(); packet !== undefined; packet = socket.read()) {
			if (packet.address !== address || packet.port !== port) continue;
			const answer = decodeSntpAnswer(new Uint8Array(packet), this.nonce);
			if (answer === undefined) continue;
			this.take(answer);
			return;
		}
	}

	private take(answer: SntpAnswer): void {
		const { clock, notBefore, setTime } = this.options;
		if ("refusal" in answer) {
			this.next(answer.refusal === "kiss-of-death" ? "it asks to be left alone" : "it does not know the time itself");
			return;
		}
		if (answer.time < notBefore) {
			this.next("it tells a time before the firmware was built");
			return;
		}
		// Half of the way there and back; the SDK's clock takes whole seconds.
		const way = (clock.monotonic() - this.askedAt) / 2;
		setTime(Math.round((answer.time + way) / 1000));
		this.end();
	}

	/** What throws in here is the server's failure and not the firmware's: no network, no such address. */
	private attempt(step: () => void): void {
		try {
			step();
		} catch (error) {
			this.next(faultText(error));
		}
	}

	private next(failure: string): void {
		const { host } = this.options.servers[this.server]!;
		this.failures.push(`${host}: ${failure}`);
		this.release();
		this.server++;
		this.after(0, () => this.reach());
	}

	/** In a turn of its own: what the owner throws is not the server's failure. */
	private end(failure?: string): void {
		this.release();
		this.after(0, () => {
			this.over = true;
			this.finish(failure);
		});
	}

	private release(): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
		this.socket?.close();
		this.socket = undefined;
	}

	private after(delay: number, callback: () => void): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = this.options.clock.setTimer(() => {
			this.timer = undefined;
			callback();
		}, delay);
	}
}
