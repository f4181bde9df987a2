/**
 * Events as lines.
 * @module
 */
import { DeviceError } from "../../src/device/device-error.js";
import { consoleLine } from "../../src/firmware/console-line.js";
import type { Cases } from "../device/case.js";

export const cases: Cases = {
	"an event is one line of JSON"(check) {
		check.is(
			consoleLine({ event: "over", outcome: { kind: "network" }, retryIn: 1200 }),
			'{"event":"over","outcome":{"kind":"network"},"retryIn":1200}',
		);
		check.is(consoleLine({ text: "two\nlines" }).includes("\n"), false);
	},

	"what is absent is left out"(check) {
		check.is(consoleLine({ event: "x", reason: undefined }), '{"event":"x"}');
	},

	"bytes are told by their number"(check) {
		const packet = { topic: "t", payload: Uint8Array.of(1, 2, 3), raw: new ArrayBuffer(9) };
		check.is(consoleLine({ packet }), '{"packet":{"topic":"t","payload":"3 bytes","raw":"9 bytes"}}');
	},

	"an error is told by what helps, not by its stack"(check) {
		const error = new DeviceError({ code: "busy", step: "link", cause: "too much", remedy: "wait" });
		check.is(consoleLine({ error }), '{"error":{"code":"busy","step":"link","message":"too much","remedy":"wait"}}');
		check.is(consoleLine({ error: new TypeError("no") }), '{"error":"TypeError: no"}');
	},

	"a number that JSON does not have is told as its digits"(check) {
		check.is(consoleLine({ n: 12n }), '{"n":"12"}');
	},
};
