import test from "ava";
import fc from "fast-check";
import { printable } from "../../src/policy/index.js";

test("leaves ordinary text of any script as it is", (t) => {
	t.is(printable("devices/tök 😀 木"), "devices/tök 😀 木");
});

test("shows what acts on a terminal by its number", (t) => {
	t.is(printable("a\u0000\n\u001b\u009b\u2028\u202e\ufeff"), "a\\u{0}\\u{a}\\u{1b}\\u{9b}\\u{2028}\\u{202e}\\u{feff}");
});

test("cuts very long text and tells its length", (t) => {
	t.is(printable("x".repeat(300)), `${"x".repeat(256)}... (300 characters)`);
});

test("never lets a control character through", (t) => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
			t.notRegex(printable(text), /[\p{Cc}\p{Cs}]/u);
		}),
	);
});
