/**
 * node:tls, as the device uses it on Node, against every server of the tables.
 * @module
 */
import type { BadServer } from "./bad-server.js";
import { nodeClient } from "./node-client.js";
import { testServers } from "./servers-test.js";

/** Where the adapter does not tell the failure by its name it has four words; which of them is OpenSSL's choice. */
const WORDS = ["tls-trust", "tls-protocol", "tls-refused", "closed"];

/** Trust, where the certificate is what is wrong; otherwise any word that does not speak of the network. */
function expected({ refusedWith }: BadServer): readonly string[] {
	// INVALID_PURPOSE is also what OpenSSL says of an issuer that is none.
	const words = refusedWith[0].startsWith("certificate-") ? ["tls-trust", "tls-protocol", "certificate-usage"] : WORDS;
	return [...refusedWith, ...words];
}

await testServers(nodeClient, { expected });
