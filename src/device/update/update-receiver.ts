/**
 * Receives an update of the firmware over MQTT: an offer comes in, its image is asked for part by part, verified and
 * written. What it does when is the table of `update-table.ts`.
 *
 * An offer counts when the updater's key has signed it and its version is above that of the image that runs, so that
 * nobody who may merely publish can put in an image or bring back an old one. The device sets the pace: one request is
 * out at a time, and only the bytes that it asked for, from where the written ones end, are taken. So messages may come
 * twice, late or not at all, and connections may be lost between them.
 * @module
 */
import { requireWithin } from "../bounds.js";
import type { DeviceError } from "../device-error.js";
import { utf8Encode, utf8Length } from "../encoding/utf8.js";
import type { Subscription } from "../mqtt/index.js";
import { isTopicName } from "../mqtt/topics.js";
import type { Timer } from "../ports.js";
import { verifyRsaSha256 } from "../signing/rsa-verify.js";
import { ImageTransfer } from "./image-transfer.js";
import { canonicalText, decodeDataMessage, type Offer, parseOffer } from "./offer.js";
import { MOST_ATTEMPTS } from "./update-attempts.js";
import { thrownText } from "./update-error.js";
import { RESTART_DELAY, type UpdateReceiverOptions, type UpdateStatus } from "./update-interface.js";
import {
	alreadyRunning,
	expectDeviceError,
	givenUp,
	notNewer,
	onTrial,
	restartPending,
	signatureUnread,
	signatureWrong,
	superseded,
	unanswered,
} from "./update-refusals.js";
import {
	PATIENCE_TRIES,
	patience,
	type UpdateAction,
	type UpdateState,
	type UpdateStimulus,
	updateTransition,
} from "./update-table.js";

/** As much as a sector of flash. */
const CHUNK_SIZE = 4096;

export class UpdateReceiver {
	/** What the device has to subscribe to at every connection. */
	readonly subscriptions: readonly Subscription[];
	private readonly options: UpdateReceiverOptions;
	private current: UpdateState = "offline";
	/** The image under way: while paused or receiving. */
	private transfer: ImageTransfer | undefined;
	/** The offer of the image that is complete. */
	private completed: Offer | undefined;
	/** Runs while a request is out. */
	private timer: Timer | undefined;
	/** Requests without an answer since bytes came last. */
	private unanswered = 0;
	/** Why the last request could not be sent. */
	private unsent: string | undefined;
	/** The last status, where it could not be sent. */
	private owed: UpdateStatus | undefined;

	/** @throws {RangeError} for a topic or a chunk size out of bounds. */
	constructor(options: UpdateReceiverOptions) {
		const { topic, chunkSize = CHUNK_SIZE } = options;
		if (!isTopicName(topic) || topic.includes("\0") || utf8Length(topic) > 248 || topic.split("/").length > 7)
			throw new RangeError("topic: expected 1..248 bytes, at most 6 slashes and no wildcard");
		requireWithin("chunkSize", chunkSize, 1, 65_536);
		this.options = options;
		this.subscriptions = [
			{ filter: `${topic}/offer`, qos: 1 },
			{ filter: `${topic}/data`, qos: 1 },
		];
	}

	get state(): UpdateState {
		return this.current;
	}

	/** The device is connected and has subscribed. */
	online(): void {
		const action = this.apply("online");
		if (this.owed !== undefined) this.tell(this.owed);
		if (action !== "ask") return;
		this.rest();
		this.ask();
	}

	/** The connection is lost; what has come is kept. */
	offline(): void {
		if (this.apply("offline") === "rest") this.rest();
	}

	/**
	 * Forgets the image under way, and tells nobody: for an owner who puts another receiver in place of this one. One that
	 * is complete boots all the same.
	 */
	stop(): void {
		this.drop();
		this.offline();
	}

	/** Takes a message of any topic; those that are not of updates do nothing. Nothing is thrown for what it holds. */
	message(topic: string, payload: Uint8Array): void {
		if (topic === this.subscriptions[0]!.filter) this.offered(payload);
		else if (topic === this.subscriptions[1]!.filter) this.arrived(payload);
	}

	private apply(stimulus: UpdateStimulus): UpdateAction {
		const { next, action } = updateTransition(this.current, stimulus);
		this.current = next;
		return action;
	}

	private offered(payload: Uint8Array): void {
		const action = this.apply("offer");
		// An empty message is how a retained offer is taken back.
		if (action === "none" || payload.length === 0) return;
		let offer: Offer | undefined;
		try {
			offer = parseOffer(payload);
			// Delivered twice, or retained and delivered again.
			if (this.isAtHand(offer)) return;
			if (action === "refuse") throw restartPending();
			this.check(offer);
		} catch (error) {
			this.refuse(error, offer);
			return;
		}
		this.begin(offer);
	}

	private isAtHand({ version, size, sha256 }: Offer): boolean {
		const known = this.transfer?.offer ?? this.completed;
		return known !== undefined && known.version === version && known.size === size && known.sha256 === sha256;
	}

	/** @throws {DeviceError} for an offer that is not to be followed. What costs most is looked at last. */
	private check(offer: Offer): void {
		const { slots } = this.options;
		if (slots.isOnTrial) throw onTrial();
		if (offer.version === slots.version) throw alreadyRunning(offer.version);
		if (offer.version < slots.version) throw notNewer(offer.version, `version ${slots.version}, which runs`);
		const rival = this.transfer?.offer.version;
		if (rival !== undefined && offer.version <= rival)
			throw notNewer(offer.version, `version ${rival}, which is being received`);
		const times = this.options.attempts.count(offer.version);
		if (times >= MOST_ATTEMPTS) throw givenUp(offer.version, times);
		if (!this.isSigned(offer)) throw signatureWrong();
	}

