/**
 * The servers that no client may trust, in one table: every one is to be refused, with its code, before a byte of
 * application data has left the client.
 * @module
 */
import { alerts } from "./attacks/alerts.js";
import { certificateMessages } from "./attacks/certificate-message.js";
import { certificates } from "./attacks/certificates.js";
import { closings } from "./attacks/closing.js";
import { hellos } from "./attacks/hello.js";
import { inTheMiddle } from "./attacks/in-the-middle.js";
import { issuers } from "./attacks/issuers.js";
import { keyExchanges } from "./attacks/key-exchange.js";
import { names } from "./attacks/names.js";
import { notTls } from "./attacks/not-tls.js";
import { openssl } from "./attacks/openssl.js";
import { orders } from "./attacks/order.js";
import type { BadServer } from "./bad-server.js";

export const badServers: readonly BadServer[] = [
	...issuers,
	...names,
	...certificates,
	...certificateMessages,
	...keyExchanges,
	...hellos,
	...orders,
	...inTheMiddle,
	...openssl,
	...notTls,
	...closings,
	...alerts,
];
