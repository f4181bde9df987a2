/**
 * The engine as a client under test, for test files that can do without it.
 * @module
 */
import test from "ava";
import { NativeUnavailableError } from "../native/programs.js";
import { NativeClient } from "./native-client.js";

/** `undefined` where the engine cannot be built: one line says so, and with CI=true a test fails. */
export async function nativeClientOrSay(): Promise<NativeClient | undefined> {
	try {
		return await NativeClient.start();
	} catch (error) {
		if (!(error instanceof NativeUnavailableError)) throw error;
		const line = `NOT TRIED AGAINST THE ENGINE: ${error.message}`;
		process.stderr.write(`${line}\n`);
		test(`left out: ${line}`, (t) => (process.env["CI"] === "true" ? t.fail(line) : t.pass()));
		return undefined;
	}
}
