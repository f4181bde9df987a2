/**
 * One connection of a TLS 1.2 server that keeps to the protocol, except where its script says otherwise.
 *
 * ECDHE with P-256 and AES-128-GCM alone. Where a client takes what it should have refused, the server goes on to the
 * end and decrypts what the client then says: that is how a leak is seen.
 * @module
 */
import { createECDH, randomBytes } from "node:crypto";
import { type KeyExchange, namedCurve, signedKeyExchange } from "./key-exchange.js";
import {
	masterSecret,
	type Randoms,
	type TrafficKeys,
	trafficKeys,
	transcriptHash,
	verifyData,
} from "./key-schedule.js";
import {
	alpnExtension,
	type ClientHello,
	certificateList,
	EXTENSION,
	HANDSHAKE,
	helloExtension,
	message,
	readClientHello,
	type ServerHello,
	SUITE,
	serverHello,
	uint,
	vector,
} from "./messages.js";
import { ClientGone, CONTENT, type Peer, record, TLS_1_2 } from "./peer.js";
import type { Script, Step } from "./script.js";

const MAX_RECORD = 16_384;

export class Tls12Server {
	readonly peer: Peer;
	private readonly script: Script;
	private readonly keyAgreement = createECDH("prime256v1");
	private readonly transcript: Buffer[] = [];
	private keys: TrafficKeys | undefined;
	private master: Buffer = Buffer.alloc(48);
	private protects = false;
	private hello: ClientHello | undefined;
	private random: Buffer = randomBytes(32);
	private extendedMasterSecret = false;
	/** The client's Finished record, as it stood on the wire. */
	clientFinished: Buffer = Buffer.alloc(0);

	constructor(peer: Peer, script: Script) {
		this.peer = peer;
		this.script = script;
		peer.writeSize = script.writeSize ?? Number.POSITIVE_INFINITY;
	}

	/** @throws {ClientGone} when the client has had enough. */
	async run(): Promise<void> {
		const client = await this.readHello();
		await this.perform(this.firstFlight(client));
		await this.readKeyExchange();
		await this.perform(this.lastFlight());
		await this.answer();
	}

	async readHello(): Promise<ClientHello> {
		const { type, body } = await this.peer.nextRecord();
		if (type !== CONTENT.handshake || body[0] !== HANDSHAKE.clientHello)
			throw new ClientGone(`expected a ClientHello, got a record of type ${type}`);
		this.transcript.push(body);
		this.hello = readClientHello(body);
		return this.hello;
	}

	/** Does one step after the other. @throws {ClientGone} after a step that closes. */
	async perform(steps: readonly Step[]): Promise<void> {
		for (const step of steps) {
			if (step.kind === "close") {
				await this.peer.finish();
				throw new ClientGone("closed by the script");
			}
			if (step.kind === "reset") {
				this.peer.reset();
				throw new ClientGone("reset by the script");
			}
			this.emit(step);
		}
	}

	private emit(step: Exclude<Step, { kind: "close" | "reset" }>): void {
		if (step.kind === "raw") this.peer.write(step.bytes);
		else if (step.kind === "record") this.sendRecord(step.type, step.body);
		else if (step.kind === "change-cipher-spec") {
			this.sendRecord(CONTENT.changeCipherSpec, Buffer.of(1));
			this.protects = true;
		} else this.sendMessage(step);
	}

	private sendMessage(step: Extract<Step, { kind: "message" }>): void {
		const honest = message(step.type, step.body());
		if (step.type !== HANDSHAKE.helloRequest) this.transcript.push(honest);
		const bytes = step.wire === undefined ? honest : step.wire(honest);
		for (let offset = 0; offset < bytes.length; offset += MAX_RECORD)
			this.sendRecord(CONTENT.handshake, bytes.subarray(offset, offset + MAX_RECORD));
	}

	private sendRecord(type: number, body: Uint8Array): void {
		this.peer.write(record(type, this.protects ? this.trafficKeys().server.seal(type, body) : body));
	}

	/** Keys as they are; before a key exchange those of an empty master secret, which a forger knows as well. */
	private trafficKeys(): TrafficKeys {
		this.keys ??= trafficKeys(this.master, this.randoms());
		return this.keys;
	}

	private randoms(): Randoms {
		return { client: this.hello?.random ?? Buffer.alloc(32), server: this.random };
	}

	private firstFlight(client: ClientHello): readonly Step[] {
		const hello = this.serverHello(client);
		this.random = hello.random;
		const list = certificateList(this.script.chain);
		const certificate = this.script.certificate?.(list) ?? list;
		const steps: readonly Step[] = [
			{ kind: "message", type: HANDSHAKE.serverHello, body: () => serverHello(hello) },
			{ kind: "message", type: HANDSHAKE.certificate, body: () => certificate },
			{ kind: "message", type: HANDSHAKE.serverKeyExchange, body: () => this.keyExchange() },
			{ kind: "message", type: HANDSHAKE.serverHelloDone, body: () => Buffer.alloc(0) },
		];
		if (this.script.oneRecord === true) return [this.packed(steps)];
		return this.script.firstFlight?.(steps, this) ?? steps;
	}

