/**
 * The packet language of the Mosquitto project's test data, as `vectors/mqtt/README.md` describes it.
 * @module
 */

interface Step {
	readonly type: "send" | "recv" | "external_publish";
	readonly payload: string;
	readonly topic?: string;
	readonly qos?: 0 | 1;
}

export interface VectorTest {
	readonly name: string;
	readonly ver?: number;
	readonly connect?: boolean;
	readonly expect_disconnect?: boolean;
	readonly disable?: boolean;
	readonly msgs: readonly Step[];
}

export interface VectorGroup extends Omit<VectorTest, "name" | "msgs"> {
	readonly group: string;
	readonly tests: readonly VectorTest[];
}

/** The bytes of one payload. */
export function packetBytes(text: string): Buffer {
	const tokens = text.matchAll(/'([^']*)'|\S+/g);
	return Buffer.concat(Array.from(tokens, ([token, quoted]) => tokenBytes(token, quoted)));
}

function tokenBytes(token: string, quoted: string | undefined): Buffer {
	if (quoted !== undefined) return Buffer.from(quoted);
	const value = Number(token.slice(1));
	if (/^i\d/.test(token)) return Buffer.from([value]);
	if (/^[Hkms]\d/.test(token)) return bigEndian(value, 2);
	if (/^L\d/.test(token)) return bigEndian(value, 4);
	if (/^[rv]\d/.test(token)) return variable(value);
	return Buffer.from(token, "hex");
}

function bigEndian(value: number, length: number): Buffer {
	const bytes = Buffer.alloc(length);
	bytes.writeUIntBE(value, 0, length);
	return bytes;
}

function variable(value: number): Buffer {
	const digits: number[] = [];
	let rest = value;
	do {
		digits.push((rest % 128) + (rest < 128 ? 0 : 128));
		rest = Math.floor(rest / 128);
	} while (rest > 0);
	return Buffer.from(digits);
}
