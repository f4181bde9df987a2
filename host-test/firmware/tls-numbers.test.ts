/**
 * What the C engine and TypeScript call the same thing has the same number.
 * @module
 */
import { readFileSync } from "node:fs";
import test from "ava";
import { TLS_STATE } from "../../src/firmware/native/tls-engine.js";
import { TLS_FAILURE } from "../../src/firmware/native/tls-failure.js";

const header = readFileSync(new URL("../../src/firmware/native/tls_engine.h", import.meta.url), "utf8");

/** The constants of the header that begin with `prefix`: names in kebab-case, numbers. */
function constants(prefix: string): Record<string, number> {
	const found = [...header.matchAll(new RegExp(`\\b${prefix}_([A-Z_]+) = (\\d+)`, "g"))];
	return Object.fromEntries(
		found.map(([, name, number]) => [name!.toLowerCase().replaceAll("_", "-"), Number(number)]),
	);
}

test("every failure of the engine has its name, and every name its failure", (t) => {
	t.deepEqual(constants("TLS_FAILURE"), { ...TLS_FAILURE });
});

test("the engine's states are those of TypeScript", (t) => {
	const { "peer-closed": peerClosed, ...others } = constants("TLS_STATE");
	t.deepEqual({ ...others, peerClosed }, { ...TLS_STATE });
});
