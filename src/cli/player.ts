/**
 * One virtual device on the demo's stage: gets its credential into its store, powers up, and can be waited on.
 * @module
 */
import { CREDENTIAL_VERSION, provisionStore } from "../device/credential/index.js";
import { utf8Encode } from "../device/encoding/utf8.js";
import { parseRsaPrivateKey, signToken } from "../device/signing/index.js";
import { FileStore } from "../host/file-store.js";
import { nodeDigest } from "../host/ports.js";
import type { DeviceEvent, VirtualDevice } from "../host/virtual-device.js";
import { DEVELOPMENT_AUTHORIZER, type DevelopmentAccount } from "./development-account.js";
import type { DeviceEngine } from "./engine.js";
import { CommandFailure } from "./failure.js";
import { readInput } from "./files.js";
import { Happenings } from "./happenings.js";
import type { Report } from "./report.js";
import type { Stage } from "./stage.js";

export interface PlayerOptions {
	readonly clientId: string;
	readonly engine: DeviceEngine;
	/** Where its store is. */
	readonly folder: string;
	/** What it subscribes to. */
	readonly filters: readonly string[];
	readonly stage: Stage;
	readonly report: Report;
	/** The engine that runs it failed. */
	readonly onBroken: (error: Error) => void;
}

export class Player {
	private readonly options: PlayerOptions;
	private readonly happenings = new Happenings<DeviceEvent>();
	private starting: Promise<VirtualDevice> | undefined;
	private hasLeft = false;

	constructor(options: PlayerOptions) {
		this.options = options;
	}

	/**
	 * Provisions the device and switches it on.
	 * @param identity its token, signed with `privateKey` (PEM), or else with the account's key.
	 */
	async powerUp(
		identity: { readonly mode: "rsa" | "presigned"; readonly token: string; readonly privateKey?: string },
		account: DevelopmentAccount,
	): Promise<void> {
		const { clientId, engine, folder, filters, stage, report, onBroken } = this.options;
		const { mode, token, privateKey = await readInput(account.keyFile, "key") } = identity;
		const { name, tokenKeyName } = DEVELOPMENT_AUTHORIZER;
		const signed =
			mode === "rsa" ? { privateKey } : { signature: signToken(token, parseRsaPrivateKey(privateKey), nodeDigest) };
		const credential = {
			version: CREDENTIAL_VERSION,
			mode,
			clientId,
			endpoint: stage.endpoint,
			authorizerName: name,
			tokenKeyName,
			token,
			...signed,
		};
		const store = new FileStore(folder);
		provisionStore(store, JSON.stringify(credential), nodeDigest);
		if (this.hasLeft) throw this.left();
		this.starting = engine.start({
			store,
			certificate: stage.certificates.trustAnchor,
			subscriptions: filters,
			onEvent: (event) => {
				report.device(clientId, event);
				this.happenings.add(event);
			},
			onError: (error) => {
				this.happenings.fail(error);
				if (!this.hasLeft) onBroken(error);
			},
		});
		await this.starting;
	}

	async online(): Promise<void> {
		await this.expect(({ event }) => event === "online", "connection");
	}

	/** Online, and its subscription granted. */
	async subscribed(): Promise<void> {
		await this.expect(
			(event) => event.event === "subscribed" && event.codes.every((code) => code < 0x80),
			"subscription",
		);
	}

	/** Refused by the gateway, as it should be. */
	async refused(): Promise<void> {
		const event = await this.happenings.first(({ event }) => event === "over" || event === "online", "refusal");
		if (event.event === "over" && event.outcome.kind === "refused") return;
		throw new CommandFailure({ code: "not-refused", cause: `${this.options.clientId} was not refused` });
	}

	/** Publishes at QoS 1 and waits for the acknowledgement. */
	async publish(topic: string, text: string): Promise<void> {
		const device = await this.starting!;
		const id = await device.publish({ topic, payload: utf8Encode(text), qos: 1 });
		await this.expect(
			(event) => event.event === "acknowledged" && event.id === id && event.code < 0x80,
			"acknowledgement",
		);
	}

	/** A message with this payload has come. */
	async received(text: string): Promise<void> {
		const decoder = new TextDecoder();
		await this.expect(
			(event) => event.event === "message" && decoder.decode(event.packet.payload) === text,
			"command at the device",
		);
	}

	/** At any moment, also while it powers up. Whoever still waits for something of this player waits in vain. */
	async leave(): Promise<void> {
		this.hasLeft = true;
		this.happenings.fail(this.left());
		const [started] = await Promise.allSettled([this.starting]);
		// One that could not start has told so to whom started it.
		if (started.status === "fulfilled") await started.value?.stop();
	}

	private left(): CommandFailure {
		return new CommandFailure({ code: "left", cause: `${this.options.clientId} has left` });
	}

	/** What goes wrong instead is an error at once, not after the patience is spent. */
	private async expect(matches: (event: DeviceEvent) => boolean, what: string): Promise<void> {
		const wrong = ({ event }: DeviceEvent) => event === "over" || event === "failed";
		const event = await this.happenings.first((event) => matches(event) || wrong(event), what);
		if (event.event === "over")
			throw new CommandFailure({ code: event.outcome.kind, cause: event.outcome.cause, remedy: event.outcome.remedy });
		if (event.event === "failed") throw event.error;
	}
}
