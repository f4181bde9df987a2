/**
 * A guest in XS, joined to the world through the ports that Node was given.
 *
 * Everything that reaches the guest (a command, a socket's callback, a timer) is one turn of the machine; turns wait
 * in one queue, and what a socket's turn says is looked up when the turn comes, not when it was queued.
 * @module
 */
import type { Timer } from "../../src/device/ports.js";
import type { Notice } from "./bridged-socket.js";
import { HostCalls, type HostPorts } from "./host-calls.js";
import { XsMachine, type XsMachineOptions } from "./machine.js";
import { XsMachineError } from "./machine-error.js";
import { COMMAND, MessageReader, MessageWriter } from "./protocol.js";

export interface XsGuestOptions extends Omit<XsMachineOptions, "onHostCall"> {
	/** A bundle whose entry calls `startGuest` (`guest/start-guest.ts`). */
	readonly program: string;
	readonly ports: HostPorts;
	/** What the guest emits. */
	readonly onEvent: (event: unknown) => void;
	/**
	 * A timer's or a socket's callback threw in the guest (`XsException`; the guest goes on, as long as the caller
	 * does not close it), or the machine ended (`XsMachineError`; all sockets are closed then).
	 */
	readonly onError: (error: Error) => void;
}

/** One waiting turn; `message` gives nothing where there is nothing left to tell. */
interface Turn {
	readonly message: () => MessageWriter | undefined;
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: Error) => void;
}

/** What Node's timers take at most; a tick before the deadline only sets the timer anew. */
const LONGEST_DELAY = 0x7fff_ffff;

export class XsGuest {
	/** To measure and cap. Its `command` is not for others. */
	readonly machine: XsMachine;
	private readonly options: XsGuestOptions;
	private readonly calls: HostCalls;
	private readonly turns: Turn[] = [];
	private running = false;
	private tickQueued = false;
	private timer: Timer | undefined;
	private ended: XsMachineError | undefined;

	/**
	 * Starts a machine and loads the program into it.
	 * @throws {XsMachineError}, or {XsException} where the program throws while it loads.
	 */
	static async start(options: XsGuestOptions): Promise<XsGuest> {
		const calls = new HostCalls(options.ports, options.onEvent);
		const machine = await XsMachine.start({ ...options, onHostCall: (bytes) => calls.answer(bytes) });
		const guest = new XsGuest(options, machine, calls);
		try {
			await machine.evaluate(options.program);
		} catch (error) {
			await guest.close();
			throw error;
		}
		guest.enqueueTick();
		return guest;
	}

	private constructor(options: XsGuestOptions, machine: XsMachine, calls: HostCalls) {
		this.options = options;
		this.machine = machine;
		this.calls = calls;
		calls.onNotice = (socket, notice) => this.enqueueUnasked(() => this.noticeMessage(socket, notice));
	}

	/**
	 * Calls one of the guest's commands; argument and result are JSON values.
	 * @throws {XsException} what the command threw; {XsMachineError} when the machine ends, or `closed`; {TypeError} on
	 * an argument that JSON cannot hold.
	 */
	run(command: string, argument?: unknown): Promise<unknown> {
		return this.enqueue(() => new MessageWriter(COMMAND.run).text(command).json(argument));
	}

	/** Resolves when the guest has done all that is queued for it, and all that came of it. */
	async idle(): Promise<void> {
		do await this.enqueue(() => undefined);
		while (this.turns.length > 0);
	}

	/** Ends the guest, its sockets and its timers; commands not answered yet are rejected, `closed`. */
	async close(): Promise<void> {
		this.end(new XsMachineError("closed", "closed"));
		await this.machine.close();
	}

	private enqueue(message: Turn["message"]): Promise<unknown> {
		return new Promise((resolve, reject) => {
			if (this.ended !== undefined) return reject(this.ended);
			this.turns.push({ message, resolve, reject });
			if (!this.running) void this.runTurns();
		});
	}

	private async runTurns(): Promise<void> {
		this.running = true;
		for (let turn = this.turns.shift(); turn !== undefined; turn = this.turns.shift()) await this.runTurn(turn);
		this.running = false;
	}

	private async runTurn(turn: Turn): Promise<void> {
		try {
			const message = turn.message();
			if (message === undefined) return turn.resolve(undefined);
			const reply = new MessageReader(Uint8Array.from(await this.machine.command(message.end())));
			this.armTimer(reply.f64());
			turn.resolve(reply.json());
		} catch (error) {
			turn.reject(error as Error);
			// A turn that threw does not tell the next deadline; a tick does.
			if (error instanceof XsMachineError) this.end(error);
			else this.enqueueTick();
		}
	}

	/** For turns that nobody waits for. The end of the machine is told once, by {@link end}. */
	private enqueueUnasked(message: Turn["message"]): void {
		this.enqueue(message).catch((error: Error) => {
			if (!(error instanceof XsMachineError)) this.options.onError(error);
		});
	}

	private enqueueTick(): void {
		if (this.tickQueued) return;
		this.tickQueued = true;
		this.enqueueUnasked(() => {
			this.tickQueued = false;
			return new MessageWriter(COMMAND.tick);
		});
	}

	private noticeMessage(id: number, notice: Notice): MessageWriter | undefined {
		const socket = this.calls.socket(id);
		socket?.told(notice);
		if (socket === undefined) return undefined;
		if (notice === "error") return new MessageWriter(COMMAND.socketError).u32(id).json(socket.failure);
		const count = notice === "readable" ? socket.readable : socket.writable;
		// Nothing left to tell: the guest took it in an earlier turn.
		if (count === 0) return undefined;
		return new MessageWriter(notice === "readable" ? COMMAND.socketReadable : COMMAND.socketWritable)
			.u32(id)
			.u32(count);
	}

	/** Has the guest's next timer run in time: at once when it is due, a turn for each timer. */
	private armTimer(deadline: number): void {
		const { clock } = this.options.ports;
		if (this.timer !== undefined) clock.clearTimer(this.timer);
		this.timer = undefined;
		if (this.ended !== undefined || deadline === Number.POSITIVE_INFINITY) return;
		const delay = deadline - clock.monotonic();
		if (delay <= 0) this.enqueueTick();
		else this.timer = clock.setTimer(() => this.enqueueTick(), Math.min(delay, LONGEST_DELAY));
	}

	/** The first reason stands. */
	private end(error: XsMachineError): void {
		if (this.ended !== undefined) return;
		this.ended = error;
		this.armTimer(Number.POSITIVE_INFINITY);
		this.calls.closeSockets();
		for (const turn of this.turns.splice(0)) turn.reject(error);
		if (error.code !== "closed") this.options.onError(error);
	}
}
