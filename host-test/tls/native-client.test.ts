/**
 * The device's own TLS engine, built with the address and undefined-behaviour sanitizers, against every server.
 * @module
 */
import test from "ava";
import { nativeClientOrSay } from "./native-client-test.js";
import { testServers } from "./servers-test.js";

const client = await nativeClientOrSay();
if (client !== undefined) {
	await testServers(client);
	test("the sanitizers have found nothing", async (t) => {
		await t.notThrowsAsync(() => client.stop());
	});
}
