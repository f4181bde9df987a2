/**
 * Certificate extensions (RFC 5280 section 4.2), right and wrong ones.
 * @module
 */
import {
	bitString,
	boolean,
	element,
	explicit,
	implicit,
	integer,
	objectIdentifier,
	octetString,
	sequence,
	set,
	utf8String,
} from "./der.js";

/** One Extension, DER. */
export function extension(oid: string, critical: boolean, value: Uint8Array): Buffer {
	return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** @param pathLength how many issuers may follow below; none: any number. */
export function basicConstraints(ca: boolean, pathLength?: number | undefined): Buffer {
	const limit = pathLength === undefined ? [] : [integer(pathLength)];
	return extension("2.5.29.19", true, sequence(...(ca ? [boolean(true)] : []), ...limit));
}

/** Bits of KeyUsage (RFC 5280 section 4.2.1.3), most significant first. */
export const KEY_USAGE = {
	digitalSignature: 0x80,
	keyEncipherment: 0x20,
	keyAgreement: 0x08,
	keyCertSign: 0x04,
	crlSign: 0x02,
} as const;

export function keyUsage(bits: number): Buffer {
	return extension("2.5.29.15", true, bitString(Buffer.of(bits), trailingZeros(bits)));
}

function trailingZeros(bits: number): number {
	return bits === 0 ? 0 : 31 - Math.clz32(bits & -bits);
}

/** Purposes of ExtendedKeyUsage (RFC 5280 section 4.2.1.12). */
export const PURPOSE = {
	serverAuth: "1.3.6.1.5.5.7.3.1",
	clientAuth: "1.3.6.1.5.5.7.3.2",
	codeSigning: "1.3.6.1.5.5.7.3.3",
	ocspSigning: "1.3.6.1.5.5.7.3.9",
} as const;

export function extendedKeyUsage(...purposes: readonly string[]): Buffer {
	return extension("2.5.29.37", false, sequence(...purposes.map(objectIdentifier)));
}

/** One GeneralName (RFC 5280 section 4.2.1.6). */
export const generalName = {
	dns: (name: string): Buffer => implicit(2, Buffer.from(name, "latin1")),
	email: (name: string): Buffer => implicit(1, Buffer.from(name, "latin1")),
	uri: (name: string): Buffer => implicit(6, Buffer.from(name, "latin1")),
	address: (...bytes: readonly number[]): Buffer => implicit(7, Buffer.from(bytes)),
	directory: (commonName: string): Buffer => explicit(4, distinguishedName(commonName)),
	/** An otherName of a type nobody knows, with `text` as its value. */
	other: (text: string): Buffer =>
		element(0xa0, objectIdentifier("1.3.6.1.4.1.99999.1"), explicit(0, utf8String(text))),
};

export function subjectAlternativeName(...names: readonly Uint8Array[]): Buffer {
	return extension("2.5.29.17", false, sequence(...names));
}

/** dNSName entries alone. */
export function dnsNames(...names: readonly string[]): Buffer {
	return subjectAlternativeName(...names.map(generalName.dns));
}

/** @param subtrees dNSName constraints, such as `latchkey.test` (RFC 5280 section 4.2.1.10). */
export function nameConstraints(
	subtrees: { readonly permitted?: readonly string[]; readonly excluded?: readonly string[] },
	critical = true,
): Buffer {
	const list = (tag: number, names: readonly string[] | undefined): Buffer[] =>
		names === undefined ? [] : [explicit(tag, ...names.map((name) => sequence(generalName.dns(name))))];
	return extension("2.5.29.30", critical, sequence(...list(0, subtrees.permitted), ...list(1, subtrees.excluded)));
}

/** An extension of a private arc that no software knows. */
export function unknownExtension(critical: boolean): Buffer {
	return extension("1.3.6.1.4.1.99999.2", critical, octetString(Buffer.from("unknown")));
}

/** A Name of one common name; `""` is the empty Name. */
export function distinguishedName(commonName: string): Buffer {
	if (commonName === "") return sequence();
	return sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(commonName))));
}
