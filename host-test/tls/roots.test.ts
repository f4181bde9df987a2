/**
 * `certs/`: the public roots a device is given are what their authorities published.
 * @module
 */
import { createHash, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";

const FOLDER = new URL("../../certs/", import.meta.url);

/** SHA-256 of the DER, as Debian's ca-certificates (Mozilla's CA program) has the certificates. */
const FINGERPRINTS: Readonly<Record<string, readonly [subject: string, fingerprint: string]>> = {
	"amazon-root-ca-1.der": ["Amazon Root CA 1", "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e"],
	"amazon-root-ca-2.der": ["Amazon Root CA 2", "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4"],
	"amazon-root-ca-3.der": ["Amazon Root CA 3", "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4"],
	"amazon-root-ca-4.der": ["Amazon Root CA 4", "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092"],
	"starfield-services-root-g2.der": [
		"Starfield Services Root Certificate Authority - G2",
		"568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
	],
};

const certificateOf = (file: string): Buffer => readFileSync(new URL(file, FOLDER));

test("certs/ holds these roots and no other file but its page", (t) => {
	const files = readdirSync(FOLDER).filter((file) => file !== "README.md");
	t.deepEqual(files.sort(), Object.keys(FINGERPRINTS).sort());
});

for (const [file, [subject, fingerprint]] of Object.entries(FINGERPRINTS)) {
	test(`${file} is ${subject} by its fingerprint`, (t) => {
		t.is(createHash("sha256").update(certificateOf(file)).digest("hex"), fingerprint);
		t.true(new X509Certificate(certificateOf(file)).subject.endsWith(`CN=${subject}`));
	});

	test(`${file} is one DER certificate and nothing behind it`, (t) => {
		t.deepEqual(new X509Certificate(certificateOf(file)).raw, certificateOf(file));
	});

	test(`${file} is a CA's and signed by itself`, (t) => {
		const certificate = new X509Certificate(certificateOf(file));
		t.true(certificate.ca);
		t.is(certificate.issuer, certificate.subject);
		t.true(certificate.verify(certificate.publicKey));
	});

	test(`${file} is in date, for a year to come as well`, (t) => {
		const { validFrom, validTo } = new X509Certificate(certificateOf(file));
		t.true(Date.parse(validFrom) < Date.now());
		t.true(Date.parse(validTo) > Date.now() + 365 * 86_400_000);
	});
}

test("the page beside the roots tells the same fingerprints", (t) => {
	const page = readFileSync(fileURLToPath(new URL("README.md", FOLDER)), "utf8");
	for (const [file, [, fingerprint]] of Object.entries(FINGERPRINTS))
		t.regex(page, new RegExp(`\`${file}\`.*\`${fingerprint}\``), file);
});
