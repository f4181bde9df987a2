/**
 * The gateway's side of every connection that a scripted network opens: lets in whom it likes, and acknowledges everything.
 * @module
 */
import type { Packet } from "../../../src/device/mqtt/packets.js";
import { CONNACK, type ScriptedNetwork, type ScriptedSocket, type VirtualClock } from "../world.js";
import { tokenOf } from "./powered-agent.js";

export class PlayedGateway {
	/** First payload bytes of the messages that it has acknowledged, as often as it did. */
	readonly taken: number[] = [];
	/** Tokens of those that it has let in. */
	readonly admitted: string[] = [];
	private readonly network: ScriptedNetwork;
	private readonly accepts: (token: string) => boolean;
	private readonly served = new Map<ScriptedSocket, number>();

	/** @param accepts whom it lets in, by the token. */
	constructor(network: ScriptedNetwork, accepts: (token: string) => boolean) {
		this.network = network;
		this.accepts = accepts;
	}

	/** Answers all that waits for an answer. */
	serve(): void {
		for (let served = true; served; ) {
			served = false;
			for (const socket of this.network.sockets) {
				if (socket.closed) this.served.delete(socket);
				else if (this.serveSocket(socket)) served = true;
			}
		}
	}

	/** Lets time pass, from timer to timer, and answers, until `done` or for `milliseconds`. */
	run(clock: VirtualClock, milliseconds: number, done: () => boolean = () => false): void {
		const end = clock.monotonic() + milliseconds;
		for (;;) {
			this.serve();
			const left = end - clock.monotonic();
			if (left <= 0 || done()) return;
			clock.advance(Math.min(left, clock.untilNext ?? left));
		}
	}

	private serveSocket(socket: ScriptedSocket): boolean {
		const at = this.served.get(socket);
		if (at === undefined) {
			this.served.set(socket, 0);
			socket.writable();
			return true;
		}
		const packet = socket.sent[at];
		if (packet === undefined) return false;
		this.served.set(socket, at + 1);
		this.answer(socket, packet);
		return true;
	}

	private answer(socket: ScriptedSocket, packet: Packet): void {
		switch (packet.type) {
			case "connect": {
				const token = tokenOf(packet) ?? "";
				const isWelcome = this.accepts(token);
				if (isWelcome) this.admitted.push(token);
				socket.deliver({ ...CONNACK, code: isWelcome ? 0 : 0x87 });
				break;
			}
			case "subscribe": {
				const codes = packet.subscriptions.map(({ qos }) => qos);
				socket.deliver({ type: "suback", packetId: packet.packetId, codes });
				break;
			}
			case "publish":
				if (packet.packetId === undefined) break;
				this.taken.push(packet.payload[0]!);
				socket.deliver({ type: "puback", packetId: packet.packetId, code: 0 });
				break;
			case "pingreq":
				socket.deliver({ type: "pingresp" });
		}
	}
}