	private packed(steps: readonly Step[]): Step {
		const messages = steps.flatMap((step) => (step.kind === "message" ? [message(step.type, step.body())] : []));
		this.transcript.push(...messages);
		return { kind: "record", type: CONTENT.handshake, body: Buffer.concat(messages) };
	}

	private serverHello(client: ClientHello): ServerHello {
		const { extensions, cipherSuites } = client;
		const secure = extensions.has(EXTENSION.renegotiationInfo) || cipherSuites.includes(SUITE.renegotiationSignal);
		this.extendedMasterSecret = extensions.has(EXTENSION.extendedMasterSecret);
		const ticket = this.script.ticket === true && extensions.has(EXTENSION.sessionTicket);
		const [protocol] = client.protocols;
		const hello: ServerHello = {
			version: TLS_1_2,
			random: this.random,
			sessionId: Buffer.alloc(0),
			cipherSuite:
				this.script.identity.privateKey.asymmetricKeyType === "rsa"
					? SUITE.ecdheRsaAes128GcmSha256
					: SUITE.ecdheEcdsaAes128GcmSha256,
			compression: 0,
			extensions: [
				...(secure ? [helloExtension(EXTENSION.renegotiationInfo, Buffer.of(0))] : []),
				...(this.extendedMasterSecret ? [helloExtension(EXTENSION.extendedMasterSecret)] : []),
				...(ticket ? [helloExtension(EXTENSION.sessionTicket)] : []),
				...(protocol === undefined ? [] : [alpnExtension(protocol)]),
			],
		};
		return this.script.hello?.(hello, client) ?? hello;
	}

	private keyExchange(): Buffer {
		const { identity } = this.script;
		const point = this.keyAgreement.generateKeys();
		const parameters = namedCurve(23, point);
		const exchange: KeyExchange = { identity, randoms: this.randoms(), point, parameters };
		return this.script.keyExchange?.(exchange) ?? signedKeyExchange(exchange);
	}

	private async readKeyExchange(): Promise<void> {
		const { type, body } = await this.peer.nextRecord();
		if (type !== CONTENT.handshake || body[0] !== HANDSHAKE.clientKeyExchange) return await this.refusal(type, body);
		this.transcript.push(body);
		const premaster = this.script.premaster ?? this.keyAgreement.computeSecret(body.subarray(5));
		const hash = this.extendedMasterSecret ? transcriptHash(this.transcript) : undefined;
		this.master = masterSecret(premaster, this.randoms(), hash);
		this.keys = trafficKeys(this.master, this.randoms());
		await this.expect(CONTENT.changeCipherSpec);
		const finished = await this.expect(CONTENT.handshake);
		this.clientFinished = record(CONTENT.handshake, finished);
		this.transcript.push(await this.opened(CONTENT.handshake, finished));
	}

	/** What a record of the client holds; one that does not open ends the connection. */
	private async opened(type: number, body: Buffer): Promise<Buffer> {
		try {
			return this.trafficKeys().client.open(type, body);
		} catch {
			// Another secret than ours, or a record that is too short: to be told from nothing the client might send.
			return await this.refusal(type, body);
		}
	}

	private async expect(wanted: number): Promise<Buffer> {
		const { type, body } = await this.peer.nextRecord();
		return type === wanted ? body : await this.refusal(type, body);
	}

	/** The client said something else than the protocol's next word: kept, and heard to the end. */
	private async refusal(type: number, body: Buffer): Promise<never> {
		if (type === CONTENT.applicationData) this.peer.plaintext.push(body);
		await this.peer.finish();
		throw new ClientGone(`the client sent a record of type ${type}`);
	}

	private lastFlight(): readonly Step[] {
		const offered = this.hello?.extensions.has(EXTENSION.sessionTicket) === true;
		const ticket = Buffer.concat([uint(3600, 4), vector(2, randomBytes(160))]);
		const steps: readonly Step[] = [
			...(this.script.ticket === true && offered
				? [{ kind: "message" as const, type: HANDSHAKE.newSessionTicket, body: () => ticket }]
				: []),
			{ kind: "change-cipher-spec" },
			{ kind: "message", type: HANDSHAKE.finished, body: () => this.finished() },
		];
		return this.script.lastFlight?.(steps, this) ?? steps;
	}

	private finished(): Buffer {
		const honest = verifyData(this.master, "server", this.transcript);
		return this.script.finished?.(honest, this) ?? honest;
	}

	/** verify_data as the client computes its own: what a server must not be able to send back. */
	clientVerifyData(): Buffer {
		return verifyData(this.master, "client", this.transcript);
	}

	/** Hears what the client says, answers, closes in order. */
	private async answer(): Promise<void> {
		const { type, body } = await this.peer.nextRecord();
		const request = await this.opened(type, body);
		if (type === CONTENT.applicationData) {
			this.peer.plaintext.push(request);
			if (this.script.afterwards !== undefined) return await this.perform(this.script.afterwards());
			this.sendData(this.script.answer ?? request);
			this.sendRecord(CONTENT.alert, Buffer.of(1, 0));
		}
		await this.peer.finish();
	}

	private sendData(bytes: Buffer): void {
		const size = this.script.recordSize ?? MAX_RECORD;
		for (let offset = 0; offset < bytes.length; offset += size)
			this.sendRecord(CONTENT.applicationData, bytes.subarray(offset, offset + size));
	}
}