	private isSigned(offer: Offer): boolean {
		const { createHash, publicKey } = this.options;
		const sha256 = (data: Uint8Array) => {
			const hash = createHash();
			hash.update(data);
			return hash.digest();
		};
		try {
			return verifyRsaSha256(utf8Encode(canonicalText(offer)), offer.signature, publicKey, { sha256 });
		} catch (error) {
			throw signatureUnread(error);
		}
	}

	/** Begins the image of a checked offer, in place of an older one. All is done before anything is told. */
	private begin(offer: Offer): void {
		const { slots, createHash } = this.options;
		const former = this.drop();
		let refusal: unknown;
		try {
			this.transfer = new ImageTransfer(offer, slots, createHash);
			this.apply("begun");
		} catch (error) {
			refusal = error;
		}
		const { transfer } = this;
		if (former !== undefined) this.tellFailed(former.offer.version, superseded(offer.version));
		if (transfer === undefined) {
			this.refuse(refusal, offer);
			return;
		}
		if (transfer !== this.transfer) return;
		const { version, size } = offer;
		this.tell({ state: "receiving", version, size });
		this.options.onEvent({ event: "update-offered", version, size });
		this.proceed(transfer);
	}

	private arrived(payload: Uint8Array): void {
		const message = decodeDataMessage(payload);
		const { transfer } = this;
		if (message === undefined || transfer === undefined || !transfer.expects(message)) return;
		if (this.apply("bytes") !== "take") return;
		this.rest();
		try {
			transfer.take(message.bytes);
		} catch (error) {
			this.fail(error);
			return;
		}
		this.unanswered = 0;
		const { offer, received } = transfer;
		this.options.onEvent({ event: "update-progress", version: offer.version, received, size: offer.size });
		this.proceed(transfer);
	}

	/** On with a transfer, unless the owner's handler has called the receiver and that has already led on. */
	private proceed(transfer: ImageTransfer): void {
		if (transfer !== this.transfer || this.timer !== undefined) return;
		if (transfer.isWhole) this.finish(transfer);
		else if (this.current !== "receiving") return;
		else if (transfer.isAnswered) this.ask();
		else this.wait();
	}

	private ask(): void {
		const { transfer } = this;
		if (transfer === undefined || transfer.isWhole) return;
		const { topic, chunkSize = CHUNK_SIZE } = this.options;
		const request = transfer.next(chunkSize);
		this.wait();
		// QoS 0: one that is lost is made again, and none is to be kept for another connection.
		this.unsent = this.publish(`${topic}/request`, request, 0);
	}

	private wait(): void {
		this.timer = this.options.clock.setTimer(() => {
			this.timer = undefined;
			this.unanswered++;
			if (this.unanswered >= PATIENCE_TRIES) this.fail(unanswered(this.transfer?.received ?? 0, this.unsent));
			else if (this.apply("timeout") === "ask") this.ask();
		}, patience(this.unanswered));
	}

	private rest(): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
	}

	private finish(transfer: ImageTransfer): void {
		try {
			this.options.attempts.add(transfer.offer.version);
			transfer.complete();
		} catch (error) {
			this.fail(error);
			return;
		}
		const { version } = transfer.offer;
		this.transfer = undefined;
		this.completed = transfer.offer;
		this.apply("filled");
		this.tell({ state: "ready", version });
		this.options.onEvent({ event: "update-ready", version });
		this.awaitRelease();
	}

	private awaitRelease(): void {
		const { clock, slots, onReady } = this.options;
		const restart = () => {
			if (this.apply("release") === "restart") slots.restart();
		};
		if (onReady === undefined) clock.setTimer(restart, RESTART_DELAY);
		else onReady(restart);
	}

	private refuse(error: unknown, offer: Offer | undefined): void {
		const known = offer === undefined ? {} : { version: offer.version };
		const trouble = expectDeviceError(error);
		this.tell({ state: "refused", ...known, ...toldOf(trouble) });
		this.options.onEvent({ event: "update-refused", ...known, error: trouble });
	}

	private fail(error: unknown): void {
		const failed = this.drop();
		if (failed !== undefined) this.tellFailed(failed.offer.version, expectDeviceError(error));
	}

	/** Forgets the image under way, and gives what is forgotten. */
	private drop(): ImageTransfer | undefined {
		const { transfer } = this;
		if (this.apply("fault") !== "give-up" || transfer === undefined) return undefined;
		this.rest();
		this.transfer = undefined;
		this.unanswered = 0;
		transfer.close();
		return transfer;
	}

	private tellFailed(version: number, error: DeviceError): void {
		this.tell({ state: "failed", version, ...toldOf(error) });
		this.options.onEvent({ event: "update-failed", version, error });
	}

	private tell(status: UpdateStatus): void {
		const unsent = this.publish(`${this.options.topic}/status`, status, 1);
		this.owed = unsent === undefined ? undefined : status;
	}

	/** @returns why it could not be sent: it is sent again, by the timer or when the device comes online. */
	private publish(topic: string, message: object, qos: 0 | 1): string | undefined {
		try {
			this.options.publish(topic, utf8Encode(JSON.stringify(message)), qos);
			return undefined;
		} catch (error) {
			return thrownText(error);
		}
	}
}

function toldOf({ code, message, remedy }: DeviceError): { code: string; cause: string; remedy: string } {
	return { code, cause: message, remedy };
}
