/**
 * Handshake messages of TLS 1.2 (RFC 5246 section 7.4): the client's read, the server's written.
 * @module
 */

export const HANDSHAKE = {
	helloRequest: 0,
	clientHello: 1,
	serverHello: 2,
	newSessionTicket: 4,
	certificate: 11,
	serverKeyExchange: 12,
	certificateRequest: 13,
	serverHelloDone: 14,
	certificateVerify: 15,
	clientKeyExchange: 16,
	finished: 20,
} as const;

export const EXTENSION = {
	serverName: 0,
	maxFragmentLength: 1,
	supportedGroups: 10,
	applicationLayerProtocolNegotiation: 16,
	heartbeat: 15,
	extendedMasterSecret: 23,
	sessionTicket: 35,
	supportedVersions: 43,
	keyShare: 51,
	renegotiationInfo: 0xff01,
} as const;

export const SUITE = {
	ecdheEcdsaAes128GcmSha256: 0xc02b,
	ecdheRsaAes128GcmSha256: 0xc02f,
	renegotiationSignal: 0x00ff,
} as const;

export interface ClientHello {
	readonly random: Buffer;
	readonly sessionId: Buffer;
	readonly cipherSuites: readonly number[];
	/** By extension number. */
	readonly extensions: ReadonlyMap<number, Buffer>;
	/** The ALPN names it offers, in order. */
	readonly protocols: readonly string[];
	/** Whether it would speak TLS 1.3. */
	readonly offersTls13: boolean;
}

/** @param message with its four bytes of header. */
export function readClientHello(message: Buffer): ClientHello {
	const reader = new Reader(message.subarray(4));
	reader.take(2);
	const random = reader.take(32);
	const sessionId = reader.vector(1);
	const suites = new Reader(reader.vector(2));
	const cipherSuites: number[] = [];
	while (suites.more) cipherSuites.push(suites.number(2));
	reader.vector(1);
	const extensions = new Map<number, Buffer>();
	const list = new Reader(reader.more ? reader.vector(2) : Buffer.alloc(0));
	while (list.more) extensions.set(list.number(2), list.vector(2));
	const versions = extensions.get(EXTENSION.supportedVersions) ?? Buffer.alloc(0);
	const protocols = namesIn(extensions.get(EXTENSION.applicationLayerProtocolNegotiation));
	return { random, sessionId, cipherSuites, extensions, protocols, offersTls13: versions.includes("0304", 0, "hex") };
}

function namesIn(extension: Buffer | undefined): string[] {
	if (extension === undefined) return [];
	const list = new Reader(new Reader(extension).vector(2));
	const names: string[] = [];
	while (list.more) names.push(list.vector(1).toString("latin1"));
	return names;
}

class Reader {
	private readonly bytes: Buffer;
	private offset = 0;

	constructor(bytes: Buffer) {
		this.bytes = bytes;
	}

	get more(): boolean {
		return this.offset < this.bytes.length;
	}

	take(count: number): Buffer {
		const end = this.offset + count;
		if (end > this.bytes.length) throw new RangeError(`ClientHello: expected ${count} more bytes`);
		const taken = this.bytes.subarray(this.offset, end);
		this.offset = end;
		return taken;
	}

	number(width: number): number {
		return this.take(width).readUIntBE(0, width);
	}

	vector(width: number): Buffer {
		return this.take(this.number(width));
	}
}

/** A number of `width` bytes. */
export function uint(value: number, width: number): Buffer {
	const bytes = Buffer.alloc(width);
	bytes.writeUIntBE(value, 0, width);
	return bytes;
}

/** Contents after their length, which has `width` bytes. */
export function vector(width: number, ...contents: readonly Uint8Array[]): Buffer {
	const body = Buffer.concat(contents);
	return Buffer.concat([uint(body.length, width), body]);
}

/** A handshake message with its header. */
export function message(type: number, body: Uint8Array): Buffer {
	return Buffer.concat([Buffer.of(type), uint(body.length, 3), body]);
}

/** One extension of a hello. */
export function helloExtension(type: number, body: Uint8Array = Buffer.alloc(0)): Buffer {
	return Buffer.concat([uint(type, 2), vector(2, body)]);
}

export function alpnExtension(...protocols: readonly string[]): Buffer {
	const names = protocols.map((protocol) => vector(1, Buffer.from(protocol, "latin1")));
	return helloExtension(EXTENSION.applicationLayerProtocolNegotiation, vector(2, ...names));
}

export interface ServerHello {
	readonly version: number;
	readonly random: Buffer;
	readonly sessionId: Buffer;
	readonly cipherSuite: number;
	readonly compression: number;
	readonly extensions: readonly Buffer[];
}

/** The body of a ServerHello. */
export function serverHello(hello: ServerHello): Buffer {
	return Buffer.concat([
		uint(hello.version, 2),
		hello.random,
		vector(1, hello.sessionId),
		uint(hello.cipherSuite, 2),
		Buffer.of(hello.compression),
		...(hello.extensions.length === 0 ? [] : [vector(2, ...hello.extensions)]),
	]);
}

/** The body of a Certificate message. */
export function certificateList(chain: readonly Buffer[]): Buffer {
	return vector(3, ...chain.map((certificate) => vector(3, certificate)));
}

/** SignatureAndHashAlgorithm values (RFC 5246 section 7.4.1.4.1). */
export const SCHEME = {
	none: 0x0000,
	rsaMd5: 0x0101,
	rsaSha1: 0x0201,
	rsaSha256: 0x0401,
	ecdsaSha1: 0x0203,
	ecdsaSha256: 0x0403,
	ecdsaSha384: 0x0503,
} as const;
