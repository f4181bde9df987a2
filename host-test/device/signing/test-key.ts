/**
 * An RSA-2048 key for portable cases, which cannot make one. It is the one of `host-test/bench/bench-key.ts`, made of a published
 * word: it protects nothing and signs nothing else.
 * @module
 */
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";

const PKCS1 =
	"MIIEpQIBAAKCAQEAxejGNoLgvbPg1gbnFsT5wlIeFOf8Ry24VKAP2tZHn/Q0fViYIEAlFw+ru9V8leEbbVXVNHdynuUpJ6Iy3/44LolwEfkL" +
	"SfEPSXWd50Fpc/7J0n4dc4gdHuJ/4BoLq+mKNf7B+cvDDIhjC6bJpku4pzT38XKvuB02/MLKG32GdWwbzdBx/bZWiQW8QSq8dJER3ulhH8Gd" +
	"W8lZp7c6hosvODiDaO+TYhnGpa985u5/FG+vsm3ca9sMOR//PumxU7Zs3WwmQeDdKrjuuE3FlngjREq/akyS8sYQTjmZint8oUmepr3OCd8X" +
	"i2BLXIFyCFm03iMQASpx19T02mdzE8XMpQIDAQABAoIBAQCAcdCi9FI0DJhxj81PQ8vtSCpp2x4qfAvUMIXZu5SExZODfopM9BSeYPdOUwIm" +
	"rBCG51wWTye+5G/PXz+xjGaeHWj04TNoa+FGBeXTfuqX89a8nEk1ADQWJV5k7cKBcnLXFF6EZrBSY/oUR8079o0DSCdbNtnAnoVfinRtXwxz" +
	"C+7I6WIudGiy+0reNYHCoEI/k63HWmiQ8RLi5NDK67QWJMpxYzZU+OJoCd82PeEo9yDAhRWvfxw0T/J7IbL8YmczCYVuhvasCOwyOkvNlrH9" +
	"AEZU8fmfGPsF+vEJfuESwRasvh+mGVlTbtGPsbIj+KcwZkM52d+Rx5rV9CKklwPJAoGBAP2LAApVjZwe2XoBOLMOq3d1MsRq43dAet+LKLdC" +
	"3ulTAxcQr2AUQVtH4/yl+MZfSc41zbtrVjjrSUwYJ/j7XlOYCwPD/hzCbzvjf4eeQzcYT0QfI33cf4AMxGIdqsZ7KmQt7onDaGIGf0O5Q08S" +
	"J7Gwl9y80whN/7xJ11pdg0brAoGBAMfTwXjPqZHjbQuOAYRcDNcFuxshIZtqUojeoDvV+Q3A8ljd+gYdTZuFyBY9Sz0vvEQfpj4hDR1vG/VZ" +
	"y1lt8WXbQ+GGg6L7XRbnTd/vETvvAt1Uw7Y2rUELK1Ywqi0hCo0xsyID8FnKBWm6Q0P4Z8z6pAkltiykpS0GAZgHCHavAoGBAJSqmI92st5E" +
	"SIj9hl2X0HrvQaFie5ZFPMcvNeSfVU3C2yD/K5ZOyjPX55sRRtoqrYA4lDW9LoWZkRUJZQbdfeXOVUcT+UCr0cVwFCtVZVw86N2s1IbMcAaJ" +
	"de2CL8zKE4VCWYh2CBLSdHUlgI4wuw252pIYNjW8ZqPlOF1IT92ZAoGAWc0kCTLptZJLEwJCVEU5z/fXWh3NiJaDeNbzk3BZeIDZaG55Sf4p" +
	"Plck0DnDcj/dj4/Zmdoolq20FtK/u/TYozmii9tzlO75qq1QJe6+A/0pgGXzfhOcULrAQv+jupw6rbFEG2lBvlg3jogSap1bqJaK2UGFWRK0" +
	"2EL2vGeMuikCgYEAogcFYSXc+QMUVSv+ctzya81CIJhcwGwPY74Wc7/V1mcO1qg8mvQJJChZAM7WMmzl7Hn1nOs4lUdhYGl9VyU35uMmAdAj" +
	"tf7Vzy453XKrXmr8SAsPLcGUDCd7tGlaDXPwIegVgYXZV2C4ZchLxfVBtdnv36X7+uD1FbpPqGAk/L0=";

/** Version 0 and RSA's AlgorithmIdentifier (RFC 5958 section 2, RFC 8017 appendix A.1). */
const PKCS8_HEAD = [
	0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/** DER of PKCS#1, a copy of its own each time. */
export function testKeyPkcs1(): Uint8Array {
	return base64Decode(PKCS1);
}

/** PEM of PKCS#1. */
export function testKeyPem(): string {
	return pem("RSA PRIVATE KEY", testKeyPkcs1());
}

/** PEM of PKCS#8. */
export function testKeyPkcs8Pem(): string {
	const key = testKeyPkcs1();
	return pem(
		"PRIVATE KEY",
		joined(headOf(0x30, PKCS8_HEAD.length + 4 + key.length), PKCS8_HEAD, headOf(0x04, key.length), key),
	);
}

/** Tag and length, of 256 to 65535 bytes of content. */
function headOf(tag: number, length: number): readonly number[] {
	return [tag, 0x82, length >> 8, length & 0xff];
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
	const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

function pem(label: string, der: Uint8Array): string {
	return `-----BEGIN ${label}-----\n${base64Encode(der)}\n-----END ${label}-----\n`;
}
