/**
 * Somebody who listens to what devices publish.
 * @module
 */
import type { IPublishPacket } from "mqtt-packet";
import type { RawClient } from "../gateway/raw-client.js";
import type { Site } from "../gateway/site.js";

export class Listener {
	/** What was heard, in order. */
	readonly messages: IPublishPacket[] = [];
	private readonly client: RawClient;

	private constructor(client: RawClient) {
		this.client = client;
	}

	static async join(site: Site, filter: string): Promise<Listener> {
		const client = await site.join("listener", { packet: { keepalive: 1200 } });
		await client.subscribe(filter, 0);
		return new Listener(client);
	}

	/** Hears all that the gateway has passed on so far. @returns how much that was. */
	async catchUp(): Promise<number> {
		const before = this.messages.length;
		this.client.send({ cmd: "pingreq" });
		for (;;) {
			await this.client.answered();
			const packet = this.client.received.shift();
			if (packet === undefined) throw new Error("the listener was disconnected");
			if (packet.cmd === "publish") this.messages.push(packet);
			if (packet.cmd === "pingresp") return this.messages.length - before;
		}
	}
}
