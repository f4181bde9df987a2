/**
 * Whoever makes updates, played: offers signed beforehand, and a receiver whose requests wait until a test has them
 * answered.
 * @module
 */
import { base64Decode } from "../../../src/device/encoding/base64.js";
import { utf8Decode, utf8Encode } from "../../../src/device/encoding/utf8.js";
import type { KeyValueStore } from "../../../src/device/ports.js";
import { parseRsaPublicKey } from "../../../src/device/signing/rsa-public-key.js";
import {
	UpdateAttempts,
	type UpdateEvent,
	UpdateReceiver,
	type UpdateStatus,
} from "../../../src/device/update/index.js";
import { type ChunkRequest, encodeDataMessage } from "../../../src/device/update/offer.js";
import type { UpdateReceiverOptions } from "../../../src/device/update/update-interface.js";
import { memoryStore, VirtualClock } from "../world.js";
import { imageOf, ScriptedSlots, type SlotsScript } from "./scripted-slots.js";
import { TestSha256 } from "./sha256.js";

export const TOPIC = "devices/dev1/update";

/**
 * SubjectPublicKeyInfo of the published test key in `host-test/vectors/aws/token-signature.json`; a test in Node sees
 * that it made the signatures below.
 */
export const PUBLIC_KEY =
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsYZkVWFr3eeVggRtaY9gJMu3cPwbbypURhP7yTIoYBU3Re+mQE0pxLXZTasQMbzglOjQB+/wJ4oIGX02N9KuJc4tpj7EmttXCfeQxMHCUUuqr/c8CuwxTr2fITw8bhDRS76Izoflky4+Ifnnya+CoTTyGFDcET1ED2wtWq0p0SmLo/i4tOx/0tFGHgclFhixJX4ZAhrCHT/Jdd+BVsZ6nOP3QJK1Uz0MRHyWI6a4FFMbnFut5bDtwaXjEnU4cXw+pUXF8IWuXjmqhoPvKjIzfDGMyVqdsCdYqad+soI9i86RYEF30woam5/dA4sh7pUIEm6gnyHS5e/GVI2cuA4jSwIDAQAB";

/** An image and the members of its offer. */
export interface Release {
	readonly image: Uint8Array;
	readonly version: number;
	readonly size: number;
	readonly sha256: string;
	readonly signature: string;
}

export const RELEASE_2: Release = {
	image: imageOf(2, 40),
	version: 2,
	size: 40,
	sha256: "c5c4384067b1c583f7180c2959aa3f07022bb9420008b4c711e5e8aa1c46271f",
	signature:
		"La3Ynhp5759VKGfvPr5cxEj35MInGdQbrrbE81VCVu1iZ781KLIbmlWMtZykRT9BIOGZ1MDqVY0J93cCGclPpzVwREA0YTQayMekqP5Pma/2olsuFoofYZ77DxKqosI/X4brPKjsvLYV4mOkJcMZ+RBXjv42/HFqwIf/jTwFLZbWeVGJaBz0/kIInPEhoBSJEQYb9klWDAZ2BHsTf0R1nxUgqpPigTokeqqUb8SmG5V0wj1RyavCjwnBdSNpSfX/u4nhXiC3iXNHoghumiOfrE03iZSCTBrSPbZ0oL/MBN4JGRvHSStaqPp7Cizt7Oa5AU9cPJyLl8EAT+dxxpkE6w==",
};

export const RELEASE_3: Release = {
	image: imageOf(3, 57),
	version: 3,
	size: 57,
	sha256: "889dfee85f6775dab232584af5a13435710048e1f2ebee94bdc6d306440b10f4",
	signature:
		"THyTocVw1Cg4lDLucdd4p/ueP24mCrZ57JO4Z5wHZ8Efmi3SrmF8rzT+y+tl9tEQe4pLUSbknc6JJpYRHppv5du48Z/FJWEHGmPKInxCcodooTeb74reukyiMrJceLYH8gOxukF+xaSwgAD/gjbusLhcJrxgkZ2iP9u/VPiYw1ZELcK9+VW/+Iv14DgnsSSphHO4hL4liJt7VjDXp2z2eBJgA0m8KkDm1r59C1DIdVvdAOH1o+D7YbKONyKQMjK7Eyv1tzg81mM1Kzn9Ey4UGcpEh7sJ6HfdU0wNp+X6TZO+eNoryjAhnNqnrKL6pYdbm1BiLR5NYsFVTnEW4cCb3A==",
};

