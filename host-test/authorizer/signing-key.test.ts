import { generateKeyPairSync } from "node:crypto";
import test from "ava";
import { InvalidSigningKeyError, validateSigningKey } from "../../src/authorizer/index.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const spki = publicKey.export({ type: "spki", format: "pem" }).toString();

function messageOf(t: import("ava").ExecutionContext, pem: string): string {
	return t.throws(() => validateSigningKey("a", "k1", pem), { instanceOf: InvalidSigningKeyError }).message;
}

const NOT_RSA = "Authorizer a public key for key name k1 not a valid RSA key";
const INCONVERTIBLE = "Cannot convert public key PEM for authorizer a to RSA key";

test("takes a public key of 2048 bits and of more", (t) => {
	t.notThrows(() => validateSigningKey("a", "k1", spki));
	const longer = generateKeyPairSync("rsa", { modulusLength: 3072 }).publicKey;
	t.notThrows(() => validateSigningKey("a", "k1", longer.export({ type: "spki", format: "pem" }).toString()));
});

test("takes a key with other text before it, or with the line ends of Windows", (t) => {
	t.notThrows(() => validateSigningKey("a", "k1", `my key\n${spki}`));
	t.notThrows(() => validateSigningKey("a", "k1", spki.replaceAll("\n", "\r\n")));
});

test("takes an RSA PUBLIC KEY", (t) => {
	t.notThrows(() => validateSigningKey("a", "k1", publicKey.export({ type: "pkcs1", format: "pem" }).toString()));
});

test("refuses what is not PEM", (t) => {
	t.is(messageOf(t, ""), NOT_RSA);
	t.is(messageOf(t, "nonsense"), NOT_RSA);
});

test("refuses an elliptic-curve key", (t) => {
	const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
	t.is(messageOf(t, ec.export({ type: "spki", format: "pem" }).toString()), NOT_RSA);
});

test("refuses PEM on one line", (t) => {
	t.is(messageOf(t, spki.replaceAll("\n", "")), NOT_RSA);
});

test("refuses an indented BEGIN line", (t) => {
	t.is(messageOf(t, ` ${spki}`), NOT_RSA);
});

test("refuses a key of 1024 bits", (t) => {
	const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
	t.is(
		messageOf(t, short.export({ type: "spki", format: "pem" }).toString()),
		"Authorizer a public key for key name k1 invalid: Key must be 2048 bits but was 1024 bits",
	);
});

test("refuses a private key without a word of it", (t) => {
	t.is(messageOf(t, privateKey.export({ type: "pkcs8", format: "pem" }).toString()), INCONVERTIBLE);
	t.is(messageOf(t, privateKey.export({ type: "pkcs1", format: "pem" }).toString()), INCONVERTIBLE);
});

test("refuses a key without its END line", (t) => {
	t.is(messageOf(t, spki.replace(/-----END.*/, "")), INCONVERTIBLE);
});

test("refuses a key whose content is damaged", (t) => {
	t.is(messageOf(t, spki.replace(/\n.{40}/, "\n")), INCONVERTIBLE);
});

test("names the key at fault", (t) => {
	const error = t.throws(() => validateSigningKey("a", "k7", ""), { instanceOf: InvalidSigningKeyError });
	t.is(error.code, "invalid-signing-key");
	t.is(error.keyName, "k7");
});
