/**
 * The device's TLS in the real engine against every server.
 * @module
 */
import test from "ava";
import { findNativeEngine } from "../xs/engine-test.js";
import type { BadServer } from "./bad-server.js";
import { DeviceClient } from "./device-client.js";
import { testServers } from "./servers-test.js";

/** TCP that is reset before the socket was told that it is connected ends in TCP's own word. */
function expected({ refusedWith }: BadServer): readonly string[] {
	return refusedWith.includes("truncated") ? [...refusedWith, "closed"] : refusedWith;
}

const engine = await findNativeEngine();
if (engine !== undefined) {
	const client = await DeviceClient.start(engine);
	await testServers(client, { expected });
	test("the machine has come to no harm", async (t) => {
		await t.notThrowsAsync(() => client.stop());
	});
}