/** The offer's message, with changes for those that are to be refused. */
export function offerOf({ version, size, sha256, signature }: Release, changes: object = {}): Uint8Array {
	return utf8Encode(JSON.stringify({ version, size, sha256, signature, ...changes }));
}

/** The answer to a request. */
export function answerTo({ version, offset, length }: ChunkRequest, image: Uint8Array): Uint8Array {
	return encodeDataMessage({ version, offset, bytes: image.subarray(offset, offset + length) });
}

type Changes = Partial<Omit<UpdateReceiverOptions, "slots" | "clock" | "attempts">> & {
	/** Where attempts are remembered. */
	readonly store?: KeyValueStore;
	readonly slots?: ScriptedSlots | SlotsScript;
	/** What the owner does in an event. */
	readonly react?: (event: UpdateEvent, world: PlayedUpdate) => void;
};

/** A receiver in chunks of 16 bytes, and all that it tells. */
export class PlayedUpdate {
	readonly clock = new VirtualClock();
	readonly slots: ScriptedSlots;
	readonly store: KeyValueStore;
	readonly receiver: UpdateReceiver;
	readonly events: UpdateEvent[] = [];
	/** Requests that were sent, and how many of them were answered. */
	readonly requests: ChunkRequest[] = [];
	answered = 0;
	readonly statuses: UpdateStatus[] = [];
	/** QoS of everything that was sent, by topic. */
	readonly qos = new Map<string, number>();
	/** While set, publishing throws it. */
	unsendable: Error | undefined;

	constructor({ slots = {}, store = memoryStore(), react = () => {}, ...changes }: Changes = {}) {
		this.store = store;
		this.slots = slots instanceof ScriptedSlots ? slots : new ScriptedSlots(slots);
		this.receiver = new UpdateReceiver({
			clock: this.clock,
			slots: this.slots,
			createHash: () => new TestSha256(),
			attempts: new UpdateAttempts(store),
			publicKey: parseRsaPublicKey(base64Decode(PUBLIC_KEY)),
			topic: TOPIC,
			chunkSize: 16,
			publish: (topic, payload, qos) => this.published(topic, payload, qos),
			onEvent: (event) => {
				this.events.push(event);
				react(event, this);
			},
			...changes,
		});
	}

	/** Online, and with an offer under way. */
	static of(release: Release, changes: Changes = {}): PlayedUpdate {
		const world = new PlayedUpdate(changes);
		world.receiver.online();
		world.offer(offerOf(release));
		return world;
	}

	offer(payload: Uint8Array): void {
		this.receiver.message(`${TOPIC}/offer`, payload);
	}

	data(payload: Uint8Array): void {
		this.receiver.message(`${TOPIC}/data`, payload);
	}

	/** Bytes of version 2 unless told otherwise, from `offset` on. */
	bytes(offset: number, bytes: Uint8Array, version = 2): void {
		this.data(encodeDataMessage({ version, offset, bytes }));
	}

	/** Answers the requests that wait, and those that come of it, `most` in all. */
	serve(image: Uint8Array, most = Number.POSITIVE_INFINITY): void {
		for (let count = 0; count < most && this.answered < this.requests.length; count++)
			this.data(answerTo(this.requests[this.answered++]!, image));
	}

	/** The device restarts: a new receiver over what flash holds. */
	powerUp(): PlayedUpdate {
		return new PlayedUpdate({ slots: this.slots.powerUp(), store: this.store });
	}

	/** Names of the events, without `update-`. */
	get told(): string {
		return this.events.map(({ event }) => event.slice("update-".length)).join(" ");
	}

	/** Code of the last event's error. */
	get trouble(): string | undefined {
		const last = this.events[this.events.length - 1];
		return last !== undefined && "error" in last ? last.error.code : undefined;
	}

	/** Offsets that were asked for. */
	get offsets(): number[] {
		return this.requests.map(({ offset }) => offset);
	}

	private published(topic: string, payload: Uint8Array, qos: 0 | 1): void {
		if (this.unsendable !== undefined) throw this.unsendable;
		this.qos.set(topic, qos);
		const message = JSON.parse(utf8Decode(payload)) as unknown;
		if (topic === `${TOPIC}/request`) this.requests.push(message as ChunkRequest);
		else this.statuses.push(message as UpdateStatus);
	}
}
