import test from "ava";
import fc from "fast-check";
import { mapTexts, textParts } from "../../src/deployment/own-arns.js";

const OWN = { accountId: "123456789012", region: "eu-west-1", partition: "aws" };
const VALUES = { partition: "P", region: "R", account: "A" };

/** The text as it is in partition P, region R and account A. */
function deployed(text: string): string {
	return textParts(text, OWN)
		.map((part) => (typeof part === "string" ? part : VALUES[part.pseudo]))
		.join("");
}

const ARNS: readonly (readonly [here: string, there: string])[] = [
	["arn:aws:iot:eu-west-1:123456789012:client/a", "arn:P:iot:R:A:client/a"],
	["arn:aws:iot:*:123456789012:client/a", "arn:P:iot:*:A:client/a"],
	["arn:aws:iot:eu-west-1:*:client/a", "arn:P:iot:R:*:client/a"],
	["arn:*:iot:eu-west-1:123456789012:*", "arn:*:iot:R:A:*"],
	["arn:aws:iam::123456789012:root", "arn:P:iam::A:root"],
	["arn:aws:iot:us-east-1:123456789012:client/a", "arn:aws:iot:us-east-1:123456789012:client/a"],
	["arn:aws:iot:eu-west-1:000000000001:client/a", "arn:aws:iot:eu-west-1:000000000001:client/a"],
	["arn:aws:iot:*:*:client/a", "arn:aws:iot:*:*:client/a"],
	["arn:aws:s3:::bucket", "arn:aws:s3:::bucket"],
	["123456789012", "123456789012"],
	["*", "*"],
];
for (const [here, there] of ARNS) {
	test(`${here} is ${there} where it is deployed`, (t) => {
		t.is(deployed(here), there);
	});
}

test("deployed to the account itself, every text is as it was", (t) => {
	const piece = fc.oneof(
		fc.constantFrom("arn:", "aws:", "iot:", "eu-west-1:", "123456789012:", "*", "$", "{"),
		fc.string(),
	);
	const same = { partition: "aws", region: "eu-west-1", account: "123456789012" };
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
			const text = pieces.join("");
			const parts = textParts(text, OWN).map((part) => (typeof part === "string" ? part : same[part.pseudo]));
			t.is(parts.join(""), text);
		}),
	);
});

test("texts are replaced wherever they stand, and nothing else", (t) => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			t.deepEqual(
				mapTexts(value, (text) => text),
				value,
			);
			JSON.stringify(
				mapTexts(value, () => 1),
				(_, member) => {
					t.not(typeof member, "string");
					return member;
				},
			);
		}),
	);
});
