/** @module */
import test from "ava";
import { renderLine, tellDeviceEvent, tellGatewayEvent } from "../../src/cli/narration.js";
import { paintFor } from "../../src/cli/output.js";

const paint = paintFor({ isTTY: false });
const at = { at: 0, connection: "8d8ac610-566d-4ef0-9c22-186b2a5ed793" };

test("a client id or topic that would act on a terminal is shown by its number", (t) => {
	const client = "dev\u001b[2Jx\r\nforged line";
	const event = {
		...at,
		client,
		event: "published",
		publisher: "client",
		retain: false,
		topic: "a\u001b]0;x\u0007",
		qos: 0,
		bytes: 1,
		recipients: 0,
	} as const;
	const text = renderLine(paint, client, tellGatewayEvent(event)!);
	t.notRegex(text, /\p{Cc}/u);
	t.is(text.split("\n").length, 1);
	t.regex(text, /dev\\u\{1b\}\[2Jx/);
});

test("what is too long for its column goes on below, and no word of it is lost", (t) => {
	const cause = "word ".repeat(60).trim();
	const text = renderLine(paint, "device", { what: "refused", seen: cause, trouble: true, remedy: cause });
	t.is(text.match(/word/g)?.length, 120);
	t.true(text.split("\n").every((line) => line.length <= 110));
});

test("durations are in the unit that suits them", (t) => {
	const shown = (duration: number) =>
		renderLine(paint, "d", { what: "w", seen: "s", duration }).split(" ").slice(-2).join(" ");
	t.deepEqual([0.04, 9.94, 10, 999, 1500].map(shown), ["0.0 ms", "9.9 ms", "10 ms", "999 ms", "1.5 s"]);
});

test("a payload is shown as text only where it is short and plain", (t) => {
	const told = (payload: Uint8Array) =>
		tellDeviceEvent({
			event: "message",
			packet: { type: "publish", topic: "t", payload, qos: 0, retain: false, dup: false },
		})?.seen;
	t.is(told(Buffer.from('{"on":1}')), 't {"on":1}');
	t.is(told(Uint8Array.of(1, 2, 3)), "t (3 bytes)");
	t.is(told(new Uint8Array(100).fill(65)), "t (100 bytes)");
});
