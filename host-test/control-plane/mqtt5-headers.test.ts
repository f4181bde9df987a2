/**
 * Headers of the data plane's Publish that carry base64: exactly what AWS's clients send, and nothing that only looks like it.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { ApiError } from "../../src/control-plane/errors.js";
import {
	readCorrelationData,
	readUserProperties,
	writeUserProperties,
} from "../../src/control-plane/iot-data/mqtt5-headers.js";

const NO_BASE64 = ["a", "YQ=", "YQ==YQ==", "Y Q=", "YWJj-_", "YWJj\n", "{}"];
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");

test("correlation data comes through byte by byte, padded or not", (t) => {
	const property = fc.property(fc.uint8Array(), (bytes) => {
		const text = base64(bytes);
		return [text, text.replace(/=+$/, "")].every((sent) => Buffer.from(readCorrelationData(sent)).equals(bytes));
	});
	fc.assert(property);
	t.pass();
});

for (const text of NO_BASE64) {
	test(`correlation data that is no base64 is refused: ${JSON.stringify(text)}`, (t) => {
		const error = t.throws(() => readCorrelationData(text), { instanceOf: ApiError });
		t.is(error?.type, "InvalidRequestException");
		t.is(error?.message, "Header x-amz-mqtt5-correlation-data: expected base64");
	});
}

test("user properties come through in their order, names more than once", (t) => {
	const pair = fc.tuple(fc.string(), fc.string());
	const property = fc.property(fc.array(pair), (properties) => {
		t.deepEqual(readUserProperties(writeUserProperties(properties)), properties);
	});
	fc.assert(property);
});

const NO_PROPERTIES: Readonly<Record<string, string>> = {
	...Object.fromEntries(NO_BASE64.map((text) => [`no base64 (${JSON.stringify(text)})`, text])),
	"base64 with something behind it": `${base64('[{"a":"b"}] ')}!`,
	"text that is no UTF-8": base64(Buffer.from('[{"a":"\xff"}]', "latin1")),
	"no JSON": base64("[{a:1}]"),
	"no list": base64('{"a":"b"}'),
	"a list of texts": base64('["a"]'),
	"a value that is no text": base64('[{"a":1}]'),
};
for (const [title, header] of Object.entries(NO_PROPERTIES)) {
	test(`user properties are refused without being repeated: ${title}`, (t) => {
		const error = t.throws(() => readUserProperties(header), { instanceOf: ApiError });
		t.is(error?.type, "InvalidRequestException");
		t.is(
			error?.message,
			'Header x-amz-mqtt5-user-properties: expected base64 of a JSON list such as [{"name": "value"}]',
		);
	});
}
